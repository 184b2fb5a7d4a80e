// SPDX-License-Identifier: Apache-2.0
// BubbleUps over records made by hand, on the engine.
#include "query/bubbleup/bubbleup.h"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <random>

#include "query/bubbleup/bubbleup_runs.h"
#include "query/bubbleup/testing.h"
#include "store/testing.h"

namespace skep {
namespace {

using testing::BubbleUpOf;
using testing::FieldNamed;
using testing::KeptOut;
using testing::TestRecord;
using testing::TestWorld;
using testing::WrittenList;

constexpr TypeSet kInt = ValueType::kInt64;
constexpr TypeSet kText = ValueType::kString;

Result<BubbleUpResult> Ask(TestWorld& world, const std::vector<ListedField>& list,
                           std::string_view members, const BubbleUpStep& on_step = {},
                           std::string_view and_query = {}) {
  SKEP_ASSIGN(const BubbleUpRequest request, BubbleUpOf(members, and_query));
  const WrittenList fields(list);
  const BubbleUpParts parts{&world.reader(), &FieldTypes::All(), &fields};
  return RunBubbleUp(parts, request, {}, on_step);
}

#define ASSERT_OK(result) ASSERT_TRUE(result) << result.error().message << result.error().detail

TestRecord Span(uint64_t ms) {
  return TestRecord::Span(Door::kOtlp, 1, 1, 0, "GET /").At(10).For(ms);
}

// 40 slow rows, 36 of them of variant b, and 160 fast ones, 8 of them.
void AddShop(TestWorld* world, double sample_rate = 1) {
  for (int i = 0; i < 200; ++i) {
    const bool slow = i < 40;
    TestRecord record = Span(slow ? 900 : 20 + static_cast<uint64_t>(i % 7));
    const bool b = slow ? i < 36 : i < 48;
    record.With("variant", b ? "b" : "a").With("same", "one");
    record.With("request.id", "r" + std::to_string(i));
    record.With("items", int64_t{i % 5});
    record.With("size", int64_t{slow ? 1000 + i : 10 + i});
    if (slow) record.With("retries", int64_t{1});
    record.record.sample_rate = sample_rate;
    world->Add(record);
  }
  world->Commit();
}

const std::vector<ListedField> kShop = {
    {"variant", kText, 200, 200, 2}, {"same", kText, 200, 200, 1},
    {"items", kInt, 200, 200, 5},    {"request.id", kText, 200, 200, 200},
    {"size", kInt, 200, 200, 199},   {"retries", kInt, 40, 40, 1},
    {"nowhere", kText, 3, 3, 3}};

constexpr std::string_view kSlow = R"("selection":{"column":"duration_ms","low":500,"high":1000})";

TEST(BubbleUpTest, RanksWhatDiffersAndKeepsIdsAway) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  AddShop(&world);
  const auto result = Ask(world, kShop, kSlow);
  ASSERT_OK(result);
  EXPECT_EQ(result->selection_rows, 40u);
  EXPECT_EQ(result->baseline_rows, 160u);
  const BubbleUpField* variant = FieldNamed(*result, "variant");
  ASSERT_NE(variant, nullptr);
  EXPECT_GT(variant->score, 0.4);
  EXPECT_NEAR(variant->difference, 0.85, 1e-9);
  EXPECT_NEAR(variant->values[0].shares.selection + variant->values[1].shares.selection, 1, 1e-9);
  EXPECT_EQ(FieldNamed(*result, "same")->score, 0);
  EXPECT_EQ(FieldNamed(*result, "items")->score, 0);
  EXPECT_EQ(FieldNamed(*result, "items")->kind, BubbleUpKind::kCategory);
  const BubbleUpField* retries = FieldNamed(*result, "retries");
  EXPECT_DOUBLE_EQ(retries->absent.baseline, 1);
  EXPECT_DOUBLE_EQ(retries->absent.selection, 0);
  const BubbleUpField* size = FieldNamed(*result, "size");
  EXPECT_EQ(size->kind, BubbleUpKind::kNumber);
  EXPECT_DOUBLE_EQ(size->difference, 1);
  EXPECT_EQ(FieldNamed(*result, "nowhere"), nullptr);
  EXPECT_EQ(FieldNamed(*result, "request.id"), nullptr);
  EXPECT_EQ(KeptOut(*result), R"("kept_out":[{"name":"duration_ms","reason":"selected_by"},)"
                              R"({"name":"trace.trace_id","reason":"near_unique"},)"
                              R"({"name":"trace.span_id","reason":"near_unique"},)"
                              R"({"name":"trace.parent_id","reason":"near_unique"},)"
                              R"({"name":"request.id","reason":"near_unique"}]})");
  for (size_t i = 1; i < result->fields.size(); ++i)
    EXPECT_GE(result->fields[i - 1].score, result->fields[i].score);
  EXPECT_EQ(result->fields_done, result->fields_total);
}

TEST(BubbleUpTest, ComesInStepsThatGrow) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  AddShop(&world);
  std::vector<size_t> done;
  const auto result = Ask(world, kShop, kSlow,
                          [&](const BubbleUpResult& step) { done.push_back(step.fields_done); });
  ASSERT_OK(result);
  ASSERT_GE(done.size(), 2u);
  for (size_t i = 1; i < done.size(); ++i) EXPECT_GT(done[i], done[i - 1]);
  EXPECT_EQ(done.back(), result->fields_total);
}

