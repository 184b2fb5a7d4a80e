// SPDX-License-Identifier: Apache-2.0
// How many spans and lines one core decodes from OTLP requests of 512, in protobuf.
// link: doors/otlp
#include <benchmark/benchmark.h>

#include <string>

#include "doors/otlp/decode.h"
#include "load/shape.h"

namespace {

constexpr size_t kRecords = 512;
constexpr int64_t kNowNs = 1'795'521'600'000'000'000;

std::vector<std::string> MakeRequests(skep::otlp::SignalType signal) {
  skep::load::LoadOptions options;
  options.end_time_ns = kNowNs;
  skep::load::SpanLoad spans(options);
  skep::load::LogLoad lines(options);
  std::vector<std::string> requests;
  for (int i = 0; i < 32; ++i)
    requests.emplace_back(signal == skep::otlp::SignalType::kTraces ? spans.Next(kRecords)
                                                                    : lines.Next(kRecords));
  return requests;
}

void Run(benchmark::State& state, skep::otlp::SignalType signal) {
  const std::vector<std::string> requests = MakeRequests(signal);
  const skep::Limits limits;
  size_t at = 0;
  int64_t bytes = 0;
  for (auto _ : state) {
    const std::string& request = requests[at++ % requests.size()];
    bytes += static_cast<int64_t>(request.size());
    auto batch = skep::otlp::Decode(signal, skep::otlp::Encoding::kProtobuf, skep::Bytes(request),
                                    {.receive_time_ns = kNowNs, .context = {}}, limits);
    if (!batch || batch->records().size() < kRecords)
      state.SkipWithError("the request was refused");
    benchmark::DoNotOptimize(batch->records().data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kRecords));
  state.SetBytesProcessed(bytes);
  state.counters["bytes_per_record"] =
      static_cast<double>(bytes) / static_cast<double>(state.iterations()) / kRecords;
}

void BM_DecodeSpans(benchmark::State& state) { Run(state, skep::otlp::SignalType::kTraces); }
void BM_DecodeLines(benchmark::State& state) { Run(state, skep::otlp::SignalType::kLogs); }

BENCHMARK(BM_DecodeSpans);
BENCHMARK(BM_DecodeLines);

}  // namespace

BENCHMARK_MAIN();
