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

enum class With { kNothing, kNoOp };

TracerProvider& ProviderWith(With with) {
  static const auto make = [](With what) {
    auto provider = std::make_unique<TracerProvider>(TracerProviderOptions{});
    if (what == With::kNoOp) provider->AddProcessor(std::make_unique<NoOpProcessor>());
    return provider;
  };
  static const auto nothing = make(With::kNothing);
  static const auto no_op = make(With::kNoOp);
  return with == With::kNothing ? *nothing : *no_op;
}

void FillAndEnd(Span& span) {
  span.SetAttribute("http.request.method", "POST");
  span.SetAttribute("http.response.status_code", 201);
  span.SetAttribute("app.user_handle", std::string_view("andrewbrown"));
  span.SetAttribute("app.cached", false);
  span.SetAttribute("app.seconds", 0.25);
  span.End();
}

void RootSpan(benchmark::State& state, With with) {
  const Tracer tracer = ProviderWith(with).GetTracer("bench");
  for (auto _ : state) {
    Span span = tracer.StartSpan("create-activity");
    FillAndEnd(span);
  }
}

void ChildSpan(benchmark::State& state, With with) {
  const Tracer tracer = ProviderWith(with).GetTracer("bench");
  const ActiveSpan parent = tracer.StartActiveSpan("request");
  for (auto _ : state) {
    Span span = tracer.StartSpan("create-activity");
    FillAndEnd(span);
  }
}

void ActiveChildSpan(benchmark::State& state, With with) {
  const Tracer tracer = ProviderWith(with).GetTracer("bench");
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
BENCHMARK_CAPTURE(ChildSpan, no_op_processor, With::kNoOp)->Threads(1)->Threads(8);
BENCHMARK_CAPTURE(ActiveChildSpan, no_op_processor, With::kNoOp)->Threads(1)->Threads(8);
BENCHMARK(NotSampled)->Threads(1)->Threads(8);
BENCHMARK(TwoClocks);
BENCHMARK(TwoIds);

}  // namespace
}  // namespace skep::sdk

BENCHMARK_MAIN();
