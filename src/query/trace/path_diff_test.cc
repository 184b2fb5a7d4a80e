// SPDX-License-Identifier: Apache-2.0
#include "query/trace/path_diff.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "query/trace/testing.h"

namespace skep {
namespace {

using testing::RandomRows;
using testing::SpanRow;
using testing::TreeOf;

std::string Draw(PathDiff* diff) {
  constexpr std::string_view kWords[] = {"added",  "removed", "more",  "fewer",
                                         "slower", "faster",  "errors"};
  std::string out;
  for (const DiffRow& row : diff->Rows()) {
    out +=
        fmt::format("{}{} {}/{} {}/{}", std::string(row.depth, '.'), row.name, row.sides[0].spans,
                    row.sides[1].spans, row.sides[0].median_ns, row.sides[1].median_ns);
    for (const PathChange change : row.changes)
      out += fmt::format(" {}", kWords[static_cast<size_t>(change)]);
    out += "\n";
  }
  return out;
}

TEST(PathDiffTest, TwoTraces) {
  const TraceTree a = TreeOf({SpanRow(1, 0, "GET /", 0, 100), SpanRow(2, 1, "query", 10, 20),
                              SpanRow(3, 1, "query", 20, 30), SpanRow(4, 1, "render", 40, 90)});
  EventRow failed = SpanRow(2, 1, "query", 10, 60);
  failed.status = SpanStatus::kError;
  const TraceTree b =
      TreeOf({SpanRow(1, 0, "GET /", 0, 101), failed, SpanRow(3, 2, "retry", 20, 30)});
  PathDiff diff;
  EXPECT_TRUE(diff.Add(0, SpansOf(a)));
  EXPECT_TRUE(diff.Add(1, SpansOf(b)));
  EXPECT_EQ(Draw(&diff),
            "GET / 1/1 100/101\n"
            ".query 2/1 10/50 fewer slower errors\n"
            "..retry 0/1 0/10 added\n"
            ".render 1/0 50/0 removed\n");
}

TEST(PathDiffTest, GroupsCountTracesThatHaveAPath) {
  PathDiff diff;
  const TraceTree with = TreeOf({SpanRow(1, 0, "r", 0, 100), SpanRow(2, 1, "cache", 0, 1)});
  const TraceTree without = TreeOf({SpanRow(1, 0, "r", 0, 100)});
  for (int i = 0; i < 10; ++i) {
    diff.Add(0, SpansOf(i < 9 ? with : without));
    diff.Add(1, SpansOf(i < 2 ? with : without));
  }
  const auto rows = diff.Rows();
  EXPECT_EQ(rows[1].sides[0].traces, 9u);
  EXPECT_EQ(rows[1].sides[1].traces, 2u);
  EXPECT_EQ(rows[1].changes, std::vector{PathChange::kFewer});
  EXPECT_TRUE(rows[0].changes.empty());
}

TEST(PathDiffTest, SegmentsSayTheSameAgain) {
  EventRow segment = SpanRow(2, 1, "segment", 1, 9);
  segment.door = Door::kXRay;
  const TraceTree tree =
      TreeOf({SpanRow(1, 0, "root", 0, 10), segment, SpanRow(3, 2, "work", 2, 8)});
  PathDiff diff;
  diff.Add(0, SpansOf(tree));
  diff.Add(1, SpansOf(tree));
  EXPECT_EQ(Draw(&diff), "root 1/1 10/10\n.work 1/1 6/6\n");
}

TEST(PathDiffTest, MorePathsThanThereIsRoomForAreSaid) {
  PathDiff diff(2);
  EXPECT_FALSE(diff.Add(0, SpansOf(TreeOf({SpanRow(1, 0, "a", 0, 9), SpanRow(2, 1, "b", 0, 9),
                                           SpanRow(3, 2, "c", 0, 9), SpanRow(4, 3, "d", 0, 9)}))));
  EXPECT_EQ(diff.Rows().size(), 2u);
}

TEST(PathDiffTest, ATraceDoesNotDifferFromItself) {
  std::mt19937 random(17);
  for (uint32_t round = 0; round < 100; ++round) {
    const TraceTree tree = TreeOf(RandomRows(&random, 60));
    PathDiff diff;
    diff.Add(0, SpansOf(tree));
    diff.Add(1, SpansOf(tree));
    uint64_t spans = 0;
    for (const DiffRow& row : diff.Rows()) {
      EXPECT_TRUE(row.changes.empty());
      spans += row.sides[0].spans;
    }
    EXPECT_EQ(spans, SpansOf(tree).size());
  }
}

}  // namespace
}  // namespace skep