TEST(BubbleUpTest, WeighsBySampleRate) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  for (int i = 0; i < 40; ++i) {
    TestRecord record = Span(i < 20 ? 900 : 10).With("x", i % 20 < 5 ? "rare" : "often");
    record.record.sample_rate = i % 20 < 5 ? 30 : 10;
    world.Add(record);
  }
  world.Commit();
  const auto result = Ask(world, {{"x", kText, 40, 40, 2}}, kSlow);
  ASSERT_OK(result);
  EXPECT_EQ(result->selection_rows, 20u);
  EXPECT_DOUBLE_EQ(result->selection_weight, 300);
  const BubbleUpField* field = FieldNamed(*result, "x");
  ASSERT_NE(field, nullptr);
  for (const BubbleUpValue& value : field->values) {
    EXPECT_DOUBLE_EQ(value.shares.selection, 0.5);
    EXPECT_EQ(value.shares.selection_rows, value.text == "rare" ? 5u : 15u);
  }
  EXPECT_EQ(FieldNamed(*result, "sample_rate")->distinct, 2u);
}

TEST(BubbleUpTest, HoldsAGroupAgainstAGroup) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  for (int i = 0; i < 90; ++i)
    world.Add(Span(10)
                  .With("user", i % 3 == 0 ? "worf" : (i % 3 == 1 ? "data" : "riker"))
                  .With("shift", i % 3 == 0 ? "night" : "day"));
  world.Commit();
  const std::vector<ListedField> list = {{"user", kText, 90, 90, 3}, {"shift", kText, 90, 90, 2}};
  const auto result = Ask(world, list,
                          R"("selection":{"group":{"user":"worf"}},)"
                          R"("baseline":{"filters":[{"column":"user","op":"=","value":"data"}]})");
  ASSERT_OK(result);
  EXPECT_EQ(result->selection_rows, 30u);
  EXPECT_EQ(result->baseline_rows, 30u);
  EXPECT_DOUBLE_EQ(FieldNamed(*result, "shift")->difference, 1);
  EXPECT_EQ(FieldNamed(*result, "user"), nullptr);
}

TEST(BubbleUpTest, SelectsByTimeAndByGroupsWithoutTheField) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  for (int i = 0; i < 20; ++i) {
    TestRecord record = Span(10).At(i * 100);
    if (i < 5) record.With("user", "worf");
    world.Add(record);
  }
  world.Commit();
  const auto later = Ask(
      world, {},
      R"("selection":{"start_ns":")" + std::to_string(testing::kTestTimeNs + 500 * testing::kMs) +
          R"(","end_ns":")" + std::to_string(testing::kTestTimeNs + 700 * testing::kMs) + "\"}");
  ASSERT_OK(later);
  EXPECT_EQ(later->selection_rows, 2u);
  EXPECT_EQ(later->baseline_rows, 18u);
  const auto absent = Ask(world, {}, R"("selection":{"group":{"user":null}})");
  ASSERT_OK(absent);
  EXPECT_EQ(absent->selection_rows, 15u);
}

