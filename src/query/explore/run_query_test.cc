// SPDX-License-Identifier: Apache-2.0
// Queries over records made by hand, on the engine.
#include "query/explore/run_query.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "query/explore/query_answer.h"
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
  std::string text(json);
  if (text.find("_time\"") == std::string::npos)
    text = "{\"start_time\":" + std::to_string(kTestTimeS) + ",\"time_range\":60" +
           (text == "{}" ? "" : ",") + text.substr(1);
  auto spec = ParseQuerySpec(text, &errors);
  if (!spec) return ErrorOf(errors);
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

TEST(RunQueryTest, RatesThatAreNoWholeNumbers) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  const double rates[] = {1.5, 1, 2.25, 4.0 / 3};
  for (uint8_t i = 0; i < 4; ++i) {
    TestRecord record = Request(static_cast<uint8_t>(i + 1), i, i + 1, int64_t{1});
    record.record.sample_rate = rates[i];
    world.Add(record);
  }
  world.Commit();
  // 6.0833 in all: half of it, 3.04, is reached with the third value, 3/4 of it, 4.56, too.
  EXPECT_EQ(Spell(Ask(world, R"({"calculations":[{"op":"P20","column":"duration_ms"},{"op":"P25",
      "column":"duration_ms"},{"op":"P50","column":"duration_ms"},{"op":"P75","column":
      "duration_ms"},{"op":"P80","column":"duration_ms"}]})")),
            " 1 2 3 3 4\n");
  // Where ranks fall between two values, sampled and unsampled rows agree.
  const std::string_view halves = R"({"calculations":[{"op":"P50","column":"duration_ms"}],
      "filters":[{"column":"duration_ms","op":"in","value":[5,6]}]})";
  world.Add(Request(5, 5, 5, int64_t{1}));
  world.Add(Request(6, 6, 6, int64_t{1}));
  world.Commit();
  EXPECT_EQ(Spell(Ask(world, halves)), " 6\n");
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

TEST(RunQueryTest, SetsOfAnyTextAndSize) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  const std::string texts[] = {"it's",     "a\\b", "tab\tline\n", std::string("nul\0x", 5),
                               "\xc3\xa9", "]"};
  for (uint8_t i = 0; i < 6; ++i) world.Add(Request(static_cast<uint8_t>(i + 1), i, i, texts[i]));
  world.Commit();
  JsonWriter set;
  set.BeginArray();
  for (const std::string& text : texts) set.String(text);
  for (int i = 0; i < 3000; ++i) set.String("user-" + std::to_string(i));
  set.EndArray();
  const std::string in = R"({"column":"status","op":"in","value":)" + set.text() + "}";
  EXPECT_EQ(Spell(Ask(world, R"({"filters":[)" + in + "]}")), " 6\n");
  EXPECT_EQ(Spell(Ask(world, R"({"filters":[{"not":)" + in + "}]}")), " 0\n");
  EXPECT_EQ(
      Spell(Ask(world, R"({"filters":[{"column":"status","op":"in","value":["it","a",""]}]})")),
      " 0\n");
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

// Two traces: a root with two children, one of them failed with a child of its own; and a root
// alone. A line within the first one.
struct Traces {
  TestWorld world;
  explicit Traces(Store* store) : world(store) {
    const auto span = [&](uint8_t trace, uint8_t id, uint8_t parent, const char* name, int64_t at,
                          uint64_t ms) {
      return TestRecord::Span(Door::kOtlp, trace, id, parent, name).At(at).For(ms);
    };
    world.Add(span(1, 1, 0, "GET /a", 1000, 50).With("user", "worf"));
    world.Add(span(1, 2, 1, "query", 1010, 10).Of("db"));
    world.Add(span(1, 3, 1, "call", 1020, 20).Failed());
    world.Add(span(1, 4, 3, "query", 1025, 5).Of("db"));
    world.Add(span(2, 5, 0, "GET /b", 61000, 7).With("user", "data"));
    world.Add(span(3, 6, 9, "orphan", 2000, 3));
    world.Add(TestRecord::Line(Door::kOtlp, 1, 3, "hello").At(1022));
    world.Commit();
  }
};

