// SPDX-License-Identifier: Apache-2.0
#include "query/explore/used_fields.h"

#include <gtest/gtest.h>

#include <string>

#include "base/check.h"
#include "query/explore/spec_json.h"

namespace skep {
namespace {

const std::vector<CalculatedField> kKept = {{"slow", "GTE($duration_ms, $limit)"},
                                            {"limit", "300"},
                                            {"loop", "SUM($loop, 1)"},
                                            {"other", "1"},
                                            {"slow", "false"}};

// The names that the query has then, in order.
std::string Used(std::string_view query) {
  SpecErrors errors;
  auto spec = ParseQuerySpec(query, &errors);
  EXPECT_TRUE(spec.has_value());
  if (!spec) return {};
  AddUsedFields(kKept, &*spec);
  std::string names;
  for (const CalculatedField& field : spec->calculated_fields)
    names += field.name + "=" + field.expression + ";";
  return names;
}

TEST(UsedFieldsTest, WhatIsNamedAndWhatThatNames) {
  EXPECT_EQ(Used(R"({"breakdowns":["slow"]})"), "limit=300;slow=GTE($duration_ms, $limit);");
  EXPECT_EQ(Used(R"({"calculations":[{"op":"SUM","column":"limit"}]})"), "limit=300;");
  EXPECT_EQ(Used(R"({"filters":[{"or":[{"column":"other","op":"exists"}]}]})"), "other=1;");
  EXPECT_EQ(Used(R"({"filters":[{"column":"root.other","op":"exists"}]})"), "other=1;");
  EXPECT_EQ(Used(R"({"calculated_fields":[{"name":"a","expression":"$other"}]})"),
            "other=1;a=$other;");
}

TEST(UsedFieldsTest, WhatIsNamedStandsBeforeWhatNamesIt) {
  const std::vector<CalculatedField> kept = {
      {"a", "SUM($b, $c)"}, {"c", "SUM($b, 1)"}, {"b", "2"}, {"x", "$y"}, {"y", "$x"}};
  const auto names = [&](std::string_view query) {
    SpecErrors errors;
    auto spec = ParseQuerySpec(query, &errors);
    SKEP_CHECK(spec.has_value());
    AddUsedFields(kept, &*spec);
    std::string text;
    for (const CalculatedField& field : spec->calculated_fields) text += field.name;
    return text;
  };
  EXPECT_EQ(names(R"({"breakdowns":["a"]})"), "bca");
  EXPECT_EQ(names(R"({"breakdowns":["x"]})"), "xy");  // a ring
}

TEST(UsedFieldsTest, NothingElse) {
  EXPECT_EQ(Used("{}"), "");
  EXPECT_EQ(Used(R"({"breakdowns":["duration_ms"]})"), "");
}

TEST(UsedFieldsTest, AQuerysOwnFieldGoesFirst) {
  EXPECT_EQ(
      Used(R"({"breakdowns":["slow"],"calculated_fields":[{"name":"slow","expression":"1"}]})"),
      "slow=1;");
}

TEST(UsedFieldsTest, AFieldThatNamesItselfEnds) {
  EXPECT_EQ(Used(R"({"breakdowns":["loop"]})"), "loop=SUM($loop, 1);");
}

}  // namespace
}  // namespace skep
