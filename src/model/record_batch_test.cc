// SPDX-License-Identifier: Apache-2.0
#include "model/record_batch.h"

#include <gtest/gtest.h>

#include <string>

namespace skep {
namespace {

TEST(RecordBatch, OwnWinsOverSharedWhichStaysReadable) {
  RecordBatch batch;
  batch.BeginShared();
  batch.AddShared("service.name", Value::String("api"));
  batch.AddShared("host.name", Value::String("a"));
  const SharedSet shared = batch.EndShared();
  Record& record = batch.BeginRecord(shared);
  record.time_ns = 1;
  batch.Add("host.name", Value::String("b"));
  batch.Add("service.name", Value::String("api"));  // equal: nothing to keep twice
  batch.EndRecord();
  const Record& r = batch.records()[0];
  EXPECT_EQ(batch.Find(r, "host.name")->text(), "b");
  EXPECT_EQ(batch.Find(r, "resource.host.name")->text(), "a");
  EXPECT_EQ(batch.Find(r, "resource.service.name"), nullptr);
  int seen = 0;
  batch.ForEach(r, [&](std::string_view, const Value&) { ++seen; });
  EXPECT_EQ(seen, 3);
}

TEST(RecordBatch, LastOwnValueWins) {
  RecordBatch batch;
  batch.BeginRecord({});
  batch.Add("a", Value::Int(1));
  batch.Add("a", Value::Int(2));
  batch.EndRecord();
  EXPECT_EQ(batch.attributes().size(), 1u);
  EXPECT_EQ(batch.Find(batch.records()[0], "a")->int64(), 2);
}

TEST(RecordBatch, ScopeStartsFromItsResource) {
  RecordBatch batch;
  batch.BeginShared();
  batch.AddShared("k", Value::Int(1));
  batch.AddShared("r", Value::Int(1));
  const SharedSet resource = batch.EndShared();
  batch.BeginShared(resource);
  batch.AddShared("k", Value::Int(2));
  const SharedSet scope = batch.EndShared();
  EXPECT_EQ(scope.end - scope.begin, 2u);
  batch.BeginRecord(scope);
  batch.EndRecord();
  EXPECT_EQ(batch.Find(batch.records()[0], "k")->int64(), 2);
  EXPECT_EQ(batch.Find(batch.records()[0], "r")->int64(), 1);
}

TEST(RecordBatch, DroppedRecordLeavesNothing) {
  RecordBatch batch;
  batch.BeginRecord({});
  batch.Add("a", Value::Int(1));
  batch.DropRecord();
  batch.BeginRecord({});
  batch.Add("b", Value::Int(5));
  batch.Add("a", Value::Int(2));
  batch.EndRecord();
  ASSERT_EQ(batch.records().size(), 1u);
  EXPECT_EQ(batch.Find(batch.records()[0], "a")->int64(), 2);
  EXPECT_EQ(batch.Find(batch.records()[0], "b")->int64(), 5);
}

TEST(RecordBatch, ManyKeysAndMovedBodyKeepTheirViews) {
  RecordBatch batch(Bytes("body"));
  const std::string_view body = batch.body();
  for (int i = 0; i < 1000; ++i) batch.Key(batch.arena().Copy("key" + std::to_string(i)));
  RecordBatch moved = std::move(batch);
  EXPECT_EQ(moved.body().data(), body.data());
  EXPECT_EQ(moved.Key("key7"), 7u);
  EXPECT_EQ(moved.keys().size(), 1000u);
}

TEST(Ids, XRaySpelling) {
  const auto id = TraceIdFromXRay("1-5759e988-bd862e3fe1be46a994272793");
  ASSERT_TRUE(id);
  EXPECT_EQ(id->Hex(), "5759e988bd862e3fe1be46a994272793");
  EXPECT_EQ(TraceIdToXRay(*id), "1-5759e988-bd862e3fe1be46a994272793");
  EXPECT_FALSE(TraceIdFromXRay("2-5759e988-bd862e3fe1be46a994272793"));
  EXPECT_FALSE(TraceIdFromXRay("1-5759e988-bd862e3fe1be46a99427279x"));
}

}  // namespace
}  // namespace skep
