// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "store/block_builder.h"
#include "store/testing.h"
namespace skep {
namespace {
TEST(EmbeddedStoreTest, StoresAndReads) {
  SKEP_OPEN_TEST_STORE(store);
  RecordBatch batch;
  Record& record = batch.BeginRecord({});
  record.time_ns = 1'795'521'600'000'000'000;
  record.signal = Signal::kSpan;
  record.name = "GET /";
  batch.Add("http.route", Value::String("/a"));
  batch.Add("n", Value::Int(-5));
  batch.EndRecord();
  BlockBuilder builder;
  RequestInfo info{"default", Door::kOtlp, 7, 1};
  builder.Append(batch, info);
  const NativeBlock block = builder.Encode();
  auto ok = store->Insert(block, "t1");
  ASSERT_TRUE(ok) << ok.error().detail;
  ok = store->Insert(block, "t1");
  ASSERT_TRUE(ok) << ok.error().detail;
  const auto table = store->Query(
      Statement("SELECT name, time, event_id, attributes.`http.route`, attributes.n.:Int64, "
                "toJSONString(attributes), attributes, signal FROM events WHERE name = {p:String}")
          .Bind("p", "GET /"));
  ASSERT_TRUE(table) << table.error().detail;
  ASSERT_EQ(table->rows, 1u);
  EXPECT_EQ(table->column(0).Text(0), "GET /");
  EXPECT_EQ(table->column(1).Int(0), 1'795'521'600'000'000'000);
  EXPECT_EQ(table->column(2).UInt(0), 7u << 20);
  EXPECT_EQ(table->column(3).Text(0), "/a");
  EXPECT_EQ(table->column(4).Int(0), -5);
  EXPECT_EQ(table->column(5).Text(0), "{\"http\":{\"route\":\"/a\"},\"n\":-5}");
  EXPECT_EQ(table->column(6).Text(0), "{\"http\":{\"route\":\"/a\"},\"n\":-5}");
  EXPECT_EQ(table->column(7).Int(0), 1);
  const auto none = store->Query(Statement("SELECT name FROM events WHERE name = 'x'"));
  ASSERT_TRUE(none);
  EXPECT_EQ(none->rows, 0u);
  const auto stats = store->Stats();
  ASSERT_TRUE(stats) << stats.error().detail;
  EXPECT_EQ(stats->rows, 1u);
}
}  // namespace
}  // namespace skep
