// SPDX-License-Identifier: Apache-2.0
#include "query/explore/spec_json.h"

#include <gtest/gtest.h>

namespace skep {
namespace {

TEST(SpecJsonTest, ReadsBackAsItself) {
  const std::string_view text =
      R"({"breakdowns":["user","root.name"],"calculations":[{"op":"COUNT"},{"op":"P99",)"
      R"("column":"duration_ms","name":"slow","filters":[{"column":"a","op":"in","value":[1,"b",)"
      R"(true,0.5]}],"filter_combination":"OR"}],"filters":[{"column":"x","op":"exists"},{"or":[)"
      R"({"not":{"column":"y","op":"=","value":"z"}},{"and":[]}]}],"filter_combination":"OR",)"
      R"("orders":[{"column":"user"},{"column":"duration_ms","op":"P99",)"
      R"("order":"descending"}],"havings":[{"calculate_op":"COUNT","op":">=","value":2.5}],)"
      R"("calculated_fields":[{"name":"c","expression":"$a + 1"}],"formulas":[{"name":"f",)"
      R"("expression":"$slow / 2"}],"limit":7,"start_time":10,"time_range":60,"granularity":5,)"
      R"("compare_time_offset_seconds":1800,"usage_mode":true})";
  SpecErrors errors;
  const auto spec = ParseQuerySpec(text, &errors);
  ASSERT_TRUE(spec) << ErrorOf(errors).message;
  EXPECT_EQ(RenderQuerySpec(*spec), text);
  EXPECT_EQ(spec->calculations[1].Key(), "slow");
  EXPECT_EQ(spec->filters[1].parts[0].parts[0].column, "y");
}

// As Honeycomb does: COUNT and the range are spelled out, AND and what is empty are not.
TEST(SpecJsonTest, DefaultsAreSpelledAsHoneycombDoes) {
  SpecErrors errors;
  const auto spec = ParseQuerySpec(
      R"({"filter_combination":"AND","breakdowns":[],"limit":null,"id":"x"})", &errors);
  ASSERT_TRUE(spec) << ErrorOf(errors).message;
  EXPECT_EQ(RenderQuerySpec(*spec), R"({"calculations":[{"op":"COUNT"}],"time_range":7200})");
}

TEST(SpecJsonTest, TheFirstErrorStandsForAll) {
  SpecErrors errors;
  EXPECT_FALSE(ParseQuerySpec(R"({"limit":0,"breakdowns":[1]})", &errors));
  ASSERT_EQ(errors.size(), 2u);
  EXPECT_EQ(ErrorOf(errors).message, "breakdowns[0]: must be text");
  EXPECT_EQ(ErrorOf(errors).code, Code::kInvalidArgument);
  EXPECT_EQ(NameOf(errors[0].code), "incorrect_type");
  EXPECT_EQ(NameOf(errors[1].code), "invalid");
}

TEST(SpecJsonTest, NestingHasABound) {
  std::string text = R"({"filters":[)";
  for (int i = 0; i < 100; ++i) text += R"({"not":)";
  text += R"({"column":"a","op":"exists"})" + std::string(100, '}') + "]}";
  SpecErrors errors;
  EXPECT_FALSE(ParseQuerySpec(text, &errors));
  EXPECT_EQ(errors.size(), 1u);
}

TEST(SpecJsonTest, AFilterAlone) {
  const auto document = JsonDocument::Parse(R"({"and":[{"column":"a","op":">","value":1}]})");
  ASSERT_TRUE(document);
  SpecErrors errors;
  const auto filter = ParseSpecFilter(document->root(), "selection", &errors);
  ASSERT_TRUE(filter);
  JsonWriter json;
  RenderSpecFilter(*filter, &json);
  EXPECT_EQ(json.text(), R"({"and":[{"column":"a","op":">","value":1}]})");
  const auto wrong = JsonDocument::Parse(R"({"and":[{"column":"a","op":">"}]})");
  ASSERT_TRUE(wrong);
  EXPECT_FALSE(ParseSpecFilter(wrong->root(), "selection", &errors));
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].field, "selection.and[0].value");
}

}  // namespace
}  // namespace skep
