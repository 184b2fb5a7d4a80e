// SPDX-License-Identifier: Apache-2.0
#include "query/explore/query_window.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace skep {
namespace {

constexpr int64_t kNowNs = 1'000'000'500'000'000;  // half past a second

TEST(QueryWindowTest, AnyTwoOfThree) {
  QuerySpec spec;
  QueryWindow window = WindowOf(spec, kNowNs);
  EXPECT_EQ(window.end_s, 1'000'001);  // now is within
  EXPECT_EQ(window.start_s, 1'000'001 - 7200);
  EXPECT_EQ(window.granularity_s, 60);
  spec.start_time = 500;
  window = WindowOf(spec, kNowNs);
  EXPECT_EQ(window.end_s, 500 + 7200);
  spec.end_time = 560;
  window = WindowOf(spec, kNowNs);
  EXPECT_EQ(window.length_s(), 60);
  EXPECT_EQ(window.granularity_s, 1);
  spec.start_time.reset();
  spec.time_range = 10;
  window = WindowOf(spec, kNowNs);
  EXPECT_EQ(window.start_s, 550);
  EXPECT_EQ(window.range().from_ns, 550'000'000'000);
  spec.compare_time_offset_seconds = 1800;
  spec.granularity = 5;
  spec.end_time = 4000;
  window = WindowOf(spec, kNowNs);
  EXPECT_EQ(window.granularity_s, 5);
  EXPECT_EQ(window.compare_range().to_ns, 2200'000'000'000);
}

TEST(QueryWindowTest, StepsOfTheLadder) {
  for (const int64_t length : {1, 120, 121, 3600, 86'400, 604'800, 31'536'000, 400'000'000}) {
    const int64_t step = ChooseGranularity(length);
    EXPECT_LE((length + step - 1) / step, kBucketsWanted) << length;
    EXPECT_EQ(step <= GranularityLadder().back()
                  ? std::count(GranularityLadder().begin(), GranularityLadder().end(), step)
                  : step % GranularityLadder().back() == 0,
              1)
        << length;
  }
}

}  // namespace
}  // namespace skep
