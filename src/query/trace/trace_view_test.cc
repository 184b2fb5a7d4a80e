// SPDX-License-Identifier: Apache-2.0
#include "query/trace/trace_view.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "query/trace/testing.h"

namespace skep {
namespace {

using testing::RandomRows;
using testing::SpanRow;
using testing::TreeOf;

std::string Draw(const TraceAnalysis& trace, const TraceLook& look) {
  std::string out;
  for (const ViewRow& row : RowsInSight(trace, look)) {
    const std::string_view name = trace.tree.Text(trace.tree.row(row.row).name);
    out += fmt::format("{}{}", name, row.depth);
    if (row.group != kNoRow) out += fmt::format("x{}", trace.groups.groups[row.group].rows.size());
    out += row.parent ? row.open ? "- " : "+ " : " ";
  }
  return out;
}

EventRow LineRow(uint32_t span, int64_t at) {
  EventRow line = SpanRow(span, 0, "", at, at);
  line.signal = Signal::kLog;
  line.body = "line";
  line.event_id = 1000 + static_cast<uint64_t>(at);
  return line;
}

// A root with twelve like children of which one failed, each with a child of its own; a line.
TraceAnalysis Loop() {
  std::vector<EventRow> rows = {SpanRow(1, 0, "root", 0, 1000), LineRow(1, 5)};
  for (uint32_t n = 0; n < 12; ++n) {
    const int64_t from = 10 + 20 * n;
    rows.push_back(SpanRow(10 + n, 1, "query", from, from + 5 + n));
    if (n == 3) rows.back().status = SpanStatus::kError;
    rows.push_back(SpanRow(100 + n, 10 + n, "wait", from, from + 1));
  }
  return TraceAnalysis(TreeOf(std::move(rows)));
}

TEST(TraceViewTest, LikeSiblingsAreOneRow) {
  const TraceAnalysis trace = Loop();
  EXPECT_EQ(Draw(trace, {}), "root0- line1 query1x11+ query1- wait2 ");
  ASSERT_EQ(trace.groups.groups.size(), 1u);
  const SiblingGroup& group = trace.groups.groups[0];
  EXPECT_EQ(group.shortest_ns, 5u);
  EXPECT_EQ(group.longest_ns, 16u);
  EXPECT_EQ(group.median_ns, 11u);
  EXPECT_EQ(group.start_ns, 10);
  EXPECT_EQ(group.end_ns, 246);
  uint32_t counted = 0;
  for (const uint32_t count : group.buckets) counted += count;
  EXPECT_EQ(counted, 11u);
  TraceLook open;
  open.open_groups = {0};
  EXPECT_EQ(RowsInSight(trace, open).size(), 2u + 1 + 22 + 2);
  TraceLook all;
  all.fold_siblings = false;
  EXPECT_EQ(RowsInSight(trace, all).size(), trace.tree.rows().size());
}

TEST(TraceViewTest, FoldingHidesWhatIsUnderARowLeavingOutTheRowAlone) {
  EventRow segment = SpanRow(2, 1, "segment", 1, 9);
  segment.door = Door::kXRay;
  const TraceAnalysis trace(
      TreeOf({SpanRow(1, 0, "root", 0, 10), segment, SpanRow(3, 2, "work", 2, 8), LineRow(3, 4)}));
  EXPECT_EQ(Draw(trace, {}), "root0- segment1- work2- line3 ");
  TraceLook look;
  look.folded = {1};
  EXPECT_EQ(Draw(trace, look), "root0- segment1+ ");
  look.folded = {};
  look.xray = false;
  look.logs = false;
  EXPECT_EQ(Draw(trace, look), "root0- work1- ");
}

TEST(TraceViewTest, OnlyTheCriticalPathAndErrors) {
  EventRow error = SpanRow(2, 0, "boom", 5, 5);
  error.signal = Signal::kError;
  error.event_id = 9;
  const TraceAnalysis trace(TreeOf({SpanRow(1, 0, "root", 0, 100), SpanRow(2, 1, "short", 10, 50),
                                    SpanRow(3, 1, "long", 20, 90), error}));
  TraceLook look;
  look.path_only = true;
  EXPECT_EQ(Draw(trace, look), "root0- boom1 long1 ");
}

TEST(TraceViewTest, WhateverIsHiddenCanBeBroughtIntoSight) {
  std::mt19937 random(3);
  for (uint32_t round = 0; round < 60; ++round) {
    std::vector<EventRow> rows = RandomRows(&random, 80);
    const TraceAnalysis trace(TreeOf(std::move(rows)));
    TraceLook all;
    all.fold_siblings = false;
    EXPECT_EQ(RowsInSight(trace, all).size(), trace.tree.rows().size());
    TraceLook look;
    for (uint32_t at = 0; at < trace.tree.rows().size(); ++at)
      if (random() % 3 == 0) look.folded.insert(at);
    for (uint32_t at = 0; at < trace.tree.rows().size(); ++at) {
      TraceLook opened = look;
      BringIntoSight(trace, at, &opened);
      const auto seen = RowsInSight(trace, opened);
      EXPECT_EQ(1, std::count_if(seen.begin(), seen.end(), [&](const ViewRow& row) {
                  return row.row == at && row.group == kNoRow;
                }));
    }
  }
}

TEST(TraceViewTest, GroupsHoldEachRowOnceAndOnlySiblingsOfOneShape) {
  std::mt19937 random(8);
  for (uint32_t round = 0; round < 100; ++round) {
    const TraceTree tree = TreeOf(RandomRows(&random, 100));
    const SiblingGroups groups = GroupSiblings(tree, 2);
    size_t members = 0;
    for (const SiblingGroup& group : groups.groups) {
      members += group.rows.size();
      const TreeRow& first = tree.row(group.rows[0]);
      for (const uint32_t at : group.rows) {
        EXPECT_EQ(tree.row(at).parent, first.parent);
        EXPECT_EQ(tree.row(at).name, first.name);
        EXPECT_EQ(tree.row(at).error, first.error);
      }
    }
    EXPECT_EQ(members,
              static_cast<size_t>(std::count_if(groups.of_row.begin(), groups.of_row.end(),
                                                [](uint32_t group) { return group != kNoRow; })));
  }
}

}  // namespace
}  // namespace skep
