// SPDX-License-Identifier: Apache-2.0
// How many log events one core decodes from PutLogEvents of 512: JSON lines of the measured load,
// and plain text lines.
// link: doors/cloudwatch doors/otlp
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "doors/cloudwatch/decode.h"
#include "doors/otlp/decode.h"
#include "load/shape.h"
#include "wire/json.h"

namespace {

constexpr size_t kRecords = 512;
constexpr int64_t kNowMs = 1'795'521'600'000;

std::string MakeRequest(const std::vector<std::string>& lines) {
  skep::JsonWriter out;
  out.BeginObject();
  out.Field("logGroupName", "backend");
  out.Field("logStreamName", "host/app/4711");
  out.Key("logEvents");
  out.BeginArray();
  int64_t time_ms = kNowMs;
  for (const std::string& line : lines) {
    out.BeginObject();
    out.Field("timestamp", time_ms++);
    out.Field("message", line);
    out.EndObject();
  }
  out.EndArray();
  out.EndObject();
  return out.Take();
}

// The bodies of the lines that the load sends by OTLP.
std::vector<std::string> JsonLines(skep::load::LogLoad* load) {
  const auto batch = skep::otlp::Decode(
      skep::otlp::SignalType::kLogs, skep::otlp::Encoding::kProtobuf,
      skep::Bytes(load->Next(kRecords)), {.receive_time_ns = kNowMs, .context = {}}, {});
  std::vector<std::string> lines;
  if (batch)
    for (const skep::Record& record : batch->records()) lines.emplace_back(record.body);
  return lines;
}

std::vector<std::string> TextLines() {
  std::vector<std::string> lines;
  for (size_t i = 0; i < kRecords; ++i)
    lines.push_back("2026-11-24 12:00:00,123 - backend.views - INFO - GET /api/activities/home " +
                    std::to_string(i) + " 200 in 0.134 s for andrewbrown at 10.1.2.3" +
                    (i % 2 == 0 ? " trace_id=4bf92f3577b34da6a3ce929d0e0e4736 "
                                  "span_id=00f067aa0ba902b7"
                                : ""));
  return lines;
}

void Run(benchmark::State& state, const std::vector<std::string>& requests) {
  size_t at = 0;
  int64_t bytes = 0;
  for (auto _ : state) {
    const std::string& request = requests[at++ % requests.size()];
    bytes += static_cast<int64_t>(request.size());
    auto batch = skep::cloudwatch::DecodePutLogEvents(skep::Bytes(request), {}, {});
    if (!batch || batch->records().size() != kRecords)
      state.SkipWithError("the request was refused");
    benchmark::DoNotOptimize(batch->records().data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kRecords));
  state.SetBytesProcessed(bytes);
  state.counters["bytes_per_record"] =
      static_cast<double>(bytes) / static_cast<double>(state.iterations()) / kRecords;
}

void BM_DecodeJsonLines(benchmark::State& state) {
  skep::load::LoadOptions options;
  options.end_time_ns = kNowMs * 1'000'000;
  skep::load::LogLoad load(options);
  std::vector<std::string> requests;
  for (int i = 0; i < 32; ++i) requests.push_back(MakeRequest(JsonLines(&load)));
  Run(state, requests);
}
void BM_DecodeTextLines(benchmark::State& state) { Run(state, {MakeRequest(TextLines())}); }

BENCHMARK(BM_DecodeJsonLines);
BENCHMARK(BM_DecodeTextLines);

}  // namespace

BENCHMARK_MAIN();