TEST(RunQueryTest, OtherSpansOfTheTrace) {
  SKEP_OPEN_TEST_STORE(store);
  Traces traces(store.get());
  const std::pair<const char*, const char*> cases[] = {
      {R"({"column":"root.user","op":"=","value":"worf"})", "GET /a call hello query query"},
      {R"({"column":"root.user","op":"!=","value":"worf"})", "GET /b"},
      {R"({"column":"parent.error","op":"=","value":true})", "query"},
      {R"({"column":"parent.name","op":"=","value":"GET /a"})", "call query"},
      {R"({"column":"child.name","op":"=","value":"query"})", "GET /a call hello"},
      {R"({"column":"child.error","op":"exists"})", "GET /a"},
      {R"({"column":"any.error","op":"=","value":true})", "GET /a hello query query"},
      {R"({"column":"any.name","op":"=","value":"query"})", "GET /a call hello query query"},
      {R"({"column":"any.name","op":"=","value":"query"},{"column":"any.duration_ms","op":">",
          "value":6})",
       "GET /a call hello query"},
      {R"({"column":"any.name","op":"=","value":"query"},{"column":"any2.error","op":"exists"},
          {"column":"name","op":"=","value":"GET /a"})",
       "GET /a"},
      {R"({"column":"none.error","op":"=","value":true})", "GET /b orphan"},
      {R"({"column":"none.trace.parent_id","op":"does-not-exist"})", "orphan"},
      {R"({"column":"root.name","op":"=","value":"GET /b"},{"column":"root.user","op":"=",
          "value":"worf"})",
       ""},
  };
  for (const auto& [filters, expected] : cases) {
    const auto result = Ask(traces.world, std::string(R"({"time_range":600,"end_time":)") +
                                              std::to_string(kTestTimeS + 300) +
                                              R"(,"breakdowns":["name","body"],"orders":[
        {"column":"name"},{"column":"body"}],"filters":[)" +
                                              filters + "]}");
    std::vector<std::string> found;
    if (!result) found.push_back(result.error().message + result.error().detail);
    if (result)
      for (const ResultRow& row : result->rows)
        for (int i = 0; i < row.measures[0].Number(); ++i)
          found.push_back(std::get<std::string>(row.group[row.group[0].index() == 0 ? 1 : 0]));
    std::sort(found.begin(), found.end());
    std::string text;
    for (const std::string& each : found) text += (text.empty() ? "" : " ") + each;
    EXPECT_EQ(text, expected) << filters;
  }
  EXPECT_EQ(Spell(Ask(traces.world, R"({"breakdowns":["root.user","parent.name"],"filters":[
      {"column":"signal","op":"=","value":"span"}],"orders":[{"column":"parent.name"},
      {"column":"root.user"}]})")),
            "[\"worf\",\"GET /a\"] 2\n[\"worf\",\"call\"] 1\n[\"worf\",null] 1\n"
            "[null,null] 1\n");
  EXPECT_EQ(Spell(Ask(traces.world, R"({"breakdowns":["child.error"],"filters":[{"column":
      "child.error","op":"exists"}]})")),
            "[true] 1\n");
  EXPECT_EQ(Spell(Ask(traces.world, R"({"breakdowns":["any.name"],"filters":[{"column":"any.name",
      "op":"=","value":"query"},{"column":"name","op":"=","value":"query"}]})")),
            "[\"query\"] 2\n");
}

