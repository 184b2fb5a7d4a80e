// SPDX-License-Identifier: Apache-2.0
// Queries over records made by hand, on the engine.
#include "query/explore/run_query.h"

#include <gtest/gtest.h>

#include <cmath>

#include "query/explore/result_json.h"
#include "query/explore/spec_json.h"
#include "query/testing.h"
#include "store/testing.h"

namespace skep {
namespace {

using testing::kTestTimeNs;
using testing::TestRecord;
using testing::TestWorld;

constexpr int64_t kTestTimeS = kTestTimeNs / 1'000'000'000;

// The minute from kTestTimeNs on, unless the query says something else.
Result<QueryResult> Ask(TestWorld& world, std::string_view json,
                        const FieldTypes& types = FieldTypes::All()) {
  SpecErrors errors;
  auto spec = ParseQuerySpec(json, &errors);
  if (!spec) return ErrorOf(errors);
  if (!spec->start_time && !spec->end_time && !spec->time_range) {
    spec->start_time = kTestTimeS;
    spec->time_range = 60;
  }
  QueryRequest request;
  request.spec = std::move(*spec);
  request.now_ns = kTestTimeNs;
  return RunQuery(world.reader(), request, types, {});
}

// The summary as `group…: measure…` lines.
std::string Spell(const Measures& measures) {
  std::string text;
  for (const Measure& measure : measures) {
    JsonWriter json;
    if (measure.IsNull())
      json.Null();
    else if (const auto* number = std::get_if<double>(&measure.value))
      json.Float(*number);
    else
      for (const HeatmapCell& cell : std::get<Heatmap>(measure.value))
        json.Raw(std::to_string(cell.low) + "-" + std::to_string(cell.high) + ":" +
                 std::to_string(cell.count) + ";");
    text += " " + json.Take();
  }
  return text;
}

std::string Spell(const Result<QueryResult>& result) {
  if (!result) return result.error().message + " " + result.error().detail;
  std::string text;
  for (const ResultRow& row : result->rows) {
    JsonWriter json;
    json.BeginArray();
    for (const SpecValue& value : row.group) {
      if (const auto* flag = std::get_if<bool>(&value)) json.Bool(*flag);
      if (const auto* whole = std::get_if<int64_t>(&value)) json.Int(*whole);
      if (const auto* real = std::get_if<double>(&value)) json.Float(*real);
      if (const auto* of_text = std::get_if<std::string>(&value)) json.String(*of_text);
      if (std::holds_alternative<std::monostate>(value)) json.Null();
    }
    json.EndArray();
    text += (row.group.empty() ? std::string() : json.Take()) + Spell(row.measures) + "\n";
  }
  if (!result->other.empty()) text += "OTHER" + Spell(result->other) + "\n";
  return text;
}

TestRecord Request(uint8_t trace, int64_t at_ms, uint64_t ms, TestRecord::Value status) {
  return TestRecord::Span(Door::kOtlp, trace, trace, 0, "GET /")
      .At(at_ms)
      .For(ms)
      .Server()
      .With("status", std::move(status));
}

TEST(RunQueryTest, WeighsBySampleRate) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  TestRecord fast = Request(1, 10, 200, int64_t{200});
  TestRecord slow = Request(2, 20, 1100, int64_t{200});
  fast.record.sample_rate = 10;
  slow.record.sample_rate = 10;
  world.Add(fast);
  world.Add(slow);
  world.Commit();
  const auto result = Ask(world, R"({"calculations":[{"op":"COUNT"},{"op":"AVG","column":
      "duration_ms"},{"op":"SUM","column":"duration_ms"},{"op":"P50","column":"duration_ms"},
      {"op":"MIN","column":"duration_ms"},{"op":"MAX","column":"duration_ms"},
      {"op":"COUNT_DISTINCT","column":"duration_ms"}]})");
  EXPECT_EQ(Spell(result), " 20 650 13000 1100 200 1100 2\n");
  ASSERT_TRUE(result);
  EXPECT_NEAR(result->total[0].standard_error, std::sqrt(180.0), 1e-9);
  EXPECT_NEAR(result->total[1].standard_error, std::sqrt(180.0 * 450 * 450) / 20, 1e-9);
  EXPECT_NEAR(result->total[2].standard_error, std::sqrt(90.0 * (200 * 200 + 1100 * 1100)), 1e-6);
  EXPECT_EQ(Spell(Ask(world, R"({"usage_mode":true})")), " 2\n");
}