TEST(BubbleUpTest, CalculatedFieldsAreFields) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  AddShop(&world);
  constexpr std::string_view kCalculated = R"json(,
      "calculated_fields":[{"name":"slow","expression":"GT($duration_ms, 500)"},
                           {"name":"odd","expression":"IF(EQUALS($variant, `b`), `yes`, `no`)"}],
      "filters":[{"column":"items","op":"<","value":3}])json";
  const auto result = Ask(world, kShop, R"("selection":{"group":{"slow":true}})", {}, kCalculated);
  ASSERT_OK(result);
  EXPECT_EQ(result->selection_rows, 24u);
  EXPECT_EQ(result->baseline_rows, 96u);
  EXPECT_EQ(FieldNamed(*result, "slow"), nullptr);
  ASSERT_NE(FieldNamed(*result, "odd"), nullptr);
  EXPECT_DOUBLE_EQ(FieldNamed(*result, "odd")->difference,
                   FieldNamed(*result, "variant")->difference);
}

TEST(BubbleUpTest, NothingSelectedIsAnAnswer) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  AddShop(&world);
  const auto result = Ask(world, kShop, R"("selection":{"group":{"variant":"c"}})");
  ASSERT_OK(result);
  EXPECT_EQ(result->selection_rows, 0u);
  EXPECT_TRUE(result->fields.empty());
  EXPECT_EQ(result->fields_done, result->fields_total);
}

TEST(BubbleUpTest, RefusesSelectionsThatAreNone) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  const std::pair<const char*, const char*> kCases[] = {
      {R"("selection":{})", "selection: The selection says nothing: it would be every row."},
      {R"("selection":{"low":1})",
       "selection.column: A range of values needs the column it is of."},
      {R"("selection":{"column":"x"})",
       "selection.low: A column needs a range: low, high or both."},
      {R"("selection":{"column":"x","low":2,"high":1})",
       "selection.high: The range's high must be above its low."},
      {R"("selection":{"group":{"a":1}},"baseline":{})",
       "baseline: The selection says nothing: it would be every row."},
      {R"("selection":{"group":{"a":[]}})",
       "selection.group.a: Must be a number, a bool, text or null."},
      {R"("selection":{"start_ns":5})",
       "selection.start_ns: Must be nanoseconds since 1970, as text."},
      {R"("selection":{"who":5})", "selection.who: No such member of a selection."},
      {R"("selection":{"group":{"a":1}},"x":1)", "x: No such member of a comparison."},
      {R"("dataset":"shop")", "selection: A comparison needs a selection."},
      {R"("selection":{"filters":[{"column":"root.name","op":"exists"}]})",
       "selection.filters: A selection's filters are about its own rows: relational prefixes can "
       "stand in the query's filters."}};
  for (const auto& [members, message] : kCases) {
    const auto result = Ask(world, {}, members);
    ASSERT_FALSE(result) << members;
    EXPECT_EQ(result.error().message, message);
  }
}

// What a person would count by hand, for fields of mixed types.
using NaiveCounts = std::map<std::string, std::pair<uint64_t, uint64_t>>;  // by text; "": absent

std::pair<uint64_t, uint64_t> Listed(const BubbleUpShares& shares) {
  return {shares.selection_rows, shares.baseline_rows};
}

