// SPDX-License-Identifier: Apache-2.0
// What parses also renders, at the limits of the language, and the engine takes what is rendered;
// what would grow too large is refused instead.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "query/expression/parse.h"
#include "query/expression/testing.h"
#include "store/testing.h"

namespace skep {
namespace {

using testing::ExpressionWorld;
using testing::TestColumns;

// `inner` put `depth` times into `form`, whose {} it replaces.
std::string Nested(const char* form, size_t depth, const char* inner = "$m") {
  std::string text = inner;
  for (size_t i = 0; i < depth; ++i) text = fmt::format(fmt::runtime(form), text);
  return text;
}

Expression Parsed(const std::string& text) {
  size_t position = 0;
  auto parsed = ParseExpression(text, &position);
  EXPECT_TRUE(parsed) << text << ": " << parsed.error().message << " at " << position;
  return parsed ? *parsed : Expression();
}

TEST(Render, TheEngineTakesWhatIsNestedAsDeeplyAsCanBe) {
  SKEP_OPEN_TEST_STORE(store);
  ExpressionWorld world(store.get(), {{{"m", int64_t{5}}}, {{"m", "x"}}, {}});
  const size_t depth = ExpressionLimits().depth_max - 2;
  for (const char* form : {"!{}",
                           "({})",
                           "NOT({})",
                           "IF(true, {})",
                           "IF($c, 1, {})",
                           "({} + 1)",
                           "({} - 1)",
                           "({} * $m)",
                           "({} / 2)",
                           "({} = 1)",
                           "({} AND $m)",
                           "CONCAT({}, \"x\")",
                           "STRING({})",
                           "INT({})",
                           "FLOAT({})",
                           "TO_LOWER({})",
                           "LENGTH({})",
                           "EXISTS({})",
                           "SWITCH($m, \"x\", {})",
                           "LOG10({})"}) {
    const auto values = world.Values({Parsed(Nested(form, depth))}, TestColumns());
    EXPECT_TRUE(values) << form << ": " << values.error().message;
  }
}

TEST(Render, WhatDoublesWithEachLevelIsRefused) {
  SKEP_OPEN_TEST_STORE(store);
  ExpressionWorld world(store.get(), {{{"m", int64_t{5}}}, {{"m", "x"}}, {}});
  for (const char* form : {"MIN({}, $m)", "REG_VALUE({}, `.`)", "({} = $m)", "IF({} = $m, $m, 1)",
                           "BUCKET(LENGTH({}), 10, 0, 20)"}) {
    const auto few = world.Values({Parsed(Nested(form, 3))}, TestColumns());
    EXPECT_TRUE(few) << form << ": " << few.error().message << few.error().detail;
  }
  for (const char* form : {"MIN({}, $m)", "REG_VALUE({}, `.`)", "IF(IF({}, $m, 1) = $m, $m, 1)"}) {
    SqlWriter sql;
    const Expression many = Parsed(Nested(form, 24));
    const auto refused = AppendExpression(many, ValueType::kString, TestColumns(), &sql);
    ASSERT_FALSE(refused) << form;
    EXPECT_EQ(refused.error().code, Code::kInvalidArgument);
  }
}

TEST(Render, KnownTypesAreReadAlone) {
  const TestColumns columns(
      {{"ms", ValueType::kFloat64}, {"url", ValueType::kString}, {"gone", TypeSet()}});
  const auto sql_of = [&](const std::string& text, ValueType type) {
    SqlWriter sql;
    EXPECT_TRUE(AppendExpression(Parsed(text), type, columns, &sql));
    return sql.Take().sql;
  };
  EXPECT_EQ(sql_of("$ms", ValueType::kFloat64), "attributes.`ms`.:Float64");
  EXPECT_EQ(sql_of("$ms < 500", ValueType::kBool),
            "toBool(ifNull(attributes.`ms`.:Float64 < {p1:Int64}, false))");
  EXPECT_EQ(sql_of("$url = 5", ValueType::kBool), "toBool(false)");
  EXPECT_EQ(sql_of("$ms * 2 + 1", ValueType::kFloat64),
            "((coalesce(attributes.`ms`.:Float64, 0) * {p1:Float64}) + {p2:Float64})");
  EXPECT_EQ(sql_of("$gone + 1", ValueType::kFloat64), "(toFloat64(0) + {p1:Float64})");
  EXPECT_EQ(sql_of("$ms", ValueType::kString), "CAST(NULL, 'Nullable(String)')");
}

}  // namespace
}  // namespace skep
