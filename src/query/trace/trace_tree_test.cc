// SPDX-License-Identifier: Apache-2.0
#include "query/trace/trace_tree.h"

#include <gtest/gtest.h>

#include <set>

#include "query/trace/minimap.h"
#include "query/trace/own_time.h"
#include "query/trace/testing.h"

namespace skep {
namespace {

using testing::RandomRows;
using testing::SpanRow;
using testing::TreeOf;

TEST(TraceTreeTest, RowsKnowTheirSubtrees) {
  const TraceTree tree = TreeOf({SpanRow(1, 0, "root", 0, 100), SpanRow(2, 1, "a", 5, 50),
                                 SpanRow(3, 2, "b", 6, 20), SpanRow(4, 1, "c", 60, 90)});
  ASSERT_EQ(tree.rows().size(), 4u);
  EXPECT_EQ(tree.row(0).size, 4u);
  EXPECT_EQ(tree.row(1).size, 2u);
  EXPECT_EQ(tree.FirstChild(0), 1u);
  EXPECT_EQ(tree.NextSibling(1), 3u);
  EXPECT_EQ(tree.NextSibling(3), kNoRow);
  EXPECT_EQ(tree.FirstChild(3), kNoRow);
  EXPECT_EQ(tree.Text(tree.row(2).name), "b");
  EXPECT_EQ(tree.Find(tree.Id(2)), 2u);
  EXPECT_EQ(tree.Find("nobody"), std::nullopt);
}

TEST(TraceTreeTest, AnOpenSpanLastsAsLongAsWhatIsUnderIt) {
  EventRow open = SpanRow(1, 0, "root", 10, 10);
  open.signal = Signal::kOpenSpan;
  const TraceTree tree = TreeOf({open, SpanRow(2, 1, "a", 15, 50), SpanRow(3, 2, "b", 16, 80)});
  EXPECT_EQ(tree.row(0).end_ns, 50);
  EXPECT_EQ(tree.end_ns(), 80);
}

TEST(TraceTreeTest, OwnTimeIsWhatChildrenLeave) {
  EventRow other_door = SpanRow(4, 1, "segment", 0, 100);
  other_door.door = Door::kXRay;
  const TraceTree tree = TreeOf({SpanRow(1, 0, "root", 0, 100), SpanRow(2, 1, "a", 10, 40),
                                 SpanRow(3, 1, "b", 30, 60), other_door});
  const std::vector<std::pair<double, double>> own = {{0, 0.1}, {0.6, 1}};
  EXPECT_EQ(OwnTime(tree, 0), own);
  EXPECT_EQ(OwnTime(tree, *tree.Find(tree.Id(2))),
            (std::vector<std::pair<double, double>>{{0, 1}}));
}

TEST(TraceTreeTest, TheMinimapHasItsLanesAndMarks) {
  EventRow line = SpanRow(1, 0, "", 99, 99);
  line.signal = Signal::kLog;
  line.body = "said";
  line.severity = 13;
  line.event_id = 7;
  const TraceTree tree = TreeOf({SpanRow(1, 0, "root", 0, 100), SpanRow(2, 1, "a", 50, 100), line});
  const Minimap map = DrawMinimap(tree, 4, 14);
  ASSERT_EQ(map.lanes.size(), 2u);
  EXPECT_EQ(map.lanes[0].levels, "9999");
  EXPECT_EQ(map.lanes[1].levels, "0099");
  ASSERT_EQ(map.marks.size(), 1u);
  EXPECT_EQ(map.marks[0].column, 3u);
  EXPECT_EQ(map.marks[0].severity, 13);
  EXPECT_EQ(DrawMinimap(tree, 4, 1).lanes[0].levels, "5599");
}

TEST(TraceTreeTest, WhateverComesIsATree) {
  std::mt19937 random(11);
  for (uint32_t round = 0; round < 300; ++round) {
    const TraceTree tree = TreeOf(RandomRows(&random, 1 + round % 60));
    std::set<std::string> ids;
    uint64_t tops = 0;
    for (uint32_t at = 0; at < tree.rows().size(); ++at) {
      const TreeRow& row = tree.row(at);
      EXPECT_TRUE(ids.emplace(tree.Id(at)).second);
      EXPECT_EQ(tree.Find(tree.Id(at)), at);
      uint32_t under = 1;
      for (uint32_t child = tree.FirstChild(at); child != kNoRow; child = tree.NextSibling(child)) {
        EXPECT_EQ(tree.row(child).parent, at);
        EXPECT_EQ(tree.row(child).depth, row.depth + 1);
        under += tree.row(child).size;
      }
      EXPECT_EQ(under, row.size);
      if (row.parent == kNoRow) tops += row.size;
    }
    EXPECT_EQ(tops, tree.rows().size());
  }
}

}  // namespace
}  // namespace skep
