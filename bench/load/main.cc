// SPDX-License-Identifier: Apache-2.0
// skep_load: makes the measured load against a running server and prints what it answered.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "load/run.h"
#include "wire/json.h"

namespace {

using skep::load::Protocol;
using skep::load::Records;
using skep::load::RunOptions;
using skep::load::RunResult;

constexpr char kHelp[] =
    "skep_load [OPTION VALUE]...\n"
    "  --protocol "
    "otlp-http|otlp-grpc|xray|xray-udp|cloudwatch|rollbar|honeycomb|honeycomb-msgpack\n"
    "                                   how (otlp-http)\n"
    "  --records spans|lines            over OTLP: traces of 3-13 spans, or log lines with a JSON "
    "body (spans)\n"
    "  --count N                        how many (1000000)\n"
    "  --per-request N                  in one request (512)\n"
    "  --per-second N                   no more than that many (0: as fast as they are answered)\n"
    "  --connections N                  each with one request in flight (4)\n"
    "  --host H --port P                where (127.0.0.1, the door's own)\n"
    "  --seed N                         (1)\n"
    "  --json                           one JSON object instead of text\n";

struct ProtocolName {
  std::string_view name;
  Protocol protocol;
};
constexpr ProtocolName kProtocols[] = {{"otlp-http", Protocol::kOtlpHttp},
                                       {"otlp-grpc", Protocol::kOtlpGrpc},
                                       {"xray", Protocol::kXray},
                                       {"xray-udp", Protocol::kXrayUdp},
                                       {"cloudwatch", Protocol::kCloudWatch},
                                       {"rollbar", Protocol::kRollbar},
                                       {"honeycomb", Protocol::kHoneycomb},
                                       {"honeycomb-msgpack", Protocol::kHoneycombMsgpack}};

template <typename T>
bool ParseNumber(std::string_view text, T* number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
  return error == std::errc() && end == text.data() + text.size() && *number > 0;
}

bool SetOption(std::string_view name, std::string_view value, RunOptions* options) {
  if (name == "--protocol") {
    for (const ProtocolName& known : kProtocols) {
      if (known.name != value) continue;
      options->protocol = known.protocol;
      return true;
    }
    return false;
  }
  if (name == "--records") {
    options->records = value == "lines" ? Records::kLines : Records::kSpans;
    return value == "lines" || value == "spans";
  }
  if (name == "--host") {
    options->host = value;
    return !value.empty();
  }
  if (name == "--port") return ParseNumber(value, &options->port);
  if (name == "--count") return ParseNumber(value, &options->count);
  if (name == "--per-request") return ParseNumber(value, &options->per_request);
  if (name == "--per-second") return ParseNumber(value, &options->per_second);
  if (name == "--connections") return ParseNumber(value, &options->connections);
  if (name == "--seed") return ParseNumber(value, &options->seed);
  return false;
}

double Seconds(const RunResult& result) {
  return static_cast<double>(result.ended_ns - result.started_ns) / 1e9;
}

double BytesEach(const RunResult& result) {
  return static_cast<double>(result.bytes) /
         static_cast<double>(std::max<size_t>(result.records, 1));
}

void PrintJson(const RunOptions& options, const RunResult& result) {
  skep::JsonWriter w;
  w.BeginObject();
  for (const ProtocolName& known : kProtocols)
    if (known.protocol == options.protocol) w.Field("protocol", known.name);
  w.Field("records", options.records == Records::kSpans ? "spans" : "lines");
  w.Field("seed", options.seed);
  w.Field("accepted", uint64_t{result.records});
  w.Field("requests", uint64_t{result.requests});
  w.Field("bytes", uint64_t{result.bytes});
  w.Field("bytes_per_record", BytesEach(result));
  w.Field("retries", uint64_t{result.retries});
  w.Field("failed", uint64_t{result.failed});
  w.Field("started_ns", result.started_ns);
  w.Field("ended_ns", result.ended_ns);
  w.Field("seconds", Seconds(result));
  w.Field("records_per_second", static_cast<double>(result.records) / Seconds(result));
  w.Key("latency_ms");
  w.BeginObject();
  w.Field("p50", result.LatencyMs(0.5));
  w.Field("p90", result.LatencyMs(0.9));
  w.Field("p99", result.LatencyMs(0.99));
  w.Field("max", result.LatencyMs(1));
  w.EndObject();
  w.Key("statuses");
  w.BeginObject();
  for (const auto& [status, count] : result.statuses) w.Field(status, uint64_t{count});
  w.EndObject();
  w.EndObject();
  fmt::print("{}\n", w.text());
}

void PrintText(const RunResult& result) {
  fmt::print("{} records in {} requests, {:.1f} bytes each, {:.2f} s, {:.0f} a second\n",
             result.records, result.requests, BytesEach(result), Seconds(result),
             static_cast<double>(result.records) / Seconds(result));
  fmt::print("answers p50 {:.2f} ms, p90 {:.2f}, p99 {:.2f}, max {:.2f}\n", result.LatencyMs(0.5),
             result.LatencyMs(0.9), result.LatencyMs(0.99), result.LatencyMs(1));
  for (const auto& [status, count] : result.statuses) fmt::print("  {}: {}\n", status, count);
  fmt::print("{} retries, {} requests given up\n", result.retries, result.failed);
}

}  // namespace

int main(int argc, char** argv) {
  RunOptions options;
  bool json = false;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--help") == 0) {
      std::fputs(kHelp, stdout);
      return 0;
    }
    if (std::strcmp(argv[i], "--json") == 0) {
      json = true;
      continue;
    }
    if (i + 1 == argc || !SetOption(argv[i], argv[i + 1], &options)) {
      fmt::print(stderr, "skep_load: {}: not understood\n{}", argv[i], kHelp);
      return 2;
    }
    ++i;
  }
  const bool singly =
      options.protocol == Protocol::kXrayUdp || options.protocol == Protocol::kRollbar;
  if (singly) options.per_request = 1;
  const RunResult result = skep::load::Run(options);
  if (json)
    PrintJson(options, result);
  else
    PrintText(result);
  return result.failed == 0 ? 0 : 1;
}
