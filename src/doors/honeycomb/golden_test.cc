// SPDX-License-Identifier: Apache-2.0
// Runs tests/golden/honeycomb.
#include <memory>

#include "catalog/database.h"
#include "doors/golden/suite.h"
#include "doors/honeycomb/datasets.h"
#include "doors/honeycomb/decode.h"
#include "doors/honeycomb/door.h"

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

// What the door needs besides the sink, in memory.
struct Catalog {
  std::unique_ptr<Database> database;
  std::unique_ptr<Documents> documents;
  std::unique_ptr<Datasets> datasets;
};

Catalog MakeCatalog() {
  Catalog catalog;
  auto opened = Database::Open({":memory:"});
  EXPECT_TRUE(opened.has_value());
  catalog.database = std::move(*opened);
  catalog.documents = std::make_unique<Documents>(catalog.database.get());
  catalog.datasets = std::make_unique<Datasets>(catalog.documents.get());
  return catalog;
}

golden::Harness MakeHarness() {
  golden::Harness harness;
  harness.formats["event-json"] = Decoder(WireFormat::kHoneycombEventJson, Limits());
  harness.formats["event-msgpack"] = Decoder(WireFormat::kHoneycombEventMsgpack, Limits());
  harness.formats["batch-json"] = Decoder(WireFormat::kHoneycombBatchJson, Limits());
  harness.formats["batch-json-small"] = Decoder(WireFormat::kHoneycombBatchJson, SmallLimits());
  harness.formats["batch-msgpack"] = Decoder(WireFormat::kHoneycombBatchMsgpack, Limits());
  // shared: the harness is copied, and the routes outlive this function
  auto catalog = std::make_shared<Catalog>(MakeCatalog());
  harness.register_routes = [catalog](net::Router& router, Sink& sink, Counters& counters) {
    Register(router, {&sink, &counters, catalog->datasets.get()});
  };
  return harness;
}

SKEP_GOLDEN_SUITE(Honeycomb, "honeycomb", MakeHarness);

}  // namespace
}  // namespace skep::honeycomb
