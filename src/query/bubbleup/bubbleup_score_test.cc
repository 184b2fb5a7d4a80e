// SPDX-License-Identifier: Apache-2.0
#include "query/bubbleup/bubbleup_score.h"

#include <gtest/gtest.h>

#include <bit>
#include <random>

#include "query/bubbleup/bubbleup_plan.h"

namespace skep {
namespace {

SideTotals Rows(uint64_t rows, double each = 1) {
  const auto count = static_cast<double>(rows);
  return {rows, count * each, count * each * each};
}

SideCounts Counts(uint64_t selection, uint64_t baseline) {
  return {selection, baseline, static_cast<double>(selection), static_cast<double>(baseline)};
}

CountedField Category(std::vector<SideCounts> values) {
  CountedField field;
  field.name = "f";
  field.distinct = values.size();
  for (size_t i = 0; i < values.size(); ++i)
    field.values.push_back({"v" + std::to_string(i), 0, 0, values[i]});
  return field;
}

double ScoreOf(const std::vector<SideCounts>& values, uint64_t selection, uint64_t baseline) {
  return Score(Category(values), {Rows(selection), Rows(baseline)}, 30).score;
}

TEST(BubbleUpScoreTest, MoreRowsAreMoreCertain) {
  const double few = ScoreOf({Counts(10, 100), Counts(0, 900)}, 10, 1000);
  const double many = ScoreOf({Counts(1000, 100), Counts(0, 900)}, 1000, 1000);
  EXPECT_GT(few, 0.1);
  EXPECT_GT(many, few);
  EXPECT_LT(many, 0.9);
}

TEST(BubbleUpScoreTest, AHandfulOfRowsIsNoFinding) {
  EXPECT_EQ(ScoreOf({Counts(1, 100), Counts(0, 900)}, 1, 1000), 0);
  EXPECT_EQ(ScoreOf({Counts(2, 300), Counts(1, 700)}, 3, 1000), 0);
}

TEST(BubbleUpScoreTest, EqualSharesDifferByNothing) {
  const BubbleUpField field =
      Score(Category({Counts(50, 500), Counts(50, 500)}), {Rows(100), Rows(1000)}, 5);
  EXPECT_EQ(field.score, 0);
  EXPECT_EQ(field.difference, 0);
  EXPECT_DOUBLE_EQ(field.values[0].shares.selection, 0.5);
}

// Of a thousand fields that are drawn alike on both sides none is a finding.
TEST(BubbleUpScoreTest, ChanceScoresNothing) {
  std::mt19937 random(5);
  for (int round = 0; round < 1000; ++round) {
    std::vector<SideCounts> values(20, Counts(0, 0));
    std::vector<CountedValue> cells(40);
    for (int row = 0; row < 2000; ++row) {
      const bool selected = row < 40;
      SideCounts one = Counts(selected ? 1 : 0, selected ? 0 : 1);
      for (SideCounts* counts : {&values[random() % 20], &cells[random() % 40].counts}) {
        counts->selection_rows += one.selection_rows;
        counts->baseline_rows += one.baseline_rows;
        counts->selection_weight += one.selection_weight;
        counts->baseline_weight += one.baseline_weight;
      }
    }
    EXPECT_EQ(ScoreOf(values, 40, 1960), 0);
    CountedField number;
    number.kind = BubbleUpKind::kNumber;
    for (size_t i = 0; i < cells.size(); ++i) cells[i].low = cells[i].high = static_cast<double>(i);
    number.values = cells;
    EXPECT_EQ(Score(std::move(number), {Rows(40), Rows(1960)}, 30).score, 0);
  }
}

TEST(BubbleUpScoreTest, AbsentCountsAsAValue) {
  CountedField field = Category({Counts(100, 0)});
  field.absent = Counts(0, 1000);
  const BubbleUpField scored = Score(std::move(field), {Rows(100), Rows(1000)}, 30);
  EXPECT_GT(scored.score, 0.7);
  EXPECT_DOUBLE_EQ(scored.absent.baseline, 1);
  CountedField number;
  number.kind = BubbleUpKind::kNumber;
  number.values.push_back({"", 1, 1, Counts(100, 0)});
  number.absent = Counts(0, 1000);
  EXPECT_GT(Score(std::move(number), {Rows(100), Rows(1000)}, 30).score, 0.5);
}

// A hundred rows that stand for one each and one that stands for 10,000 tell little.
TEST(BubbleUpScoreTest, UnequalWeightsAreLessCertain) {
  SideTotals uneven{101, 10'100, 100 + 1e8};
  EXPECT_LT(uneven.EffectiveRows(), 1.1);
  CountedField field = Category({{101, 100, 10'100, 100}, {0, 900, 0, 900}});
  EXPECT_EQ(Score(field, {uneven, Rows(1000)}, 30).score, 0);
  EXPECT_GT(Score(field, {Rows(101, 100), Rows(1000)}, 30).score, 0.5);
}

TEST(BubbleUpScoreTest, ListsWhatDiffersMostAndAddsUpTheRest) {
  std::vector<SideCounts> values;
  for (uint64_t i = 0; i < 50; ++i) values.push_back(Counts(i, 10));
  const BubbleUpField field = Score(Category(values), {Rows(1225), Rows(500)}, 1);
  ASSERT_EQ(field.values.size(), kBubbleUpValues);
  uint64_t rows = field.others.selection_rows;
  for (const BubbleUpValue& value : field.values) rows += value.shares.selection_rows;
  EXPECT_EQ(rows, 1225u);
  EXPECT_EQ(field.others.baseline_rows, 300u);
}

TEST(BubbleUpScoreTest, BinsHoldEveryRowOnce) {
  for (const size_t cells : {1u, 23u, 24u, 25u, 47u, 300u}) {
    CountedField field;
    field.kind = BubbleUpKind::kNumber;
    for (size_t i = 0; i < cells; ++i) {
      const auto low = static_cast<double>(i);
      field.values.push_back({"", low, low + 1, Counts(1, 2)});
    }
    const BubbleUpField scored = Score(std::move(field), {Rows(cells), Rows(2 * cells)}, 1);
    ASSERT_LE(scored.bins.size(), kBubbleUpBins);
    uint64_t selection = 0;
    for (size_t i = 0; i < scored.bins.size(); ++i) {
      selection += scored.bins[i].shares.selection_rows;
      if (i > 0) {
        EXPECT_EQ(scored.bins[i].low, scored.bins[i - 1].high);
      }
    }
    EXPECT_EQ(selection, cells);
    EXPECT_EQ(scored.bins.front().low, 0);
    EXPECT_EQ(scored.bins.back().high, static_cast<double>(cells));
  }
}

TEST(BubbleUpScoreTest, CellsHoldTheirNumbers) {
  EXPECT_EQ(CellOf(0).low, 0);
  EXPECT_EQ(CellOf(0).high, 0);
  const auto code = static_cast<int64_t>(std::bit_cast<uint64_t>(100.0) >> 49);
  EXPECT_LE(CellOf(code).low, 100);
  EXPECT_GT(CellOf(code).high, 100);
  EXPECT_LT(CellOf(code).high / CellOf(code).low, 1.13);
  EXPECT_EQ(CellOf(-1 - code).low, -CellOf(code).high);
}

}  // namespace
}  // namespace skep
