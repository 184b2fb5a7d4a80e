// SPDX-License-Identifier: Apache-2.0
// What a request costs that is reported to X-Ray, on one thread: a segment with two subsegments,
// two annotations and metadata; to an emitter that drops it, and as a datagram to a socket of this
// machine. And one sampling decision.
#include <arpa/inet.h>
#include <benchmark/benchmark.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <string>

#include "delivery/http_client.h"
#include "skep/sdk/xray/recorder.h"
#include "skep/sdk/xray/rule_sampler.h"

namespace skep::sdk::xray {
namespace {

class Drop : public Emitter {
 public:
  void Send(std::string_view document, uint32_t) noexcept override {
    benchmark::DoNotOptimize(document.size());
  }
  bool Flush(std::chrono::milliseconds) noexcept override { return true; }
  const std::shared_ptr<ExportCounters>& Counters() const noexcept override { return counters_; }

 private:
  const std::shared_ptr<ExportCounters> counters_ = std::make_shared<ExportCounters>();
};

void Request(Recorder& recorder) {
  auto segment = recorder.InSegment({}, {.host = "h", .method = "GET", .url_path = "/home"});
  segment->SetHttpRequest({.method = "GET", .url = "http://h/home", .user_agent = "curl/8"});
  {
    auto outer = recorder.InSubsegment("mock-data");
    outer->PutMetadata("results_size", 3);
    auto inner = recorder.InSubsegment("inner");
    inner->PutAnnotation("depth", 2);
  }
  segment->PutAnnotation("user_handle", "andrew");
  segment->SetHttpResponse(200, 8);
}

void BM_RequestDropped(benchmark::State& state) {
  Recorder recorder({.service = "shop", .sampling = false, .emitter = std::make_shared<Drop>()});
  for (auto _ : state) Request(recorder);
}
BENCHMARK(BM_RequestDropped);

void BM_RequestNotSampled(benchmark::State& state) {
  Recorder recorder({.service = "shop", .sampling = false, .emitter = std::make_shared<Drop>()});
  const TraceOrigin origin =
      TraceOrigin::Header("Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0");
  for (auto _ : state) {
    auto segment = recorder.InSegment({}, {.trace = origin});
    auto part = recorder.InSubsegment("part");
    part->PutAnnotation("depth", 2);
  }
}
BENCHMARK(BM_RequestNotSampled);

// The socket's buffer fills up and drops; what is measured is this side.
void BM_RequestAsDatagram(benchmark::State& state) {
  const int receiver = socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  if (bind(receiver, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
      getsockname(receiver, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
    state.SkipWithError("no socket");
    return;
  }
  Recorder recorder({.service = "shop",
                     .daemon_address = "127.0.0.1:" + std::to_string(ntohs(address.sin_port)),
                     .sampling = false});
  for (auto _ : state) Request(recorder);
  close(receiver);
}
BENCHMARK(BM_RequestAsDatagram);

class Rules : public HttpClient {
 public:
  HttpResponse Do(const HttpRequest&) override {
    HttpResponse response;
    response.status = 200;
    response.body = "{\"SamplingRuleRecords\":[";
    for (int i = 0; i < 25; ++i) {
      response.body += R"({"SamplingRule":{"RuleName":"rule)" + std::to_string(i) +
                       R"(","Version":1,"Priority":1,)" +
                       R"("FixedRate":0.5,"ReservoirSize":10,"URLPath":"/api/v)" +
                       std::to_string(i) + R"(/*"}},)";
    }
    response.body +=
        R"({"SamplingRule":{"RuleName":"Default","Version":1,"Priority":10000,"FixedRate":0.05}}]})";
    return response;
  }
};

void BM_DecideAfter25Rules(benchmark::State& state) {
  RuleSamplerOptions options;
  options.start_thread = false;
  RuleSampler sampler(std::move(options), std::make_unique<Rules>());
  sampler.RunOnce();
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        sampler.Decide({.host = "h", .method = "GET", .url_path = "/api/home"}));
  }
}
BENCHMARK(BM_DecideAfter25Rules);

}  // namespace
}  // namespace skep::sdk::xray

BENCHMARK_MAIN();
