// SPDX-License-Identifier: Apache-2.0
// How many segment documents, as the SDKs for Python and Node write them, one core decodes: from
// datagrams, and from the bodies of PutTraceSegments as the daemon batches them.
// link: doors/xray
#include <benchmark/benchmark.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "doors/xray/decode.h"
#include "wire/json.h"

namespace {

constexpr size_t kDatagramsPerReceive = 64;

std::string ReadFixture(const std::string& name) {
  std::ifstream in(SKEP_SOURCE_DIR "/tests/fixtures/aws/xray/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> ReadDatagrams() {
  std::vector<std::string> datagrams;
  for (const char* name :
       {"py-flask.02-segment.udp", "py-flask.06-segment.udp", "py-flask.07-segment.udp",
        "py-flask.10-subsegment.udp", "node-express.02-segment.udp", "node-express.07-segment.udp"})
    datagrams.push_back(ReadFixture(name));
  return datagrams;
}

void Report(benchmark::State& state, size_t records, size_t bytes) {
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(records));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(bytes));
}

void BM_Datagrams(benchmark::State& state) {
  const std::vector<std::string> datagrams = ReadDatagrams();
  skep::Bytes body;
  for (size_t i = 0; i < kDatagramsPerReceive; ++i)
    skep::xray::AppendDatagram(datagrams[i % datagrams.size()], &body);
  size_t records = 0;
  for (auto _ : state) {
    auto batch = skep::xray::DecodeDatagrams(skep::Bytes(body.view()), {});
    if (!batch || batch->rejected() != 0) state.SkipWithError("a datagram was refused");
    records = batch->records().size();
    benchmark::DoNotOptimize(batch->records().data());
  }
  Report(state, records, body.size());
}

void BM_PutSegments(benchmark::State& state) {
  const std::string body = ReadFixture("daemon.03-TraceSegments.json");
  size_t records = 0;
  for (auto _ : state) {
    auto batch = skep::xray::DecodePutSegments(skep::Bytes(body), {}, nullptr);
    if (!batch || batch->rejected() != 0) state.SkipWithError("a document was refused");
    records = batch->records().size();
    benchmark::DoNotOptimize(batch->records().data());
  }
  Report(state, records, body.size());
}

BENCHMARK(BM_Datagrams);
BENCHMARK(BM_PutSegments);

}  // namespace

BENCHMARK_MAIN();