TEST(RunQueryTest, GroupsOfMixedTypes) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  world.Add(Request(1, 1000, 10, int64_t{200}));
  world.Add(Request(2, 2000, 20, 200.0));
  world.Add(Request(3, 3000, 30, "200"));
  world.Add(Request(4, 4000, 40, true));
  world.Add(Request(5, 31000, 50, "true"));
  world.Add(Request(6, 32000, 60, "worf"));
  world.Add(TestRecord::Span(Door::kOtlp, 7, 7, 0, "none").At(33000).For(70));
  world.Add(TestRecord::Span(Door::kOtlp, 8, 8, 0, "open").At(33000).Open());
  world.Commit();
  const std::string_view by_status =
      R"({"breakdowns":["status"],"calculations":[{"op":"COUNT"},{"op":"MAX","column":
          "duration_ms"},{"op":"SUM","column":"status"}],"orders":[{"op":"COUNT",
          "order":"descending"},{"op":"MAX","column":"duration_ms"}]})";
  EXPECT_EQ(Spell(Ask(world, by_status)),
            "[200] 3 30 600\n[true] 2 50 1\n[\"worf\"] 1 60 null\n[null] 1 70 null\n");
  const auto cut = Ask(world, R"({"breakdowns":["status"],"limit":1,"granularity":30})");
  EXPECT_EQ(Spell(cut), "[200] 3\nOTHER 4\n");
  ASSERT_TRUE(cut);
  EXPECT_EQ(Spell(cut->total), " 7");
  ASSERT_EQ(cut->series.size(), 1u);
  EXPECT_EQ(cut->series[0].time_s, kTestTimeS);
  ASSERT_EQ(cut->other_series.size(), 2u);
  EXPECT_EQ(Spell(cut->other_series[1].measures), " 3");
  ASSERT_EQ(cut->total_series.size(), 2u);
  EXPECT_EQ(Spell(cut->total_series[0].measures), " 4");
}

