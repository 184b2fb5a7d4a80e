// SPDX-License-Identifier: Apache-2.0
#include "fields/batch_fields.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <tuple>

#include "fields/testing.h"

namespace skep::fields {
namespace {

using Counts = std::map<std::tuple<std::string, std::string, ValueType>, uint32_t>;

// All runs of a dataset together, without the types that no row counts for.
Counts Summed(const RecordBatch& batch) {
  Counts counts;
  for (const DatasetRun& run : CountFields(batch))
    for (const KeyCount& key : run.keys)
      for (const ValueType type : kEveryType) {
        const uint32_t rows = key.counts[static_cast<size_t>(type)];
        if (rows == 0) continue;
        EXPECT_TRUE(key.types.Has(type));
        counts[{std::string(run.dataset), std::string(batch.keys()[key.key]), type}] += rows;
      }
  return counts;
}

// The same by the batch's own view of each record.
Counts Naive(const RecordBatch& batch) {
  Counts counts;
  for (const Record& record : batch.records()) {
    if (record.signal == Signal::kJoin || record.signal == Signal::kOpenSpan) continue;
    batch.ForEach(record, [&](std::string_view name, const Value& value) {
      ++counts[{std::string(record.dataset), std::string(name), value.type()}];
    });
  }
  return counts;
}

TEST(BatchFieldsTest, CountsEachTypeOfEachField) {
  const RecordBatch batch = BatchOf({{"a", {{"x", Value::Int(1)}, {"y", Value::String("t")}}},
                                     {"a", {{"x", Value::Float(1.5)}}},
                                     {"b", {{"x", Value::Bool(true)}}},
                                     {"a", {{"x", Value::Int(2)}}}});
  EXPECT_EQ(Summed(batch), (Counts{{{"a", "x", ValueType::kInt64}, 2},
                                   {{"a", "x", ValueType::kFloat64}, 1},
                                   {{"a", "y", ValueType::kString}, 1},
                                   {{"b", "x", ValueType::kBool}, 1}}));
  EXPECT_EQ(CountFields(batch).size(), 3u);
}

TEST(BatchFieldsTest, LeavesJoinsOutAndCountsOpenSpansByTypeOnly) {
  const RecordBatch batch =
      BatchOf({{"a", {{"join.kind", Value::String("evidence")}}, {}, Signal::kJoin},
               {"a", {{"x", Value::Int(1)}}, {}, Signal::kOpenSpan}});
  const auto runs = CountFields(batch);
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs[0].counted, 0u);
  ASSERT_EQ(runs[0].keys.size(), 1u);
  EXPECT_EQ(runs[0].keys[0].types, TypeSet(ValueType::kInt64));
  EXPECT_EQ(runs[0].keys[0].counts, TypeCounts{});
}

TEST(BatchFieldsTest, SaysWhetherARowIsSampled) {
  const RecordBatch batch = BatchOf({{"a", {}}, {"b", {}, {}, Signal::kSpan, 10}, {"b", {}}});
  const auto runs = CountFields(batch);
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_FALSE(runs[0].sampled);
  EXPECT_TRUE(runs[1].sampled);
  EXPECT_EQ(runs[1].counted, 2u);
}

// Resources with attributes, some of which records hide by their own.
TEST(BatchFieldsTest, AgreesWithTheBatchOnRandomRecords) {
  std::mt19937 random(11);
  const auto below = [&](uint32_t n) { return static_cast<uint32_t>(random() % n); };
  const auto value = [&]() -> Value {
    switch (below(4)) {
      case 0:
        return Value::Int(below(3));
      case 1:
        return Value::Float(0.5);
      case 2:
        return Value::Bool(true);
      default:
        return Value::String("text");
    }
  };
  for (int round = 0; round < 200; ++round) {
    RecordBatch batch;
    SharedSet shared;
    for (int row = 0; row < 60; ++row) {
      if (below(5) == 0) {
        batch.BeginShared(below(3) == 0 ? shared : SharedSet{});
        for (uint32_t i = below(5); i > 0; --i)
          batch.AddShared(batch.KeyCopied("k" + std::to_string(below(8))), value());
        shared = batch.EndShared();
      }
      TestRow made{std::string(1, static_cast<char>('a' + below(3))), {}, shared};
      constexpr Signal kSignals[] = {Signal::kSpan, Signal::kLog, Signal::kOpenSpan, Signal::kJoin};
      made.signal = kSignals[below(3) == 0 ? below(4) : 0];
      for (uint32_t i = below(6); i > 0; --i)
        made.own.emplace_back("k" + std::to_string(below(8)), value());
      AddRow(made, &batch);
    }
    ASSERT_EQ(Summed(batch), Naive(batch)) << "round " << round;
  }
}

}  // namespace
}  // namespace skep::fields
