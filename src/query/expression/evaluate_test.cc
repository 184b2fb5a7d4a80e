// SPDX-License-Identifier: Apache-2.0
// What each function says of values of each type: Evaluate's answers, one by one, and the engine's
// for the same rows.
#include <gtest/gtest.h>

#include <limits>

#include "query/expression/number_text.h"
#include "query/expression/parse.h"
#include "query/expression/testing.h"
#include "query/expression/values.h"
#include "store/testing.h"

namespace skep {
namespace {

using testing::ExpressionWorld;
using testing::TestColumns;
using testing::TestValues;

const ExpressionValue kNull;

struct Case {
  const char* expression;
  ExpressionValue value;
};

// One row: i = 7, big = 2^53 + 1, f = 2.5, t = true, s = "Error 42 at /a/b", n = "12.5",
// word = "true", empty = "", u = "Größe"; gone is not there.
const TestValues kRow = {{"i", int64_t{7}},
                         {"big", int64_t{9007199254740993}},
                         {"f", 2.5},
                         {"t", true},
                         {"s", "Error 42 at /a/b"},
                         {"n", "12.5"},
                         {"word", "true"},
                         {"empty", ""},
                         {"u", "Größe"},
                         {"when", "2017-07-20T11:22:44.888Z"}};

const std::vector<Case> kCases = {
    // A bare column or literal is an expression.
    {"$i", int64_t{7}},
    {"$gone", kNull},
    {"null", kNull},
    {"`a\\b`", "a\\b"},
    {"\"\\u00e9\\x41\\101\\n\"", "éAA\n"},
    {"-9223372036854775808", std::numeric_limits<int64_t>::min()},
    // Precedence: minus binds tighter than plus.
    {"10 - 2 + 3 - 1", 10.0},
    {"2 + 3 * 4", 14.0},
    {"2 * 3 - 4 / 2", 4.0},
    {"10 - 2 - 3", 5.0},
    {"1 - -5", 6.0},
    {"!true = false", true},
    {"1 < 2 = true", true},
    {"true OR true AND false", true},
    {"false = 1 > 2", true},
    // Conditional.
    {"IF($i > 5, \"big\", \"small\")", "big"},
    {"IF($i > 50, \"big\")", kNull},
    {"IF($i > 50, 1, $f > 2, 2, 3)", int64_t{2}},
    {"IF(\"true\", 1, 2)", int64_t{1}},
    {"IF(\"yes\", 1, 2)", int64_t{2}},
    {"IF(0.0, 1, 2)", int64_t{2}},
    {"SWITCH($word, \"true\", 1, 2)", int64_t{1}},
    {"SWITCH($t, \"true\", 1, 2)", int64_t{2}},
    {"SWITCH($word, \"x\", 1)", kNull},
    {"COALESCE($gone, $empty, $i)", int64_t{7}},
    {"COALESCE($gone, \"\")", kNull},
    {"COALESCE(false, 1)", false},
    // Comparison, strict in types.
    {"EQUALS(200, \"200\")", false},
    {"EQUALS(200, 200.0)", true},
    {"EQUALS(true, 1)", false},
    {"EQUALS(true, \"true\")", false},
    {"EQUALS($gone, null)", true},
    {"EQUALS($gone, 0)", false},
    {"$big = 9007199254740992", false},
    {"$big = 9007199254740992.0", false},
    {"$big > 9007199254740992.0", true},
    {"$gone != 1", true},
    {"LT(1, \"2\")", false},
    {"LT(\"10\", \"9\")", true},
    {"GTE(false, false)", false},
    {"LTE($gone, 5)", false},
    {"GT(\"é\", \"z\")", true},
    {"IN($i, \"7\", 8, 7)", true},
    {"IN($s, \"a\", \"b\")", false},
    {"IN($gone, 1, null)", true},
    // Truth.
    {"AND(1, \"true\", true)", true},
    {"AND(1, null)", false},
    {"OR(0, \"\", $gone)", false},
    {"NOT($gone)", true},
    {"EXISTS($empty)", true},
    {"EXISTS($gone)", false},
    {"BOOL(\"false\")", false},
    {"BOOL(-0.5)", true},
    // Arithmetic.
    {"SUM(1.0, 5, \"2.3\")", 8.3},
    {"SUM($s, $t, $gone, 1)", 1.0},
    {"SUB($n, 2)", 10.5},
    {"MUL($i, $f, 2)", 35.0},
    {"DIV($i, 2)", 3.5},
    {"DIV($i, $gone)", kNull},
    {"$i / \"x\"", kNull},
    {"MOD(7, 2.5)", 2.0},
    {"MOD(-7, 3)", -1.0},
    {"MOD(7, 0)", kNull},
    {"LOG10(1000)", 3.0},
    {"LOG10(0)", kNull},
    {"LOG10($s)", kNull},
    {"MIN($i, $f)", 2.5},
    {"MAX($gone, $empty, \"a\", 5, \"b\")", "b"},
    {"MIN(5, \"a\", 2)", 2.0},
    {"MAX(false, true, 7)", true},
    {"MIN($gone)", kNull},
    // Casts.
    {"INT(-1.9)", int64_t{-1}},
    {"INT(\"12.7\")", int64_t{12}},
    {"INT(\"abc\")", int64_t{0}},
    {"INT($t)", int64_t{0}},
    {"INT($big)", int64_t{9007199254740993}},
    {"INT(1e30)", kNull},
    {"FLOAT(\"3.1415926535\")", 3.1415926535},
    {"FLOAT($gone)", 0.0},
    {"STRING(300.5)", "300.5"},
    {"STRING(200.0)", "200"},
    {"STRING(true)", "true"},
    {"STRING($gone)", ""},
    {"STRING(1e21)", "1e21"},
    {"STRING(0.0000001)", "1e-7"},
    // Text.
    {"CONCAT($i, \"-\", $gone, $t, $f)", "7-true2.5"},
    {"CONCAT($gone)", ""},
    {"STARTS_WITH($s, \"Error\")", true},
    {"STARTS_WITH($i, \"7\")", false},
    {"ENDS_WITH($s, \"/b\")", true},
    {"CONTAINS($s, \"42\")", true},
    {"CONTAINS($s, 42)", false},
    {"TO_LOWER($u)", "größe"},
    {"TO_LOWER($i)", kNull},
    {"LENGTH($u)", int64_t{5}},
    {"LENGTH($u, \"bytes\")", int64_t{7}},
    {"LENGTH($i)", int64_t{0}},
    {"LENGTH(\"\\xff\", \"chars\")", int64_t{0}},
    {"SEARCH($s, \"ERROR\")", true},
    {"SEARCH($i, 7)", true},
    {"SEARCH($gone, \"\")", false},
    // Regular expressions.
    {"REG_MATCH($s, `[0-9]{2}`)", true},
    {"REG_MATCH($empty, `^$`)", false},
    {"REG_MATCH(\"a\\nb\", `a.b`)", false},
    {"REG_VALUE($s, `Error ([0-9]+)`)", "42"},
    {"REG_VALUE($s, `/[a-z]`)", "/a"},
    {"REG_VALUE($s, `zzz`)", kNull},
    {"REG_VALUE($i, `7`)", kNull},
    {"REG_COUNT($s, `/`)", int64_t{2}},
    {"REG_COUNT(\"aaa\", `^a`)", int64_t{1}},
    {"REG_COUNT($gone, `a`)", int64_t{0}},
    // Buckets.
    {"BUCKET(-1, 10, 0, 30)", "< 0"},
    {"BUCKET(0, 10, 0, 30)", "0 - 10"},
    {"BUCKET(10, 10, 0, 30)", "0 - 10"},
    {"BUCKET(10.5, 10, 0, 30)", "10 - 20"},
    {"BUCKET(30, 10, 0, 30)", "20 - 30"},
    {"BUCKET(31, 10, 0, 30)", "> 30"},
    {"BUCKET(1e9, 10, 0)", "999999990 - 1000000000"},
    {"BUCKET(-5, 10)", "-10 - 0"},
    {"BUCKET(0.25, 0.1)", "0.2 - 0.3"},
    {"BUCKET(25, 10, 0, 25)", "20 - 25"},
    {"BUCKET(\"5\", 10)", kNull},
    {"BUCKET($gone, 10)", kNull},
    // Time.
    {"UNIX_TIMESTAMP($when)", 1500549764.888},
    {"UNIX_TIMESTAMP(\"2017-07-20T11:22:44+01:00\")", 1500546164.0},
    {"UNIX_TIMESTAMP(\"2017-07-20\")", kNull},
    {"UNIX_TIMESTAMP(\"2017-02-30T00:00:00Z\")", kNull},
    {"UNIX_TIMESTAMP(5)", kNull},
    {"EVENT_TIMESTAMP()", 1795521600.0},
    {"INGEST_TIMESTAMP() - EVENT_TIMESTAMP() < 1", true},
    {"FORMAT_TIME(\"%Y-%m-%d %H:%M:%S\", 1500549764.888)", "2017-07-20 11:22:44"},
    {"FORMAT_TIME(\"%A %d %B, week %U, 100%%\", \"0\")", "Thursday 01 January, week 00, 100%"},
    {"FORMAT_TIME(\"%k %l %P %e\", 0)", " 0 12 am  1"},
    {"FORMAT_TIME(\"\", 5)", ""},
    {"FORMAT_TIME(\"%Y\", $gone)", kNull},
    {"FORMAT_TIME(\"%Y\", \"x\")", kNull},
};

std::vector<Expression> Parsed() {
  std::vector<Expression> expressions;
  for (const Case& one : kCases) {
    size_t position = 0;
    auto parsed = ParseExpression(one.expression, &position);
    EXPECT_TRUE(parsed) << one.expression << ": " << parsed.error().message << " " << position;
    expressions.push_back(parsed ? std::move(*parsed) : Expression());
  }
  return expressions;
}

TEST(Evaluate, SaysOfEachTypeWhatTheLanguageSays) {
  const std::vector<Expression> expressions = Parsed();
  const testing::TestRow row(&kRow, 0);
  for (size_t i = 0; i < kCases.size(); ++i) {
    const ExpressionValue value = Evaluate(expressions[i], row);
    EXPECT_EQ(value, kCases[i].value)
        << kCases[i].expression << " is " << value.index() << " " << TextOf(value);
  }
}

TEST(Evaluate, TheEngineSaysTheSame) {
  SKEP_OPEN_TEST_STORE(store);
  ExpressionWorld world(store.get(), {kRow});
  const std::vector<Expression> expressions = Parsed();
  const auto values = world.Values(expressions, TestColumns());
  ASSERT_TRUE(values) << values.error().message << ": " << values.error().detail;
  for (size_t i = 0; i < kCases.size(); ++i) {
    const ExpressionValue& value = (*values)[i][0];
    EXPECT_EQ(value, kCases[i].value)
        << kCases[i].expression << " is " << value.index() << " " << TextOf(value);
  }
}

TEST(NumberText, ReadsAndWritesAsTheEngineDoes) {
  EXPECT_EQ(FloatText(-0.0), "-0");
  EXPECT_EQ(FloatText(1e20), "100000000000000000000");
  EXPECT_EQ(FloatText(123456789012345678.0), "123456789012345680");
  EXPECT_EQ(FloatText(1.5e-6), "0.0000015");
  EXPECT_EQ(FloatText(5e-324), "5e-324");
  EXPECT_EQ(NumberOf("+1.5"), 1.5);
  EXPECT_EQ(NumberOf(".5"), 0.5);
  EXPECT_EQ(NumberOf("5."), 5.0);
  EXPECT_EQ(NumberOf("1e999"), std::numeric_limits<double>::infinity());
  for (const char* none : {"", " 5", "5 ", "+-5", "0x10", "1e", ".", "12abc", "1,5"})
    EXPECT_EQ(NumberOf(none), std::nullopt) << none;
}

}  // namespace
}  // namespace skep
