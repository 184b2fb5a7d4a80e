// SPDX-License-Identifier: Apache-2.0
#include "query/filter.h"

#include <gtest/gtest.h>

namespace skep {
namespace {

std::string Spell(const Filter& filter) {
  constexpr const char* kOps[] = {"=", "!=", ">", ">=", "<", "<=", "contains", "exists"};
  std::string text;
  for (const FilterTerm& term : filter.terms)
    text += "[" + term.field + "|" + kOps[static_cast<int>(term.op)] + "|" + term.value +
            (term.quoted ? "|q]" : "]");
  return text;
}

struct Case {
  const char* text;
  const char* expected;
};

TEST(FilterTest, Terms) {
  const Case cases[] = {
      {"", ""},
      {"   ", ""},
      {"service = backend-flask", "[service|=|backend-flask]"},
      {"duration_ms>200", "[duration_ms|>|200]"},
      {"a >= 1 and b <= 2 AND c != 3 AND d < 4", "[a|>=|1][b|<=|2][c|!=|3][d|<|4]"},
      {"app.user_handle exists", "[app.user_handle|exists|]"},
      {"route CONTAINS activities AND status = 500", "[route|contains|activities][status|=|500]"},
      {"name = \"two words\"", "[name|=|two words|q]"},
      {"name = two words", "[name|=|two words]"},
      {"x = \"a AND \\\"b\\\" \\\\\"", "[x|=|a AND \"b\" \\|q]"},
      {"boom: row has no", "[|contains|boom: row has no]"},
      {"\"a = b\"", "[|contains|a = b|q]"},
      {"\"odd name\" = 1", "[odd name|=|1]"},
      {"sandy AND ORlando", "[|contains|sandy][|contains|ORlando]"},
      {"contains", "[|contains|contains]"},
      {"x = \"\"", "[x|=||q]"},
  };
  for (const Case& c : cases) {
    size_t position = 0;
    const Result<Filter> filter = ParseFilter(c.text, &position);
    ASSERT_TRUE(filter.has_value()) << c.text << ": " << filter.error().message;
    EXPECT_EQ(Spell(*filter), c.expected) << c.text;
  }
}

TEST(FilterTest, ErrorsSayWhere) {
  struct Bad {
    std::string text;
    size_t position;
  };
  std::string many = "a = 1";
  for (int i = 0; i < 32; ++i) many += " AND a = 1";
  const Bad cases[] = {
      {"= 5", 0},
      {"a =", 3},
      {"a = AND b = 1", 4},
      {"a = 1 AND", 9},
      {"a = 1 AND  ", 11},
      {"AND a = 1", 0},
      {"a = \"open", 4},
      {"\"open", 0},
      {"a = \"x\" b = 2", 8},
      {"a exists b", 9},
      {std::string(9000, 'x'), 8192},
      {std::string(2000, 'x') + " = 1", 0},
      {many, many.size() - 5},
      {"\"\"", 0},
  };
  for (const Bad& c : cases) {
    size_t position = 999;
    const Result<Filter> filter = ParseFilter(c.text, &position);
    ASSERT_FALSE(filter.has_value()) << c.text;
    EXPECT_EQ(filter.error().code, Code::kInvalidArgument) << c.text;
    EXPECT_EQ(position, c.position) << c.text;
  }
}

}  // namespace
}  // namespace skep
