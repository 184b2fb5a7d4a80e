// SPDX-License-Identifier: Apache-2.0
#include "ingest/pending_budget.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace skep {
namespace {

constexpr size_t kLimit = 1000;
constexpr std::chrono::hours kForever{10};  // a wait that is not ended by room hangs the test

TEST(PendingBudgetTest, TakesUpToItsLimit) {
  PendingBudget budget(kLimit);
  EXPECT_TRUE(budget.TryCharge(kLimit));
  EXPECT_FALSE(budget.TryCharge(1));
  budget.Release(kLimit);
  EXPECT_TRUE(budget.TryCharge(1));
}

TEST(PendingBudgetTest, TakesOneLargerThanTheLimitWhenItIsAlone) {
  PendingBudget budget(kLimit);
  EXPECT_TRUE(budget.TryCharge(kLimit * 2));
  EXPECT_FALSE(budget.TryCharge(1));
}

TEST(PendingBudgetTest, NobodyWaitsWithHalfOfItFree) {
  PendingBudget budget(kLimit);
  budget.Charge(kLimit / 2);
  budget.WaitForRoom(kForever);
}

TEST(PendingBudgetTest, AWaitEndsWhenHalfOfItIsFree) {
  PendingBudget budget(kLimit);
  budget.Charge(kLimit);
  std::thread releases([&] {
    budget.Release(kLimit / 4);
    budget.Release(kLimit / 4);
  });
  budget.WaitForRoom(kForever);
  releases.join();
}

TEST(PendingBudgetTest, AWaitEndsWithoutRoomToo) {
  PendingBudget budget(kLimit);
  budget.Charge(kLimit * 2);
  budget.WaitForRoom(std::chrono::milliseconds(1));
  EXPECT_FALSE(budget.TryCharge(1));
}

}  // namespace
}  // namespace skep