TEST(RunQueryTest, ConcurrencyIsCoveredTime) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  world.Add(Request(1, -5000, 20'000, int64_t{1}));
  world.Add(Request(2, 10'000, 30'000, int64_t{1}));
  world.Add(Request(3, 50'000, 100'000, int64_t{1}));
  world.Add(Request(4, -9000, 4000, int64_t{1}));
  world.Commit();
  const auto result = Ask(world, R"({"granularity":30,"calculations":[{"op":"CONCURRENCY"},
      {"op":"COUNT"},{"op":"MAX","column":"duration_ms"}]})");
  EXPECT_EQ(Spell(result), " 0.9166666666666666 2 1e+05\n");
  ASSERT_TRUE(result);
  ASSERT_EQ(result->series.size(), 2u);
  EXPECT_NEAR(result->series[0].measures[0].Number(), 35.0 / 30, 1e-12);
  EXPECT_EQ(result->series[0].measures[1].Number(), 1);
  EXPECT_NEAR(result->series[1].measures[0].Number(), 20.0 / 30, 1e-12);
  EXPECT_EQ(result->series[1].measures[1].Number(), 1);
  const auto compared = Ask(world, R"({"granularity":60,"compare_time_offset_seconds":1800,
      "calculations":[{"op":"CONCURRENCY"},{"op":"COUNT"}]})");
  EXPECT_EQ(Spell(compared), " 0.9166666666666666 2\n");
  ASSERT_TRUE(compared);
  EXPECT_EQ(compared->compare->rows[0].measures[0].Number(), 0);
  const auto grouped = Ask(world, R"({"breakdowns":["duration_ms"],"compare_time_offset_seconds":
      1800,"calculations":[{"op":"CONCURRENCY"}],"orders":[{"column":"duration_ms"}]})");
  EXPECT_EQ(Spell(grouped), "[20000] 0.25\n[30000] 0.5\n[100000] 0.16666666666666666\n");
}

TEST(RunQueryTest, StepsFormulasAndCalculatedFields) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  for (uint8_t i = 0; i < 6; ++i)
    world.Add(Request(static_cast<uint8_t>(i + 1), i * 10'000, i * i, int64_t{i % 2}));
  world.Commit();
  const auto steps = Ask(world, R"({"granularity":10,"calculations":[{"op":"RATE_MAX",
      "column":"duration_ms"}]})");
  EXPECT_EQ(Spell(steps), " 5\n");
  ASSERT_TRUE(steps);
  ASSERT_EQ(steps->series.size(), 6u);
  EXPECT_TRUE(steps->series[0].measures[0].IsNull());
  EXPECT_EQ(steps->series[5].measures[0].Number(), 9);
  EXPECT_EQ(Spell(Ask(world, R"({"granularity":10,"breakdowns":["status"],"calculations":[
      {"op":"RATE_SUM","column":"duration_ms"}],"havings":[{"calculate_op":"RATE_SUM","column":
      "duration_ms","op":">","value":8}]})")),
            "[1] 12\nOTHER 8\n");
  EXPECT_EQ(Spell(Ask(world, R"json({"breakdowns":["parity"],"calculated_fields":[{"name":"parity",
      "expression":"IF($status = 1, \"odd\", \"even\")"
},{"name":"twice","expression":
      "MUL($duration_ms, 2)"}],"calculations":[{"op":"COUNT"},{"op":"SUM","column":"twice",
      "name":"all"}],"formulas":[{"name":"each","expression":"$all / $COUNT"}],
      "orders":[{"column":"each","order":"descending"}]
})json")),
            "[\"odd\"] 23.333333333333332\n[\"even\"] 13.333333333333334\n");
}

