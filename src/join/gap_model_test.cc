// SPDX-License-Identifier: Apache-2.0
#include "join/gap_model.h"

#include <gtest/gtest.h>

#include <cmath>

namespace skep::join {
namespace {

constexpr int64_t kUs = 1'000;
constexpr int64_t kMs = 1'000'000;

GapModel Learned() {
  GapModel model;
  for (int i = 0; i < 200; ++i) model.Learn((300 + i % 10 * 20) * kUs);
  return model;
}

// A density: over all gaps it comes to one.
TEST(GapModelTest, DensityComesToOne) {
  for (const GapModel& model : {GapModel(), Learned()}) {
    double sum = 0;
    double low_s = -2;
    for (int i = 0; i < 200'000; ++i) {
      // Steps that are finer near zero.
      const double x = -1 + (i + 1) / 100'000.0;
      const double high_s = 2 * std::copysign(std::pow(std::abs(x), 4), x);
      const auto middle_ns = static_cast<int64_t>((low_s + high_s) / 2 * 1e9);
      sum += std::exp(-model.Cost(middle_ns)) * (high_s - low_s);
      low_s = high_s;
    }
    EXPECT_NEAR(sum, 1, 0.05);
  }
}

TEST(GapModelTest, LearnedGapIsFarLikelierThanAnother) {
  const GapModel model = Learned();
  EXPECT_LT(model.Cost(400 * kUs) + 5, model.Cost(5 * kMs));
  EXPECT_LT(model.Cost(5 * kMs), model.Cost(50 * kMs));
  EXPECT_LT(model.Cost(400 * kUs) + 6, model.Cost(-400 * kUs));
}

TEST(GapModelTest, BeforeAnythingIsLearnedShorterIsLikelier) {
  const GapModel model;
  EXPECT_LT(model.Cost(kMs / 2), model.Cost(10 * kMs));
  EXPECT_LT(model.Cost(10 * kMs), model.Cost(100 * kMs));
}

TEST(GapModelTest, NothingIsRuledOut) {
  EXPECT_TRUE(std::isfinite(Learned().Cost(GapModel::kReachNs)));
  EXPECT_TRUE(std::isfinite(Learned().Cost(-GapModel::kReachNs)));
}

TEST(GapModelTest, BestCostIsTheLowest) {
  for (const GapModel& model : {GapModel(), Learned()})
    for (int64_t gap_ns = -10 * kMs; gap_ns < 10 * kMs; gap_ns += 7 * kUs)
      EXPECT_GE(model.Cost(gap_ns), model.BestCost() - 1e-9) << gap_ns;
}

TEST(GapModelTest, NewHabitsReplaceOldOnes) {
  GapModel model = Learned();
  for (int i = 0; i < 20'000; ++i) model.Learn(20 * kMs);
  EXPECT_LT(model.Cost(20 * kMs), model.Cost(400 * kUs) + 8);
  EXPECT_EQ(model.learned(), 20'200u);
}

}  // namespace
}  // namespace skep::join
