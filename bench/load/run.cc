// SPDX-License-Identifier: Apache-2.0
#include "load/run.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <thread>

#include "load/client.h"
#include "load/honeycomb_shape.h"
#include "load/shape.h"
#include "load/vendor_shape.h"

namespace skep::load {
namespace {

int64_t NowNs() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

uint16_t DefaultPort(Protocol protocol) {
  switch (protocol) {
    case Protocol::kOtlpHttp:
      return 4318;
    case Protocol::kOtlpGrpc:
      return 4317;
    case Protocol::kXrayUdp:
      return 2000;
    default:
      return 8080;
  }
}

Target TargetOf(const RunOptions& options) {
  const bool spans = options.records == Records::kSpans;
  Target target;
  target.host = options.host;
  target.port = options.port != 0 ? options.port : DefaultPort(options.protocol);
  switch (options.protocol) {
    case Protocol::kOtlpHttp:
      target.path = spans ? "/v1/traces" : "/v1/logs";
      target.headers = "content-type: application/x-protobuf\r\n";
      break;
    case Protocol::kOtlpGrpc:
      target.path = spans ? "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
                          : "/opentelemetry.proto.collector.logs.v1.LogsService/Export";
      break;
    case Protocol::kXray:
      target.path = "/TraceSegments";
      target.headers = "content-type: application/json\r\n";
      break;
    case Protocol::kXrayUdp:
      break;
    case Protocol::kCloudWatch:
      target.path = "/";
      target.headers =
          "content-type: application/x-amz-json-1.1\r\n"
          "x-amz-target: Logs_20140328.PutLogEvents\r\n";
      break;
    case Protocol::kRollbar:
      target.path = "/api/1/item/";
      target.headers = "content-type: application/json\r\n";
      break;
    case Protocol::kHoneycomb:
      target.path = "/1/batch/bench";
      target.headers = "content-type: application/json\r\nx-honeycomb-team: any\r\n";
      break;
    case Protocol::kHoneycombMsgpack:
      target.path = "/1/batch/bench";
      target.headers = "content-type: application/msgpack\r\nx-honeycomb-team: any\r\n";
      break;
  }
  return target;
}

std::unique_ptr<Client> MakeClient(Protocol protocol, const Target& target) {
  if (protocol == Protocol::kOtlpGrpc) return MakeGrpcClient(target);
  if (protocol == Protocol::kXrayUdp) return MakeDatagramClient(target);
  return MakeHttpClient(target);
}

std::unique_ptr<Load> MakeLoad(const RunOptions& options, const LoadOptions& load) {
  switch (options.protocol) {
    case Protocol::kXray:
      return MakeSegmentLoad(load);
    case Protocol::kXrayUdp:
      return MakeDatagramLoad(load);
    case Protocol::kCloudWatch:
      return MakeLogEventLoad(load);
    case Protocol::kRollbar:
      return MakeItemLoad(load);
    case Protocol::kHoneycomb:
    case Protocol::kHoneycombMsgpack:
      return MakeEventLoad(load, options.protocol == Protocol::kHoneycombMsgpack);
    default:
      break;
  }
  if (options.records == Records::kSpans) return std::make_unique<SpanLoad>(load);
  return std::make_unique<LogLoad>(load);
}

// One connection's part of the load.
class Worker {
 public:
  Worker(const RunOptions& options, size_t count, const LoadOptions& load)
      : options_(options),
        count_(count),
        load_(MakeLoad(options, load)),
        client_(MakeClient(options.protocol, TargetOf(options))) {}

  RunResult Run() {
    result_.started_ns = NowNs();
    for (size_t sent = 0; sent < count_; sent += options_.per_request) {
      const size_t records = std::min(options_.per_request, count_ - sent);
      SendOne(load_->Next(records), records);
      Pace(sent + records);
    }
    result_.ended_ns = NowNs();
    return std::move(result_);
  }

 private:
  void SendOne(std::string_view body, size_t records) {
    for (size_t attempt = 0; attempt < options_.tries_max; ++attempt) {
      const int64_t begin_ns = NowNs();
      const Reply reply = client_->Send(body);
      ++result_.statuses[reply.status];
      if (reply.accepted) {
        result_.latencies_ms.push_back(static_cast<double>(NowNs() - begin_ns) / 1e6);
        result_.records += records;
        result_.bytes += body.size();
        ++result_.requests;
        return;
      }
      if (!reply.retry) break;
      ++result_.retries;
      std::this_thread::sleep_for(
          std::chrono::duration<double>(std::clamp(reply.retry_after_s, 0.01, 60.0)));
    }
    ++result_.failed;
  }

  // Sleeps when this connection's part of `per_second` is more than made up for.
  void Pace(size_t sent) const {
    constexpr double kLeastS = 0.002;
    if (options_.per_second == 0) return;
    const double due_s =
        static_cast<double>(sent * options_.connections) / static_cast<double>(options_.per_second);
    const double ahead_s = due_s - static_cast<double>(NowNs() - result_.started_ns) / 1e9;
    if (ahead_s > kLeastS) std::this_thread::sleep_for(std::chrono::duration<double>(ahead_s));
  }

  const RunOptions options_;
  const size_t count_;
  std::unique_ptr<Load> load_;
  std::unique_ptr<Client> client_;
  RunResult result_;
};

void Merge(RunResult* all, RunResult part) {
  all->records += part.records;
  all->requests += part.requests;
  all->bytes += part.bytes;
  all->retries += part.retries;
  all->failed += part.failed;
  all->started_ns =
      all->started_ns == 0 ? part.started_ns : std::min(all->started_ns, part.started_ns);
  all->ended_ns = std::max(all->ended_ns, part.ended_ns);
  for (const auto& [status, count] : part.statuses) all->statuses[status] += count;
  all->latencies_ms.insert(all->latencies_ms.end(), part.latencies_ms.begin(),
                           part.latencies_ms.end());
}

}  // namespace

double RunResult::LatencyMs(double quantile) const {
  if (latencies_ms.empty()) return 0;
  const auto rank =
      static_cast<size_t>(std::ceil(quantile * static_cast<double>(latencies_ms.size())));
  return latencies_ms[std::clamp<size_t>(rank, 1, latencies_ms.size()) - 1];
}

RunResult Run(const RunOptions& options) {
  LoadOptions load;
  load.records_per_request = options.per_request;
  load.end_time_ns = NowNs();
  load.records_expected = std::max<size_t>(options.count / options.connections, 1);
  std::vector<std::unique_ptr<Worker>> workers;
  const size_t requests = (options.count + options.per_request - 1) / options.per_request;
  for (size_t i = 0; i < options.connections; ++i) {
    // Whole requests for each connection; the last, perhaps short one goes to the last.
    const size_t begin = requests * i / options.connections * options.per_request;
    const size_t end =
        std::min(requests * (i + 1) / options.connections * options.per_request, options.count);
    load.seed = options.seed * 1000 + i;
    workers.push_back(std::make_unique<Worker>(options, end - begin, load));
  }
  std::vector<RunResult> parts(workers.size());
  {
    std::vector<std::jthread> threads;
    for (size_t i = 0; i < workers.size(); ++i)
      threads.emplace_back([&, i] { parts[i] = workers[i]->Run(); });
  }
  RunResult all;
  for (RunResult& part : parts) Merge(&all, std::move(part));
  std::sort(all.latencies_ms.begin(), all.latencies_ms.end());
  return all;
}

}  // namespace skep::load