TEST(RunQueryTest, ComparesWithAnEarlierPeriod) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  world.Add(Request(1, 1000, 10, "a"));
  world.Add(Request(2, 2000, 10, "a"));
  world.Add(Request(3, 31'000, 10, "b"));
  world.Add(Request(4, 31'000 - 1'800'000, 70, "a"));
  world.Add(Request(5, 31'000 - 1'800'000, 70, "c"));
  world.Add(Request(6, 31'000 - 900'000, 70, "a"));
  world.Commit();
  const auto result = Ask(world, R"({"granularity":30,"breakdowns":["status"],"limit":2,
      "compare_time_offset_seconds":1800})");
  EXPECT_EQ(Spell(result), "[\"a\"] 2\n[\"b\"] 1\n");
  ASSERT_TRUE(result && result->compare);
  const QueryResult& before = *result->compare;
  ASSERT_EQ(before.rows.size(), 2u);
  EXPECT_EQ(before.rows[0].measures[0].Number(), 1);
  EXPECT_EQ(before.rows[1].measures[0].Number(), 0);
  EXPECT_EQ(Spell(before.other), " 1");
  ASSERT_EQ(before.series.size(), 1u);
  EXPECT_EQ(before.series[0].time_s, kTestTimeS + 30 - 1800);
}

// The same answer, whether states of all groups are kept or the groups are found first.
TEST(RunQueryTest, LooksOnceOrTwice) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  for (uint8_t i = 1; i <= 60; ++i)
    world.Add(Request(i, i * 900, i, i % 7 == 0 ? TestRecord::Value("text") : int64_t{i % 7}));
  world.Commit();
  SpecErrors errors;
  QueryRequest request;
  request.spec = *ParseQuerySpec(R"({"start_time":1795521600,"time_range":60,"granularity":20,
      "breakdowns":["status"],"limit":3,"calculations":[{"op":"COUNT"},{"op":"P95","column":
      "duration_ms"},{"op":"HEATMAP","column":"duration_ms"},{"op":"COUNT_DISTINCT","column":
      "trace.trace_id"}],"orders":[{"op":"P95","column":"duration_ms","order":"descending"}],
      "havings":[{"calculate_op":"COUNT","op":">","value":8}]})",
                                 &errors);
  std::vector<std::string> answers;
  for (const Looks looks : {Looks::kOnce, Looks::kTwice})
    for (const bool sampled : {false, true}) {
      const auto table = store->Query(StatementOf(request, FieldTypes::All(), sampled, looks));
      ASSERT_TRUE(table) << table.error().detail;
      QueryShape shape = ShapeOf(request);
      JsonWriter json;
      RenderQueryResult(
          AssembleAnswer(shape, NamesOf(request, FieldTypes::All()), FormulasOf(request), *table),
          &json);
      answers.push_back(json.Take());
    }
  // A table alone has the same rows.
  request.series = request.total = request.other = false;
  request.spec.calculations.erase(request.spec.calculations.begin() + 2);
  std::swap(request.spec.calculations[0], request.spec.calculations[2]);
  request.spec.calculations[0].column = "duration_ms";
  const QueryShape shape = ShapeOf(request);
  for (const Looks looks : {Looks::kOnce, Looks::kTwice}) {
    const auto table = store->Query(StatementOf(request, FieldTypes::All(), true, looks));
    ASSERT_TRUE(table) << table.error().detail;
    const QueryResult alone =
        AssembleAnswer(shape, NamesOf(request, FieldTypes::All()), FormulasOf(request), *table);
    EXPECT_EQ(Spell(Result<QueryResult>(alone)), "[4] 9 60 9\n[3] 9 59 9\n[2] 9 58 9\n");
  }
  EXPECT_NE(answers[0].find("other_by_aggregate"), std::string::npos);
  for (const std::string& answer : answers) EXPECT_EQ(answer, answers[0]);
}

TEST(RunQueryTest, OrdersHavingsAndLimits) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  for (uint8_t i = 1; i <= 12; ++i)
    world.Add(Request(i, i * 100, i, int64_t{i % 4 == 0 ? 10 : i % 4}));
  world.Commit();
  EXPECT_EQ(Spell(Ask(world, R"({"breakdowns":["status"],"orders":[{"column":"status",
      "order":"descending"}],"limit":2})")),
            "[10] 3\n[3] 3\nOTHER 6\n");
  EXPECT_EQ(Spell(Ask(world, R"({"breakdowns":["status"],"orders":[{"column":"status"}],
      "calculations":[{"op":"SUM","column":"duration_ms"}],"havings":[{"calculate_op":"SUM",
      "column":"duration_ms","op":">=","value":18},{"calculate_op":"SUM","column":"duration_ms",
      "op":"<","value":24}]})")),
            "[2] 18\n[3] 21\nOTHER 39\n");
  EXPECT_EQ(Spell(Ask(world, R"({"breakdowns":["status"],"filters":[{"column":"name","op":"=",
      "value":"nobody"}]})")),
            "");
  EXPECT_EQ(Spell(Ask(world, R"({"filters":[{"column":"name","op":"=","value":"nobody"}],
      "calculations":[{"op":"COUNT"},{"op":"AVG","column":"duration_ms"},{"op":"P99","column":
      "duration_ms"}]})")),
            " 0 null null\n");
}

}  // namespace
}  // namespace skep