TEST(RunQueryTest, FiltersAsAPersonExpects) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  world.Add(Request(1, 1, 1, int64_t{200}));
  world.Add(Request(2, 2, 2, 200.0));
  world.Add(Request(3, 3, 3, "200"));
  world.Add(Request(4, 4, 4, true));
  world.Add(Request(5, 5, 5, "true"));
  world.Add(Request(6, 6, 6, "worf"));
  world.Add(Request(7, 7, 7, 0.5));
  world.Add(TestRecord::Span(Door::kOtlp, 8, 8, 0, "none").At(8).For(8));
  world.Commit();
  const std::pair<const char*, const char*> cases[] = {
      {R"({"column":"status","op":"=","value":200})", "1 2 3"},
      {R"({"column":"status","op":"=","value":"200"})", "1 2 3"},
      {R"({"column":"status","op":"!=","value":200})", "4 5 6 7 8"},
      {R"({"column":"status","op":"=","value":true})", "1 2 4 5 7"},
      {R"({"column":"status","op":"=","value":false})", "3 6"},
      {R"({"column":"status","op":"=","value":"true"})", "4 5"},
      {R"({"column":"status","op":"=","value":"worf"})", "6"},
      {R"({"column":"status","op":">","value":0.9})", "1 2 3 4"},
      {R"({"column":"status","op":"<=","value":1})", "4 7"},
      {R"({"column":"status","op":">=","value":"true"})", "4 5 6"},
      {R"({"column":"status","op":"starts-with","value":"2"})", "1 2 3"},
      {R"({"column":"status","op":"does-not-start-with","value":"2"})", "4 5 6 7 8"},
      {R"({"column":"status","op":"ends-with","value":"e"})", "4 5"},
      {R"({"column":"status","op":"does-not-end-with","value":"e"})", "1 2 3 6 7 8"},
      {R"({"column":"status","op":"contains","value":"or"})", "6"},
      {R"({"column":"status","op":"does-not-contain","value":"0"})", "4 5 6 8"},
      {R"({"column":"status","op":"exists"})", "1 2 3 4 5 6 7"},
      {R"({"column":"status","op":"does-not-exist"})", "8"},
      {R"({"column":"status","op":"in","value":[200,"worf",true]})", "1 2 3 4 5 6 7"},
      {R"({"column":"status","op":"in","value":[0.5,"worf"]})", "6 7"},
      {R"({"column":"status","op":"not-in","value":[200,"worf"]})", "4 5 7 8"},
      {R"({"column":"status","op":"in","value":[]})", ""},
      {R"({"not":{"or":[{"column":"status","op":"=","value":200},{"and":[
          {"column":"duration_ms","op":">","value":4},{"column":"name","op":"=",
          "value":"GET /"}]}]}})",
       "4 8"},
      {R"({"and":[]})", "1 2 3 4 5 6 7 8"},
      {R"({"column":"trace.trace_id","op":"=","value":"0af70000000000000000000000000003"})", "3"},
      {R"({"column":"trace.parent_id","op":"does-not-exist"})", "1 2 3 4 5 6 7 8"},
  };
  for (const auto& [filter, expected] : cases) {
    const auto result =
        Ask(world, std::string(R"({"breakdowns":["duration_ms"],"orders":[{"column":"duration_ms"}],
            "filters":[)") +
                       filter + "]}");
    std::string found;
    if (!result) found = result.error().message + result.error().detail;
    if (result)
      for (const ResultRow& row : result->rows)
        found += (found.empty() ? "" : " ") + std::to_string(std::get<int64_t>(row.group[0]));
    EXPECT_EQ(found, expected) << filter;
  }
}

TEST(RunQueryTest, HeatmapsAndPercentiles) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  for (uint8_t i = 1; i <= 20; ++i) world.Add(Request(i, i * 1000, i, int64_t{i % 2}));
  world.Commit();
  const auto result = Ask(world, R"({"breakdowns":["status"],"granularity":30,"calculations":[
      {"op":"HEATMAP","column":"duration_ms"},{"op":"P95","column":"duration_ms"},
      {"op":"P50","column":"duration_ms"},{"op":"COUNT","column":"status","name":"odd","filters":[
      {"column":"status","op":"=","value":1}]}],"orders":[{"column":"status"}]})");
  ASSERT_TRUE(result) << result.error().detail;
  ASSERT_EQ(result->rows.size(), 2u);
  const auto& even = std::get<Heatmap>(result->rows[0].measures[0].value);
  ASSERT_EQ(even.size(), 10u);
  EXPECT_EQ(even[0].low, 2);
  EXPECT_EQ(even[0].high, 2.25);
  EXPECT_EQ(even[9].low, 20);
  EXPECT_EQ(even[9].high, 22);
  EXPECT_EQ(even[9].count, 1);
  EXPECT_EQ(std::get<Heatmap>(result->total[0].value).size(), 18u);
  EXPECT_EQ(result->total[1].Number(), 20);
  EXPECT_EQ(result->total[2].Number(), 11);
  EXPECT_EQ(result->total[3].Number(), 10);
  EXPECT_EQ(result->keys, (std::vector<std::string>{"HEATMAP(duration_ms)", "P95(duration_ms)",
                                                    "P50(duration_ms)", "odd"}));
}

}  // namespace
}  // namespace skep