TEST(BubbleUpTest, AgreesWithCountingByHand) {
  SKEP_OPEN_TEST_STORE(store);
  std::mt19937 random(17);
  TestWorld world(store.get());
  std::map<std::string, NaiveCounts> naive;
  std::map<int64_t, std::pair<uint64_t, uint64_t>> sizes;
  constexpr const char* kFields[] = {"f0", "f1", "f2", "f3"};
  uint64_t selected_rows = 0;
  for (int row = 0; row < 600; ++row) {
    const bool selected = random() % 4 == 0;
    selected_rows += selected ? 1 : 0;
    TestRecord record = Span(selected ? 700 : 10);
    const auto count = [&](NaiveCounts& counts, const std::string& text) {
      ++(selected ? counts[text].first : counts[text].second);
    };
    for (const char* name : kFields) {
      const auto value = static_cast<int64_t>(random() % (selected ? 4 : 6));
      std::string text = std::to_string(value);
      switch (random() % 5) {
        case 0:
          record.With(name, value);
          break;
        case 1:
          record.With(name, static_cast<double>(value));
          break;
        case 2:
          record.With(name, text);
          break;
        case 3:
          record.With(name, value % 2 == 0);
          text = value % 2 == 0 ? "true" : "false";
          break;
        default:
          text.clear();
      }
      count(naive[name], text);
    }
    const auto size = static_cast<int64_t>(random() % 3000) - 500;
    ++(selected ? sizes[size].first : sizes[size].second);
    world.Add(record.With("size", size));
  }
  world.Commit();
  std::vector<ListedField> list = {{"size", kInt, 600, 600, 600}};
  for (const char* name : kFields) list.push_back({name, TypeSet::All(), 600, 600, 8});
  const auto result = Ask(world, list, kSlow);
  ASSERT_OK(result);
  EXPECT_EQ(result->selection_rows, selected_rows);
  for (const char* name : kFields) {
    const BubbleUpField* field = FieldNamed(*result, name);
    ASSERT_NE(field, nullptr);
    NaiveCounts counted;
    if (Listed(field->absent) != std::pair<uint64_t, uint64_t>())
      counted[""] = Listed(field->absent);
    for (const BubbleUpValue& value : field->values) counted[value.text] = Listed(value.shares);
    EXPECT_EQ(counted, naive[name]) << name;
    EXPECT_EQ(field->distinct, naive[name].size() - naive[name].count(""));
  }
  const BubbleUpField* field = FieldNamed(*result, "size");
  ASSERT_NE(field, nullptr);
  ASSERT_EQ(field->kind, BubbleUpKind::kNumber);
  for (const BubbleUpBin& bin : field->bins) {
    std::pair<uint64_t, uint64_t> expected;
    for (const auto& [size, counts] : sizes) {
      const auto number = static_cast<double>(size);
      const bool inside = size < 0 ? bin.low < number && number <= bin.high
                                   : bin.low <= number && (number < bin.high || bin.high == 0);
      if (!inside) continue;
      expected.first += counts.first;
      expected.second += counts.second;
    }
    EXPECT_EQ(Listed(bin.shares), expected) << bin.low << " to " << bin.high;
  }
}

TEST(BubbleUpRunsTest, RunsInTheBackground) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  AddShop(&world);
  const WrittenList list(kShop);
  BubbleUpRuns runs({&world.reader(), &FieldTypes::All(), &list});
  auto request = BubbleUpOf(kSlow);
  ASSERT_OK(request);
  const auto id = runs.Start(*request);
  ASSERT_OK(id);
  uint64_t steps = 0;
  auto status = runs.Look(*id, 20'000, steps);
  for (; status && status->state != RunState::kDone && status->state != RunState::kFailed;
       status = runs.Look(*id, 20'000, steps)) {
    EXPECT_GT(status->steps, steps);
    steps = status->steps;
  }
  ASSERT_OK(status);
  ASSERT_EQ(status->state, RunState::kDone);
  EXPECT_NE(FieldNamed(*status->result, "variant"), nullptr);
  EXPECT_TRUE(runs.Cancel(*id));
  EXPECT_EQ(runs.Look(*id)->state, RunState::kDone);
  EXPECT_EQ(runs.Look("nobody").error().code, Code::kNotFound);
  request->selection = {};
  EXPECT_EQ(runs.Start(*request).error().code, Code::kInvalidArgument);
}

}  // namespace
}  // namespace skep
