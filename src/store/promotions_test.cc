// SPDX-License-Identifier: Apache-2.0
#include "store/promotions.h"

#include <gtest/gtest.h>

namespace skep {
namespace {

constexpr std::string_view kBoth =
    "SELECT attributes.`a.b`.:String, e.attributes.`a.b`.:Int64 FROM events AS e";

TEST(PromotionsTest, AColumnTakesThePlaceOfItsTypeAlone) {
  Promotions promotions;
  EXPECT_EQ(promotions.Rewrite(kBoth).sql, kBoth);
  EXPECT_FALSE(promotions.Rewrite(kBoth).changed);
  promotions.Add({"a.b", ValueType::kString});
  const auto rewritten = promotions.Rewrite(kBoth);
  EXPECT_EQ(rewritten.sql, "SELECT `text:a.b`, e.attributes.`a.b`.:Int64 FROM events AS e");
  EXPECT_TRUE(rewritten.changed);
  EXPECT_EQ(rewritten.asked, (std::vector<TypedAttribute>{{"a.b", ValueType::kInt64}}));
  promotions.Add({"a.b", ValueType::kInt64});
  EXPECT_EQ(promotions.Rewrite(kBoth).sql, "SELECT `text:a.b`, e.`int:a.b` FROM events AS e");
}

TEST(PromotionsTest, WhatIsNoTypedAttributeStays) {
  Promotions promotions;
  promotions.Add({"a", ValueType::kString});
  for (const char* sql : {"SELECT attributes.`a`", "SELECT toJSONString(attributes)",
                          "SELECT attributes.`a", "SELECT attributes.`a`.:Other",
                          "SELECT attributes.`a.b`.:String", "SELECT attributes.`a\\", ""})
    EXPECT_EQ(promotions.Rewrite(sql).sql, sql);
}

TEST(PromotionsTest, OddNamesAreQuoted) {
  Promotions promotions;
  promotions.Add({std::string("a`\\\0b", 5), ValueType::kBool});
  EXPECT_EQ(promotions.Rewrite("attributes.`a\\`\\\\\\0b`.:Bool = 1").sql,
            "`bool:a\\`\\\\\\0b` = 1");
}

TEST(PromotionsTest, ColumnsSayWhatTheyHold) {
  for (const ValueType type :
       {ValueType::kInt64, ValueType::kFloat64, ValueType::kBool, ValueType::kString}) {
    const TypedAttribute attribute{"http.route", type};
    EXPECT_EQ(ReadPromotedColumn(PromotedColumn(attribute)), attribute);
  }
  EXPECT_FALSE(ReadPromotedColumn("trace_id"));
  EXPECT_FALSE(ReadPromotedColumn("attributes"));
}

TEST(PromotionsTest, TheMostScannedComeFirst) {
  Promotions promotions;
  const TypedAttribute a{"a", ValueType::kString};
  const TypedAttribute b{"b", ValueType::kString};
  promotions.NoteScan({a, b}, 60);
  promotions.NoteScan({b}, 50);
  EXPECT_EQ(promotions.ScannedOver(100), (std::vector<TypedAttribute>{b}));
  EXPECT_EQ(promotions.ScannedOver(50), (std::vector<TypedAttribute>{b, a}));
  promotions.Add(b);
  EXPECT_EQ(promotions.ScannedOver(50), (std::vector<TypedAttribute>{a}));
}

}  // namespace
}  // namespace skep
