// SPDX-License-Identifier: Apache-2.0
// What the catalogue of fields costs while spans are taken: noting a request of 512 spans with 20
// attributes each, and bringing a block of 100,000 spans into the catalog's file.
// link: fields doors/otlp
#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "doors/otlp/decode.h"
#include "fields/fields_observer.h"
#include "load/shape.h"

namespace {

constexpr size_t kSpans = 512;
constexpr size_t kRequests = 195;  // of a block
constexpr int64_t kNowNs = 1'795'521'600'000'000'000;

std::vector<skep::RecordBatch> MakeBatches(size_t count) {
  skep::load::LoadOptions options;
  options.end_time_ns = kNowNs;
  skep::load::SpanLoad spans(options);
  std::vector<skep::RecordBatch> batches;
  for (size_t i = 0; i < count; ++i) {
    auto batch = skep::otlp::Decode(
        skep::otlp::SignalType::kTraces, skep::otlp::Encoding::kProtobuf,
        skep::Bytes(spans.Next(kSpans)), {.receive_time_ns = kNowNs, .context = {}}, {});
    if (batch) batches.push_back(std::move(*batch));
  }
  return batches;
}

struct World {
  explicit World(const std::string& path) {
    auto opened = skep::Database::Open({path});
    if (!opened) return;
    database = std::move(*opened);
    rows = std::make_unique<skep::FieldRows>(database.get());
    auto loaded = skep::fields::Catalogue::Load(rows.get());
    if (loaded) catalogue = std::move(*loaded);
  }
  std::unique_ptr<skep::Database> database;
  std::unique_ptr<skep::FieldRows> rows;
  std::unique_ptr<skep::fields::Catalogue> catalogue;
};

skep::RequestInfo Request(uint64_t sequence) {
  return {"default", skep::Door::kOtlp, sequence, kNowNs + static_cast<int64_t>(sequence)};
}

void BM_CountFields(benchmark::State& state) {
  const std::vector<skep::RecordBatch> batches = MakeBatches(32);
  size_t at = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(skep::fields::CountFields(batches[at++ % batches.size()]));
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kSpans));
}
BENCHMARK(BM_CountFields);

void BM_Note(benchmark::State& state) {
  const std::vector<skep::RecordBatch> batches = MakeBatches(32);
  World world(":memory:");
  uint64_t sequence = 0;
  for (auto _ : state) {
    const skep::RecordBatch& batch = batches[sequence % batches.size()];
    ++sequence;
    benchmark::DoNotOptimize(world.catalogue->Note(batch, Request(sequence)));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kSpans));
}
BENCHMARK(BM_Note);

// Everything, with the file: its syncs are in the time, not in the CPU.
void BM_Block(benchmark::State& state) {
  const std::vector<skep::RecordBatch> batches = MakeBatches(32);
  std::string pattern = (std::filesystem::current_path() / "fields-bench-XXXXXX").string();
  const std::string directory = ::mkdtemp(pattern.data());
  {
    World world(directory + "/catalog.sqlite");
    skep::fields::FieldsObserver observer(world.catalogue.get());
    uint64_t sequence = 0;
    for (auto _ : state) {
      for (size_t i = 0; i < kRequests; ++i) {
        ++sequence;
        observer.Extract(batches[sequence % batches.size()], Request(sequence))->Apply(sequence);
      }
      if (!observer.Settle()) {
        state.SkipWithError("the catalogue was not written");
        break;
      }
    }
  }
  std::filesystem::remove_all(directory);
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kRequests * kSpans));
}
BENCHMARK(BM_Block);

}  // namespace

BENCHMARK_MAIN();
