// SPDX-License-Identifier: Apache-2.0
// What tests/e2e/test_sdk_xray.py runs: a program that reports to X-Ray. The argument says which
// request it serves; the trace id of each is a line of the output. Where the daemon is says
// AWS_XRAY_DAEMON_ADDRESS.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "skep/sdk/otlp/exporter.h"
#include "skep/sdk/resource.h"
#include "skep/sdk/tracer.h"
#include "skep/sdk/xray/recorder.h"
#include "skep/sdk/xray/rule_sampler.h"

namespace {

using namespace skep::sdk;

void Print(const xray::Entity& entity) { std::puts(entity.GetTraceId().Xray().c_str()); }

// The same as python_request of the test.
void Request(xray::Recorder& recorder) {
  auto segment = recorder.InSegment(
      {}, {.trace = xray::TraceOrigin::Header(
               "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1")});
  segment->SetUser("andrew");
  segment->SetHttpRequest({.method = "POST",
                           .url = "http://shop.test/api/activities?x=1",
                           .user_agent = "curl/8",
                           .client_ip = "203.0.113.7",
                           .x_forwarded_for = true});
  segment->PutAnnotation("user_handle", "andrew \"brown\" ünï").PutAnnotation("count", 3);
  segment->PutAnnotation("ratio", 0.25)
      .PutAnnotation("cached", false)
      .PutAnnotation("not-a-key", 1);
  segment->PutMetadata("now", "2026-11-28")
      .PutMetadata(
          "request",
          xray::Value::Object({{"headers", std::map<std::string, int>{{"a", 1}, {"b", 2}}},
                               {"list", xray::Value::Array({1, 2.5, nullptr, true, "x"})}}),
          "home");
  {
    auto outer = recorder.InSubsegment("mock-data");
    outer->PutMetadata("results_size", 3);
    auto query = recorder.InSubsegment("orders", {.name_space = xray::Namespace::kRemote});
    query->SetSql({.url = "postgresql://db/orders",
                   .sanitized_query = "SELECT ?",
                   .database_type = "PostgreSQL",
                   .user = "shop"});
  }
  {
    auto call = recorder.InSubsegment("logs", {.name_space = xray::Namespace::kAws});
    call->PutAws("operation", "DescribeLogGroups").PutAws("region", "us-east-1");
    call->SetHttpResponse(429, 12);
  }
  try {
    recorder.Capture("will-fail", [] { throw std::runtime_error("database went away"); });
  } catch (const std::exception& e) {
    segment->AddException(e);
  }
  segment->SetHttpResponse(500, 265);
  Print(*segment);
}

void Many(xray::Recorder& recorder) {
  auto segment = recorder.InSegment();
  for (int i = 0; i < 150; ++i)
    recorder.InSubsegment("step-" + std::to_string(i))->PutAnnotation("step", i);
  Print(*segment);
}

void Large(xray::Recorder& recorder) {
  auto segment = recorder.InSegment();
  for (int i = 0; i < 6; ++i) {
    recorder.InSubsegment("part-" + std::to_string(i))
        ->PutMetadata("page", std::string(30'000, 'x'));
  }
  segment->PutMetadata("small", 1).PutMetadata("huge", std::string(200'000, 'y'));
  Print(*segment);
}

// One that is still open when the program ends, and one that was open and ended.
void Open(xray::Recorder& recorder) {
  xray::Segment job = recorder.BeginSegment("job", {.send_in_progress = true});
  Print(job);
  auto segment = recorder.InSegment("shop", {.send_in_progress = true});
  recorder.InSubsegment("part");
  Print(*segment);
}

void Threads(xray::Recorder& recorder) {
  auto segment = recorder.InSegment();
  const Context context = Context::Current();
  std::thread worker([&recorder, context] {
    const ContextScope scope(context);
    auto part = recorder.InSubsegment("on another thread");
    recorder.InSubsegment("below it");
  });
  worker.join();
  Print(*segment);
}

// A span over OTLP, and the segment of the same request under it.
void Joined(xray::Recorder& recorder) {
  otlp::ExporterOptions exporting;
  exporting.url = std::string(std::getenv("OTEL_EXPORTER_OTLP_ENDPOINT")) + "/v1/traces";
  TracerProviderOptions tracing;
  tracing.resource = Resource::FromEnvironment();
  TracerProvider provider(std::move(tracing));
  provider.AddProcessor(std::make_unique<otlp::SpanExporter>(std::move(exporting)));
  StartOptions server;
  server.kind = SpanKind::kServer;
  {
    const ActiveSpan span = provider.GetTracer("shop").StartActiveSpan("GET /home", server);
    auto segment = recorder.InSegment({}, {.trace = xray::TraceOrigin::CurrentSpan()});
    recorder.InSubsegment("part");
    Print(*segment);
  }
  if (!provider.ForceFlush(std::chrono::seconds(60))) std::exit(3);
}

// Waits for the daemon's rules, then serves 20 requests of each path; a line has the path as well.
// Ends with the input.
int Rules() {
  xray::RuleSamplerOptions options;
  options.targets_interval = std::chrono::milliseconds(200);
  const auto sampler = std::make_shared<xray::RuleSampler>(std::move(options));
  xray::Recorder recorder({.service = "shop", .sampler = sampler});
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (sampler->Decide({.service = "shop", .url_path = "/probe"}).rule.empty()) {
    if (std::chrono::steady_clock::now() > deadline) return 5;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  for (const char* path : {"/kept", "/left"}) {
    for (int i = 0; i < 20; ++i) {
      auto segment = recorder.InSegment({}, {.method = "GET", .url_path = path});
      if (segment->IsSampled()) std::printf("%s %s\n", segment->GetTraceId().Xray().c_str(), path);
    }
  }
  std::fflush(stdout);
  std::getchar();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string mode = argc > 1 ? argv[1] : "";
  if (mode == "rules") return Rules();
  xray::Recorder recorder({.service = "shop", .sampling = false});
  const std::map<std::string, std::function<void(xray::Recorder&)>> modes = {
      {"request", Request}, {"many", Many},       {"large", Large},
      {"open", Open},       {"threads", Threads}, {"joined", Joined}};
  const auto found = modes.find(mode);
  if (found == modes.end()) return 2;
  found->second(recorder);
  if (!recorder.Flush(std::chrono::seconds(60))) return 3;
  return recorder.Counters().Dropped() == 0 ? 0 : 4;
}
