// SPDX-License-Identifier: Apache-2.0
// What one committed error occurrence costs on its way to its item: reading it out of its batch,
// and counting it in the catalog, 1000 occurrences to a transaction.
// link: errors
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

#include "errors/items_observer.h"

namespace {

constexpr int64_t kBlock = 1000;

// One request as the Rollbar door makes it of a Flask exception.
std::unique_ptr<skep::RecordBatch> MakeBatch(uint64_t item, std::string_view person) {
  auto batch = std::make_unique<skep::RecordBatch>();
  skep::Record& record = batch->BeginRecord({});
  record.signal = skep::Signal::kError;
  record.item = item;
  record.name = "RuntimeError: boom: row has no such column";
  record.time_ns = 1'795'521'600'000'000'000;
  const auto add = [&](std::string_view name, std::string_view text) {
    batch->Add(name, skep::Value::String(text));
  };
  for (const char* name :
       {"level", "rollbar.uuid", "error.fingerprint", "environment", "exception.type",
        "exception.message", "code.file.path", "code.function.name", "framework", "language",
        "rollbar.context", "rollbar.code_version", "rollbar.notifier.name", "http.request.method",
        "url.full", "url.path", "client.address", "user_agent.original", "host.name"})
    add(name, "error");
  if (!person.empty()) add("enduser.id", batch->arena().Copy(person));
  batch->EndRecord();
  return batch;
}

// Occurrences of `items` items that hit `people` people.
void BM_Occurrences(benchmark::State& state) {
  auto database = skep::Database::Open({":memory:"});
  if (!database) {
    state.SkipWithError("no catalog");
    return;
  }
  skep::Items items(database->get());
  skep::ItemsObserver observer(&items);
  std::vector<std::unique_ptr<skep::RecordBatch>> batches;
  for (int64_t i = 0; i < kBlock; ++i) {
    const int64_t people = state.range(1);
    batches.push_back(MakeBatch(static_cast<uint64_t>(1 + i % state.range(0)),
                                people == 0 ? "" : "p" + std::to_string(i % people)));
  }
  uint64_t sequence = 0;
  const skep::RequestInfo request{"default", skep::Door::kRollbar, 0, 1'795'521'600'000'000'000};
  for (auto _ : state) {
    for (const auto& batch : batches) observer.Extract(*batch, request)->Apply(++sequence);
    if (!observer.Settle()) {
      state.SkipWithError("the items were not written");
      break;
    }
  }
  state.SetItemsProcessed(state.iterations() * kBlock);
}
BENCHMARK(BM_Occurrences)
    ->ArgNames({"items", "people"})
    ->Args({1, 0})
    ->Args({1, 10})
    ->Args({1, 1000})
    ->Args({100, 10})
    ->Args({1000, 1000});

void BM_Extract(benchmark::State& state) {
  auto database = skep::Database::Open({":memory:"});
  if (!database) {
    state.SkipWithError("no catalog");
    return;
  }
  skep::Items items(database->get());
  skep::ItemsObserver observer(&items);
  const auto batch = MakeBatch(1, "worf");
  for (auto _ : state) benchmark::DoNotOptimize(observer.Extract(*batch, {}));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Extract);

}  // namespace

BENCHMARK_MAIN();
