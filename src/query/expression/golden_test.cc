// SPDX-License-Identifier: Apache-2.0
// Runs tests/golden/expression: expressions, the tree that they become, and their SQL, word for
// word; each of those statements also runs on the engine.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "doors/golden/suite.h"
#include "query/expression/check.h"
#include "query/expression/parse.h"
#include "query/expression/testing.h"
#include "query/expression/values.h"
#include "store/testing.h"

namespace skep {
namespace {

using golden::CaseFile;
using testing::TestColumns;

constexpr std::pair<ValueType, const char*> kTypeNames[] = {{ValueType::kInt64, "int"},
                                                            {ValueType::kFloat64, "float"},
                                                            {ValueType::kBool, "bool"},
                                                            {ValueType::kString, "text"}};

// `types: ms=float url=int,text`; a column that is not named may have any type.
TestColumns ColumnsOf(const CaseFile& file) {
  std::map<std::string, TypeSet, std::less<>> columns;
  std::string rest = file.Key("types");
  while (!rest.empty()) {
    const std::string entry = rest.substr(0, rest.find(' '));
    rest.erase(0, entry.size() + 1);
    const size_t sign = entry.find('=');
    TypeSet types;
    for (const auto& [type, name] : kTypeNames) {
      if (entry.find(name, sign) != std::string::npos) types |= type;
    }
    columns[entry.substr(0, sign)] = types;
  }
  return TestColumns(columns);
}

// The tree with all calls written out.
std::string Spell(const Expression& expression) {
  if (expression.kind == Expression::Kind::kColumn) return "$\"" + expression.column + "\"";
  if (expression.kind == Expression::Kind::kLiteral) {
    if (IsNull(expression.literal)) return "null";
    const std::string text = TextOf(expression.literal);
    if (IsTextLiteral(expression)) return "\"" + text + "\"";
    const bool is_whole_float = std::holds_alternative<double>(expression.literal) &&
                                text.find_first_of(".e") == std::string::npos;
    return is_whole_float ? text + ".0" : text;
  }
  std::string text(NameOf(expression.function));
  text += '(';
  for (const Expression& argument : expression.arguments) {
    if (&argument != &expression.arguments.front()) text += ", ";
    text += Spell(argument);
  }
  return text + ')';
}

Result<Expression> Parse(const CaseFile& file) {
  size_t position = 0;
  auto parsed = ParseExpression(file.Key("expression"), &position);
  if (!parsed)
    return Error(parsed.error().code,
                 fmt::format("{} (byte {})", parsed.error().message, position));
  return parsed;
}

golden::Harness MakeHarness() {
  golden::Harness harness;
  harness.plan = [](const CaseFile& file) -> Result<std::string> {
    SKEP_ASSIGN(const Expression expression, Parse(file));
    const TestColumns columns = ColumnsOf(file);
    std::string text = Spell(expression);
    for (const auto& [type, name] : kTypeNames) {
      if (!TypesOf(expression, columns).Has(type)) continue;
      SqlWriter sql;
      SKEP_TRY(AppendExpression(expression, type, columns, &sql));
      const Statement statement = sql.Take();
      text += fmt::format("\n{}: {}", name, statement.sql);
      for (const auto& [parameter, value] : statement.parameters)
        text += fmt::format("\n  {} = {}", parameter, value);
    }
    return text;
  };
  return harness;
}

SKEP_GOLDEN_SUITE(Expression, "expression", MakeHarness);

TEST_P(Golden, TheEngineTakesIt) {
  const auto text = golden::ReadFile(GetParam());
  ASSERT_TRUE(text);
  const auto file = golden::ParseCase(*text);
  ASSERT_TRUE(file);
  const auto expression = Parse(*file);
  if (!expression) return;
  SKEP_OPEN_TEST_STORE(store);
  testing::ExpressionWorld world(store.get(), {{}});
  const auto values = world.Values({*expression}, ColumnsOf(*file));
  EXPECT_TRUE(values) << values.error().message << ": " << values.error().detail;
}

}  // namespace
}  // namespace skep
