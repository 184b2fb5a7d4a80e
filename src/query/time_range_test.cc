// SPDX-License-Identifier: Apache-2.0
#include "query/time_range.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace skep {
namespace {

std::string Spell(const std::vector<TimeRange>& ranges) {
  std::string text;
  for (const TimeRange& range : ranges)
    text += std::to_string(range.from_ns) + "-" + std::to_string(range.to_ns) + " ";
  return text;
}

TEST(TimeRangeTest, MergesWhatOverlaps) {
  EXPECT_EQ(Spell(Merge({{30, 40}, {1, 5}, {4, 9}, {9, 12}})), "1-12 30-40 ");
}

TEST(TimeRangeTest, BridgesTheNarrowGapsWhenThereAreTooMany) {
  EXPECT_EQ(Spell(Merge({{0, 1}, {2, 3}, {10, 11}, {30, 31}}, 2)), "0-11 30-31 ");
  EXPECT_EQ(Spell(Merge({{0, 1}, {2, 3}, {10, 11}, {30, 31}}, 3)), "0-3 10-11 30-31 ");
}

TEST(TimeRangeTest, WideningEndsWhereNumbersEnd) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  const TimeRange range = TimeRange{5, kMost - 5}.Widened(10, 10);
  EXPECT_EQ(range.from_ns, -5);
  EXPECT_EQ(range.to_ns, kMost);
}

}  // namespace
}  // namespace skep
