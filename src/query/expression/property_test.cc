// SPDX-License-Identifier: Apache-2.0
// The engine's answer for an expression is Evaluate's: random expressions over random rows.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <random>

#include "query/expression/parse.h"
#include "query/expression/testing.h"
#include "query/expression/values.h"
#include "store/testing.h"

namespace skep {
namespace {

using testing::ExpressionWorld;
using testing::TestColumns;
using testing::TestValues;

class Dice {
 public:
  explicit Dice(uint64_t seed) : engine_(seed) {}
  size_t Below(size_t n) { return engine_() % n; }
  bool OneIn(size_t n) { return Below(n) == 0; }
  template <typename T>
  const T& Of(const std::vector<T>& values) {
    return values[Below(values.size())];
  }

 private:
  std::mt19937_64 engine_;
};

const std::vector<std::string> kTexts = {"",
                                         "true",
                                         "false",
                                         "abc",
                                         "Abc def",
                                         "12",
                                         "-1.5",
                                         "1e3",
                                         "x1y22",
                                         "a.b",
                                         "200",
                                         "é Ä ß",
                                         "10 €",
                                         "日本",
                                         "null",
                                         "a\nb",
                                         "0",
                                         "+7",
                                         "2026-11-24T12:00:00.25Z",
                                         "2026-02-30T12:00:00Z",
                                         "2026-11-24T12:00:00+01:30"};
const std::vector<int64_t> kWholes = {0,   1,    -1,  2,   3,  7,  10,         12,
                                      200, 1000, -42, 500, 24, 60, 1795521600, 9007199254740993};
const std::vector<double> kReals = {0.0,  0.5,  -0.5, 1.0,  2.5,   10.0,    12.0,
                                    -1.5, 0.25, 99.9, 1e10, 200.0, 1000.75, 1e-3};

// Columns named after the types that they have: i, f, b, s, n (numbers), m (all).
const std::vector<std::string> kColumns = {"i1", "i2", "f1", "f2", "b1",
                                           "s1", "s2", "n1", "m1", "m2"};

TypeSet TypesOfColumn(const std::string& name) {
  switch (name[0]) {
    case 'i':
      return ValueType::kInt64;
    case 'f':
      return ValueType::kFloat64;
    case 'b':
      return ValueType::kBool;
    case 's':
      return ValueType::kString;
    case 'n':
      return TypeSet(ValueType::kInt64) | ValueType::kFloat64;
    default:
      return TypeSet::All();
  }
}

ExpressionValue RandomValue(TypeSet types, Dice* dice) {
  if (dice->OneIn(4)) return {};
  for (;;) {
    const ValueType type = kEveryType[dice->Below(4)];
    if (!types.Has(type)) continue;
    switch (type) {
      case ValueType::kInt64:
        return dice->Of(kWholes);
      case ValueType::kFloat64:
        return dice->Of(kReals);
      case ValueType::kBool:
        return dice->OneIn(2);
      case ValueType::kString:
        return dice->Of(kTexts);
    }
  }
}

std::vector<TestValues> RandomRows(size_t count, Dice* dice) {
  std::vector<TestValues> rows(count);
  for (TestValues& row : rows) {
    for (const std::string& column : kColumns) {
      const ExpressionValue value = RandomValue(TypesOfColumn(column), dice);
      if (!IsNull(value)) row[column] = value;
    }
  }
  return rows;
}

std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '\n') {
      quoted += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

class Writer {
 public:
  explicit Writer(Dice* dice) : dice_(dice) {}

  std::string Any(int depth) {
    if (depth == 0 || dice_->OneIn(6)) return Leaf();
    switch (dice_->Below(4)) {
      case 0:
        return Choice(depth - 1);
      case 1:
        return Condition(depth - 1);
      case 2:
        return Number(depth - 1);
      default:
        return Text(depth - 1);
    }
  }

 private:
  std::string Leaf() {
    switch (dice_->Below(9)) {
      case 0:
        return fmt::format("{}", dice_->Of(kWholes));
      case 1:
        return fmt::format("{:.2f}", dice_->Of(kReals));
      case 2:
        return Quoted(dice_->Of(kTexts));
      case 3:
        return dice_->Of(std::vector<std::string>{"true", "false", "null"});
      default:
        return "$" + dice_->Of(kColumns);
    }
  }
  std::string Arguments(int depth, size_t least, size_t more) {
    std::string list = Any(depth);
    const size_t count = least + dice_->Below(more + 1);
    for (size_t i = 1; i < count; ++i) list += ", " + Any(depth);
    return list;
  }
  std::string Choice(int depth) {
    switch (dice_->Below(4)) {
      case 0:
        return fmt::format("COALESCE({})", Arguments(depth, 1, 3));
      case 1: {
        std::string list = Any(depth);
        for (size_t i = 0; i <= dice_->Below(3); ++i)
          list += ", " + Quoted(dice_->Of(kTexts)) + ", " + Any(depth);
        if (dice_->OneIn(2)) list += ", " + Any(depth);
        return fmt::format("SWITCH({})", list);
      }
      default:
        return fmt::format("IF({})", Arguments(depth, 2, 3));
    }
  }
  std::string Condition(int depth) {
    const auto any = [&] { return Any(depth); };
    switch (dice_->Below(10)) {
      case 0:
        return fmt::format("NOT({})", any());
      case 1:
        return fmt::format("EXISTS({})", any());
      case 2:
        return fmt::format("IN({})", Arguments(depth, 2, 4));
      case 3:
        return fmt::format("({} AND {} AND {})", any(), any(), any());
      case 4:
        return fmt::format("({} OR {})", any(), any());
      case 5:
        return fmt::format(
            "{}({}, {})",
            dice_->Of(std::vector<std::string>{"STARTS_WITH", "ENDS_WITH", "CONTAINS", "SEARCH"}),
            any(), any());
      case 6:
        return fmt::format("REG_MATCH({}, {})", any(), Regex());
      case 7:
        return fmt::format("BOOL({})", any());
      default:
        return fmt::format("({} {} {})", any(),
                           dice_->Of(std::vector<std::string>{"<", "<=", ">", ">=", "=", "!="}),
                           any());
    }
  }
  std::string Regex() {
    return dice_->Of(std::vector<std::string>{"`[0-9]+`", "`^a.b`", "`([a-z])([0-9])?`", "`b|`",
                                              "`(?i)ABC`", "`.`", "`^$`", "`\\d{2}`", "\"é\""});
  }
  std::string Number(int depth) {
    const auto any = [&] { return Any(depth); };
    switch (dice_->Below(10)) {
      case 0:
        return fmt::format("{}({})", dice_->Of(std::vector<std::string>{"MIN", "MAX"}),
                           Arguments(depth, 1, 3));
      case 1:
        return fmt::format("INT({})", any());
      case 2:
        return fmt::format("FLOAT({})", any());
      case 3:
        return fmt::format("LENGTH({}{})", any(),
                           dice_->Of(std::vector<std::string>{"", ", \"bytes\"", ", \"chars\""}));
      case 4:
        return fmt::format("REG_COUNT({}, {})", any(), Regex());
      case 5:
        return fmt::format("UNIX_TIMESTAMP({})", any());
      case 6:
        return dice_->OneIn(2) ? "EVENT_TIMESTAMP()" : fmt::format("LOG10({})", any());
      default:
        return fmt::format("({} {} {})", any(),
                           dice_->Of(std::vector<std::string>{"+", "-", "*", "/", "%"}), any());
    }
  }
  std::string Text(int depth) {
    const auto any = [&] { return Any(depth); };
    switch (dice_->Below(6)) {
      case 0:
        return fmt::format("STRING({})", any());
      case 1:
        return fmt::format("TO_LOWER({})", any());
      case 2:
        return fmt::format("REG_VALUE({}, {})", any(), Regex());
      case 3:
        return fmt::format("BUCKET({}, {})", any(),
                           dice_->Of(std::vector<std::string>{"10", "0.5", "10, 0", "10, 0, 30",
                                                              "0.1, -1, 1.25"}));
      case 4:
        return fmt::format(
            "FORMAT_TIME(\"{}\", {})",
            dice_->Of(std::vector<std::string>{"%Y-%m-%d %H:%M:%S", "%a %A %b %B %e %j", "%k|%l|%P",
                                               "%U %W %V %G %g %u %w", "%s", "%c %x %X", "%C%y%%%n",
                                               "%I %p %r %R %T %D %F %h %z %Z", ""}),
            any());
      default:
        return fmt::format("CONCAT({})", Arguments(depth, 1, 3));
    }
  }

  Dice* dice_;
};

std::string Shown(const ExpressionValue& value) {
  static constexpr const char* kNames[] = {"null", "int", "float", "bool", "text"};
  return fmt::format("{} '{}'", kNames[value.index()], TextOf(value));
}

bool AreAlike(const ExpressionValue& a, const ExpressionValue& b) {
  const auto* real_a = std::get_if<double>(&a);
  const auto* real_b = std::get_if<double>(&b);
  if (real_a == nullptr || real_b == nullptr) return a == b;
  if (std::isnan(*real_a) || std::isnan(*real_b)) return std::isnan(*real_a) == std::isnan(*real_b);
  return *real_a == *real_b || std::fabs(*real_a - *real_b) <= 1e-12 * std::fabs(*real_a);
}

TEST(ExpressionProperty, TheEngineAnswersAsEvaluateDoes) {
  constexpr size_t kRows = 40;
  constexpr size_t kTogether = 25;
  const char* fixed = std::getenv("SKEP_EXPRESSION_SEED");
  const char* rounds_text = std::getenv("SKEP_EXPRESSION_ROUNDS");
  const uint64_t seed = fixed != nullptr ? std::strtoull(fixed, nullptr, 10) : 20261125;
  const int rounds = rounds_text != nullptr ? std::atoi(rounds_text) : 16;
  SKEP_OPEN_TEST_STORE(store);
  Dice dice(seed);
  ExpressionWorld world(store.get(), RandomRows(kRows, &dice));
  std::map<std::string, TypeSet, std::less<>> known;
  for (const std::string& column : kColumns) known[column] = TypesOfColumn(column);
  const TestColumns typed(known);
  const TestColumns untyped;
  for (int round = 0; round < rounds; ++round) {
    const TestColumns& columns = round % 2 == 0 ? typed : untyped;
    std::vector<std::string> texts;
    std::vector<Expression> expressions;
    while (expressions.size() < kTogether) {
      const std::string text = Writer(&dice).Any(round % 4 == 3 ? 3 : 2);
      size_t position = 0;
      auto parsed = ParseExpression(text, &position);
      ASSERT_TRUE(parsed) << text << "\n" << parsed.error().message << " at " << position;
      texts.push_back(text);
      expressions.push_back(std::move(*parsed));
    }
    const auto answered = world.Values(expressions, columns);
    if (!answered) {
      // One by one, to name the one.
      for (size_t i = 0; i < expressions.size(); ++i) {
        const auto alone = world.Values({expressions[i]}, columns);
        EXPECT_TRUE(alone) << "seed " << seed << ": " << texts[i] << "\n"
                           << alone.error().message << ": " << alone.error().detail.substr(0, 3000);
      }
      FAIL() << "seed " << seed << ", round " << round << ": "
             << answered.error().detail.substr(0, 1000);
    }
    for (size_t i = 0; i < expressions.size(); ++i) {
      for (size_t n = 0; n < world.size(); ++n) {
        const ExpressionValue judged = Evaluate(expressions[i], world.row(n));
        const ExpressionValue& said = (*answered)[i][n];
        if (AreAlike(judged, said)) continue;
        std::string row;
        for (const std::string& column : ColumnsOf(expressions[i]))
          row += fmt::format(" {}={}", column, Shown(world.row(n).Column(column)));
        ADD_FAILURE() << "seed " << seed << ": " << texts[i] << "\nrow" << row << "\nis "
                      << Shown(judged) << ", the engine says " << Shown(said);
        break;
      }
    }
  }
}

}  // namespace
}  // namespace skep
