// SPDX-License-Identifier: Apache-2.0
#include "query/trace/critical_path.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "query/trace/testing.h"

namespace skep {
namespace {

using testing::RandomRows;
using testing::SpanRow;
using testing::TreeOf;

std::string Draw(std::vector<EventRow> rows) {
  const TraceTree tree = TreeOf(std::move(rows));
  std::string out;
  for (const PathPart& part : CriticalPath(tree))
    out += fmt::format("{} {}-{} ", tree.Text(tree.row(part.row).name), part.from_ns, part.to_ns);
  return out;
}

TEST(CriticalPathTest, TheChildThatEndedLastWasWaitedFor) {
  EXPECT_EQ(Draw({SpanRow(1, 0, "root", 0, 100), SpanRow(2, 1, "a", 10, 40),
                  SpanRow(3, 1, "b", 50, 90), SpanRow(4, 3, "c", 60, 80)}),
            "root 0-10 root 40-50 root 90-100 a 10-40 b 50-60 b 80-90 c 60-80 ");
}

TEST(CriticalPathTest, WhatRanBesideALongerChildWasNot) {
  EXPECT_EQ(Draw({SpanRow(1, 0, "root", 0, 100), SpanRow(2, 1, "short", 10, 50),
                  SpanRow(3, 1, "long", 20, 90)}),
            "root 0-20 root 90-100 long 20-90 ");
}

TEST(CriticalPathTest, ChildrenCountAsFarAsTheyLieWithinTheirParent) {
  EXPECT_EQ(Draw({SpanRow(1, 0, "root", 10, 100), SpanRow(2, 1, "early", 0, 30),
                  SpanRow(3, 1, "over", 60, 150), SpanRow(4, 3, "late", 110, 140),
                  SpanRow(5, 1, "after", 120, 130)}),
            "root 30-60 early 10-30 over 60-100 ");
}

TEST(CriticalPathTest, SegmentsOfAnotherDoorSayTheSameAgain) {
  EventRow segment = SpanRow(2, 1, "segment", 1, 99);
  segment.door = Door::kXRay;
  EXPECT_EQ(Draw({SpanRow(1, 0, "root", 0, 100), segment}), "root 0-100 ");
}

TEST(CriticalPathTest, SharesAreOfServiceAndName) {
  const TraceTree tree = TreeOf({SpanRow(1, 0, "root", 0, 100), SpanRow(2, 1, "call", 10, 40),
                                 SpanRow(3, 1, "call", 50, 90)});
  const auto shares = SharesOfPath(tree, CriticalPath(tree), 5);
  ASSERT_EQ(shares.size(), 2u);
  EXPECT_EQ(tree.Text(shares[0].name), "call");
  EXPECT_EQ(shares[0].ns, 70);
  EXPECT_EQ(shares[0].rows, 2u);
  EXPECT_EQ(SharesOfPath(tree, CriticalPath(tree), 1).size(), 1u);
}

TEST(CriticalPathTest, PartsOfARootTouchAndAddUpToIt) {
  std::mt19937 random(5);
  for (uint32_t round = 0; round < 500; ++round) {
    const TraceTree tree = TreeOf(RandomRows(&random, 1 + round % 50));
    const auto path = CriticalPath(tree);
    for (uint32_t root = 0; root < tree.rows().size(); root += tree.row(root).size) {
      std::vector<std::pair<int64_t, int64_t>> parts;
      for (const PathPart& part : path) {
        if (part.row < root || part.row >= root + tree.row(root).size) continue;
        parts.emplace_back(part.from_ns, part.to_ns);
        EXPECT_GE(part.from_ns, tree.row(part.row).time_ns);
        EXPECT_LE(part.to_ns, tree.row(part.row).end_ns);
      }
      std::sort(parts.begin(), parts.end());
      if (!tree.row(root).IsSpan()) continue;
      int64_t cursor = tree.row(root).time_ns;
      for (const auto& [from, to] : parts) {
        EXPECT_EQ(from, cursor);
        cursor = to;
      }
      EXPECT_EQ(cursor, tree.row(root).end_ns);
    }
  }
}

TEST(CriticalPathTest, AsDeepAndAsWideAsTracesGet) {
  std::vector<EventRow> rows = {SpanRow(1, 0, "root", 0, 1'000'000)};
  for (uint32_t n = 2; n <= 10'000; ++n)
    rows.push_back(SpanRow(n, n - 1, "deep", n, 1'000'000 - n));
  for (uint32_t n = 10'001; n <= 20'000; ++n)
    rows.push_back(SpanRow(n, 1, "wide", 2 * n, 2 * n + 1));
  const TraceTree tree = TreeOf(std::move(rows));
  EXPECT_FALSE(CriticalPath(tree).empty());
}

}  // namespace
}  // namespace skep
