// SPDX-License-Identifier: Apache-2.0
// What a span costs the application: started, given 5 attributes of mixed types, ended, and let go.
// One iteration is one span; with 8 threads "real_time" is the wall time of a span divided by the
// threads, "cpu_time" what each costs its own thread.
#include <benchmark/benchmark.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "core/random_ids.h"
#include "delivery/http_client.h"
#include "otlp/pipeline.h"
#include "skep/sdk/otlp/exporter.h"
#include "skep/sdk/processor.h"
#include "skep/sdk/span_data.h"
#include "skep/sdk/tracer.h"

namespace skep::sdk {
namespace {

class NoOpProcessor final : public SpanProcessor {
 public:
  void OnEnd(const SpanData& span) noexcept override {
    benchmark::DoNotOptimize(span.attributes.data());
  }
  bool ForceFlush(std::chrono::milliseconds) noexcept override { return true; }
  bool Shutdown(std::chrono::milliseconds) noexcept override { return true; }
};

// A receiver that has everything at once: what is left is the exporter's own work.
class TakesAll final : public HttpClient {
 public:
  HttpResponse Do(const HttpRequest& request) override {
    benchmark::DoNotOptimize(request.body.data());
    HttpResponse response;
    response.status = 200;
    return response;
  }
};

enum class With { kNothing, kNoOp, kOtlp };

struct World {
  explicit World(With with) {
    if (with == With::kNoOp) provider.AddProcessor(std::make_unique<NoOpProcessor>());
    if (with == With::kOtlp) {
      const auto pipeline = std::make_shared<otlp::Pipeline>(
          "bench", otlp::ExporterOptions{.url = "http://receiver/v1/traces"},
          std::make_unique<TakesAll>());
      counters = pipeline->Counters();
      provider.AddProcessor(std::make_unique<otlp::SpanExporter>(pipeline));
    }
  }
  static World& Of(With with) {
    static World nothing(With::kNothing), no_op(With::kNoOp), otlp(With::kOtlp);
    return with == With::kNothing ? nothing : with == With::kNoOp ? no_op : otlp;
  }
  TracerProvider provider{{}};
  std::shared_ptr<const ExportCounters> counters;  // with the exporter
};

void FillAndEnd(Span& span) {
  span.SetAttribute("http.request.method", "POST");
  span.SetAttribute("http.response.status_code", 201);
  span.SetAttribute("app.user_handle", std::string_view("andrewbrown"));
  span.SetAttribute("app.cached", false);
  span.SetAttribute("app.seconds", 0.25);
  span.End();
}

void RootSpan(benchmark::State& state, With with) {
  const Tracer tracer = World::Of(with).provider.GetTracer("bench");
  for (auto _ : state) {
    Span span = tracer.StartSpan("create-activity");
    FillAndEnd(span);
  }
}

// The share of spans that the exporter had to drop shows whether it kept up.
void OtlpSpan(benchmark::State& state) {
  World& world = World::Of(With::kOtlp);
  const Tracer tracer = world.provider.GetTracer("bench");
  for (auto _ : state) {
    Span span = tracer.StartSpan("create-activity");
    FillAndEnd(span);
  }
  const auto accepted = static_cast<double>(world.counters->accepted);
  if (state.thread_index() == 0) {
    state.counters["dropped"] = static_cast<double>(world.counters->Dropped()) / accepted;
  }
}

void ChildSpan(benchmark::State& state, With with) {
  const Tracer tracer = World::Of(with).provider.GetTracer("bench");
  const ActiveSpan parent = tracer.StartActiveSpan("request");
  for (auto _ : state) {
    Span span = tracer.StartSpan("create-activity");
    FillAndEnd(span);
  }
}

void ActiveChildSpan(benchmark::State& state, With with) {
  const Tracer tracer = World::Of(with).provider.GetTracer("bench");
  const ActiveSpan parent = tracer.StartActiveSpan("request");
  for (auto _ : state) {
    ActiveSpan span = tracer.StartActiveSpan("create-activity");
    FillAndEnd(*span);
  }
}

void NotSampled(benchmark::State& state) {
  static TracerProvider provider({.sampler = AlwaysOffSampler()});
  const Tracer tracer = provider.GetTracer("bench");
  for (auto _ : state) {
    Span span = tracer.StartSpan("create-activity");
    FillAndEnd(span);
  }
}

void TwoClocks(benchmark::State& state) {
  const Clock& clock = Clock::System();
  for (auto _ : state) {
    benchmark::DoNotOptimize(clock.SteadyNanos());
    benchmark::DoNotOptimize(clock.SteadyNanos());
  }
}

void TwoIds(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(NewTraceId(1));
    benchmark::DoNotOptimize(NewSpanId());
  }
}

BENCHMARK_CAPTURE(RootSpan, no_processor, With::kNothing)->ThreadRange(1, 8);
BENCHMARK_CAPTURE(RootSpan, no_op_processor, With::kNoOp)->ThreadRange(1, 8);
BENCHMARK(OtlpSpan)->Threads(1)->Threads(8);
BENCHMARK_CAPTURE(ChildSpan, no_op_processor, With::kNoOp)->Threads(1)->Threads(8);
BENCHMARK_CAPTURE(ActiveChildSpan, no_op_processor, With::kNoOp)->Threads(1)->Threads(8);
BENCHMARK(NotSampled)->Threads(1)->Threads(8);
BENCHMARK(TwoClocks);
BENCHMARK(TwoIds);

}  // namespace
}  // namespace skep::sdk

BENCHMARK_MAIN();
