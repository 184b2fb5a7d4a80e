// SPDX-License-Identifier: Apache-2.0
#include "app/memory_keeper.h"

#include <gtest/gtest.h>

#include "base/clock.h"

namespace skep::app {
namespace {

constexpr int64_t kTick = 5 * kNsPerS;

TEST(CalmAfterWork, TellsTheFirstCalmMomentAfterEachBusyTime) {
  CalmAfterWork calm;
  int64_t now_ns = 100 * kTick;
  int64_t cpu_ns = 0;
  const auto look = [&](int64_t used_ms) {
    return calm.Look(now_ns += kTick, cpu_ns += used_ms * kNsPerMs);
  };
  EXPECT_FALSE(look(10));    // nothing was done yet
  EXPECT_FALSE(look(5000));  // busy
  EXPECT_FALSE(look(1000));
  EXPECT_TRUE(look(100));
  EXPECT_FALSE(look(10));  // told already
  EXPECT_FALSE(look(1900));
  EXPECT_TRUE(look(150));
}

TEST(CalmAfterWork, ALittleWorkNowAndThenAddsUp) {
  CalmAfterWork calm;
  int64_t now_ns = 100 * kTick;
  int64_t cpu_ns = 0;
  int looks = 1;
  while (!calm.Look(now_ns += kTick, cpu_ns += 200 * kNsPerMs)) ASSERT_LT(++looks, 100);
  EXPECT_EQ(looks, 10);
}

}  // namespace
}  // namespace skep::app
