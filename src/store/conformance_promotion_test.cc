// SPDX-License-Identifier: Apache-2.0
// Attributes with a column of their own: answers stay what they were, for rows before and after.
#include <gtest/gtest.h>

#include "store/conformance.h"

namespace skep::testing {
namespace {

class PromotionTest : public ConformanceTest {
 protected:
  // Rows that say the attribute as text, as a number and not at all, and one that never repeats.
  void InsertMixed(uint64_t sequence) {
    std::vector<Fill> fills;
    for (int i = 0; i < 30; ++i) {
      fills.push_back([=](RecordBatch& batch, Record& record) {
        record.duration_ns = sequence * 100 + static_cast<uint64_t>(i);
        if (i % 3 == 0) batch.Add("user.name", Value::String(i % 2 == 0 ? "worf" : "troi"));
        if (i % 3 == 1) batch.Add("user.name", Value::Int(i));
        batch.Add("order`id",
                  Value::String(batch.arena().Copy("order-" + std::to_string(record.duration_ns))));
        batch.Add("size", Value::Int(i));
        batch.Add("share", Value::Float(i * 0.5));
        batch.Add("ok", Value::Bool(i % 2 == 0));
      });
    }
    Insert(MakeBlock(fills, sequence), "token" + std::to_string(sequence));
  }

  std::string Answers() {
    std::string text;
    for (const char* sql : kQuestions) {
      const ResultTable table = Query(sql);
      for (size_t row = 0; row < table.rows; ++row)
        for (size_t column = 0; column < table.columns.size(); ++column)
          text += table.column(column).IsNull(row)
                      ? "NULL,"
                      : std::string(table.column(column).Text(row)) + ",";
      text += "\n";
    }
    return text;
  }

  // A few questions are enough, and a small table.
  Status Promote() { return store_->PromoteScanned({.rows_min = 1, .scans_min = 1}); }

  size_t Columns() {
    return Query(
               "SELECT name FROM system.columns WHERE database = currentDatabase() AND "
               "table = 'events' AND position(name, ':') > 0")
        .rows;
  }

  static constexpr const char* kQuestions[] = {
      "SELECT toString(attributes.`user.name`.:String) AS u, toString(count()) FROM events GROUP "
      "BY "
      "u ORDER BY u",
      "SELECT toString(sum(attributes.`size`.:Int64)), toString(sum(attributes.`share`.:Float64)), "
      "toString(countIf(attributes.`ok`.:Bool)) FROM events",
      "SELECT toString(duration_ns) FROM events WHERE attributes.`order\\`id`.:String = "
      "'order-107'",
      "SELECT attributes.`user.name`.:String FROM events ORDER BY duration_ns",
      "SELECT toString(attributes.`user.name`) FROM events ORDER BY duration_ns",
      // Carried out of the table.
      "SELECT toString(attributes.`size`.:Int64) FROM (SELECT attributes, duration_ns FROM events) "
      "ORDER BY duration_ns LIMIT 3",
  };
};
SKEP_CONFORMANCE(PromotionTest);

TEST_P(PromotionTest, AnswersStayWhatTheyWere) {
  InsertMixed(1);
  const std::string before = Answers();
  EXPECT_EQ(Columns(), 0u);
  ASSERT_TRUE(Promote());
  EXPECT_EQ(Columns(), 5u);
  EXPECT_EQ(Answers(), before);
  InsertMixed(2);
  EXPECT_EQ(Count("attributes.`user.name`.:String = 'worf'"), 10);
  EXPECT_EQ(Count("attributes.`size`.:Int64 = 7"), 2);
  EXPECT_EQ(Count("attributes.`order\\`id`.:String = 'order-207'"), 1);
}

TEST_P(PromotionTest, TheTableRemembers) {
  InsertMixed(1);
  const std::string before = Answers();
  ASSERT_TRUE(Promote());
  ASSERT_TRUE(store_->Migrate());
  EXPECT_EQ(Answers(), before);
  ASSERT_TRUE(Promote());
  EXPECT_EQ(Columns(), 5u);
}

TEST_P(PromotionTest, OnlyWhatIsScannedAndOnlySoMany) {
  InsertMixed(1);
  ASSERT_TRUE(Promote());
  EXPECT_EQ(Columns(), 0u);
  Answers();
  ASSERT_TRUE(store_->PromoteScanned({.rows_min = 1000, .scans_min = 1}));
  EXPECT_EQ(Columns(), 0u);
  ASSERT_TRUE(store_->PromoteScanned({.rows_min = 1, .scans_min = 100}));
  EXPECT_EQ(Columns(), 0u);
  ASSERT_TRUE(store_->PromoteScanned({.rows_min = 1, .scans_min = 1, .columns_max = 2}));
  EXPECT_EQ(Columns(), 2u);
}

}  // namespace
}  // namespace skep::testing
