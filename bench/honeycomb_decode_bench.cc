// SPDX-License-Identifier: Apache-2.0
// How many events, as libhoney and the beelines send them, one core decodes: JSON and MessagePack
// of the same events, small ones and spans of twenty fields. link: doors/honeycomb
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <string>

#include "doors/honeycomb/decode.h"

namespace {

using skep::WireFormat;

std::string ReadFixture(const std::string& name) {
  std::ifstream in(SKEP_SOURCE_DIR "/tests/fixtures/honeycomb/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void RunDecode(benchmark::State& state, WireFormat format, const std::string& body) {
  const skep::Limits limits;
  const skep::honeycomb::EventContext context{"bench", 0, {}, {}};
  int64_t events = 0;
  for (auto _ : state) {
    skep::honeycomb::RequestBody request;
    if (!request.Parse(format, skep::Bytes(body), limits)) {
      state.SkipWithError("a batch was refused");
      return;
    }
    const auto decoded = request.Decode(context, 1'795'521'600'000'000'000);
    events += static_cast<int64_t>(decoded.batch.records().size());
    benchmark::DoNotOptimize(decoded.batch.records().data());
  }
  state.SetItemsProcessed(events);
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(body.size()));
}

// A hundred spans of a web request, as a beeline sends them.
std::string SpansJson() {
  std::string body = "[";
  for (int i = 0; i < 100; ++i) {
    body += fmt::format(
        R"({}{{"time":"2026-11-24T01:26:09.6{:05}Z","samplerate":1,"data":{{"name":"GET /orders",)"
        R"("trace.trace_id":"48d41e54db58c0817b5b9f8ae47{:05}","trace.span_id":"0039c929389{:05}",)"
        R"("trace.parent_id":"5c04d222b5122b38","duration_ms":10.{:05},"service.name":"shop",)"
        R"("service_name":"shop","meta.beeline_version":"3.6.0","meta.local_hostname":"vm-12",)"
        R"("type":"http_server","request.method":"GET","request.path":"/orders/{}",)"
        R"("request.host":"shop.example","request.scheme":"https","request.remote_addr":"10.0.0.{}",)"
        R"("request.user_agent":"Mozilla/5.0 X11 Linux x86_64","request.content_length":{},)"
        R"("response.status_code":200,"app.user_handle":"user{}","app.cached":false}}}})",
        i == 0 ? "" : ",", i, i, i, i, i, i % 256, i * 7, i % 50);
  }
  return body + "]";
}

void BM_DecodeLibhoneyGoJson(benchmark::State& state) {
  RunDecode(state, WireFormat::kHoneycombBatchJson, ReadFixture("libhoney-go.json"));
}
void BM_DecodeLibhoneyGoMsgpack(benchmark::State& state) {
  RunDecode(state, WireFormat::kHoneycombBatchMsgpack, ReadFixture("libhoney-go.msgpack"));
}
void BM_DecodeBeelinePython(benchmark::State& state) {
  RunDecode(state, WireFormat::kHoneycombBatchJson, ReadFixture("py-bee.json"));
}
void BM_DecodeSpans(benchmark::State& state) {
  RunDecode(state, WireFormat::kHoneycombBatchJson, SpansJson());
}

BENCHMARK(BM_DecodeLibhoneyGoJson);
BENCHMARK(BM_DecodeLibhoneyGoMsgpack);
BENCHMARK(BM_DecodeBeelinePython);
BENCHMARK(BM_DecodeSpans);

}  // namespace

BENCHMARK_MAIN();
