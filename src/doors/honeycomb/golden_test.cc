// SPDX-License-Identifier: Apache-2.0
// Runs tests/golden/honeycomb. Each case has a catalog of its own, with a dataset `shop` that has
// records; ids count up from id1, random text is made of x. Nothing answers queries here:
// query_results_test.cc asks a real store.
#include <algorithm>
#include <memory>
#include <string>

#include "catalog/database.h"
#include "doors/golden/suite.h"
#include "doors/honeycomb/api.h"
#include "doors/honeycomb/datasets.h"
#include "doors/honeycomb/decode.h"
#include "doors/honeycomb/dependency_runs.h"
#include "doors/honeycomb/door.h"
#include "fields/project_fields.h"

namespace skep::honeycomb {
namespace {

// Small enough that cases can go over them.
Limits SmallLimits() {
  Limits limits;
  limits.body_bytes_max = 2048;
  limits.depth_max = 8;
  limits.records_max = 3;
  limits.attributes_per_record_max = 4;
  limits.attributes_per_request_max = 8;
  limits.keys_per_request_max = 6;
  limits.key_bytes_max = 24;
  limits.string_bytes_max = 64;
  return limits;
}

DecodeFunction Decoder(WireFormat format, const Limits& limits) {
  return [format, limits](Bytes body, const DecodeContext& context) {
    return DecodeRequest(format, std::move(body), context, limits);
  };
}

class NoStore : public Store {
 public:
  Status Migrate() override { return {}; }
  Status Insert(const NativeBlock&, std::string_view) override { return {}; }
  Result<ResultTable> Query(const Statement&, const QueryOptions&, const CancelToken&) override {
    return Error(Code::kUnavailable, "The store does not answer.");
  }
  Result<StoreStats> Stats() override { return StoreStats{}; }
};

// A record of the dataset `shop`, as if it had come by another door at the beginning of the day.
void AddRecords(fields::Catalogue* catalogue) {
  RecordBatch batch;
  Record& record = batch.BeginRecord({});
  record.signal = Signal::kSpan;
  record.dataset = batch.arena().Copy("shop");
  batch.Add(batch.KeyCopied("app.user_handle"), Value::String(batch.arena().Copy("worf")));
  batch.Add(batch.KeyCopied("n"), Value::Int(1));
  batch.EndRecord();
  const int64_t received_ns = golden::kReceiveTimeNs - 12 * 3600 * kNsPerS;
  const auto runs = catalogue->Note(batch, {"default", Door::kOtlp, 1, received_ns});
  catalogue->Apply(1, received_ns, runs);
}

// What the routes of one case need besides the sink, in memory.
struct Server {
  explicit Server(Sink* sink)
      : database(*Database::Open({":memory:"})),
        rows(database.get()),
        catalogue(*fields::Catalogue::Load(&rows, {}, [] { return golden::kReceiveTimeNs; })),
        types(catalogue.get(), "default"),
        documents(
            database.get(), [] { return golden::kReceiveTimeNs; },
            [this] { return "id" + std::to_string(++ids); }),
        datasets(&documents, catalogue.get()),
        keys(&documents),
        reader(&store, sink),
        runs(&reader, &types),
        dependencies(&reader) {
    catalogue->Fill({});
    AddRecords(catalogue.get());
  }

  ApiParts Api(Counters* counters) {
    ApiParts parts;
    parts.counters = counters;
    parts.documents = &documents;
    parts.datasets = &datasets;
    parts.keys = &keys;
    parts.catalogue = catalogue.get();
    parts.runs = &runs;
    parts.types = &types;
    parts.dependencies = &dependencies;
    parts.options.random_text = [this](size_t length) {
      const std::string count = std::to_string(++texts);
      return std::string(length - count.size(), 'x') + count;
    };
    return parts;
  }

  int ids = 0;
  int texts = 0;
  std::unique_ptr<Database> database;
  FieldRows rows;
  std::unique_ptr<fields::Catalogue> catalogue;
  fields::ProjectFields types;
  Documents documents;
  Datasets datasets;
  KnownKeys keys;
  NoStore store;
  Reader reader;
  QueryRuns runs;
  DependencyRuns dependencies;
};

golden::Harness MakeHarness() {
  golden::Harness harness;
  harness.formats["event-json"] = Decoder(WireFormat::kHoneycombEventJson, Limits());
  harness.formats["event-msgpack"] = Decoder(WireFormat::kHoneycombEventMsgpack, Limits());
  harness.formats["batch-json"] = Decoder(WireFormat::kHoneycombBatchJson, Limits());
  harness.formats["batch-json-small"] = Decoder(WireFormat::kHoneycombBatchJson, SmallLimits());
  harness.formats["batch-msgpack"] = Decoder(WireFormat::kHoneycombBatchMsgpack, Limits());
  // The last case's server lives until the next one is made: its routes have ended by then.
  harness.register_routes = [server = std::make_shared<std::unique_ptr<Server>>()](
                                net::Router& router, Sink& sink, Counters& counters) {
    *server = std::make_unique<Server>(&sink);
    Register(router, {&sink, &counters, &(*server)->datasets, &(*server)->keys});
    RegisterApi(router, (*server)->Api(&counters));
  };
  return harness;
}

SKEP_GOLDEN_SUITE(Honeycomb, "honeycomb", MakeHarness);

}  // namespace
}  // namespace skep::honeycomb
