// SPDX-License-Identifier: Apache-2.0
#include "join/assignment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace skep::join {
namespace {

// Tries everything. `without`: an edge that may not be used.
double Cheapest(const std::vector<AssignmentEdge>& edges, size_t lefts, size_t without,
                size_t left = 0, unsigned taken = 0) {
  if (left == lefts) return 0;
  double best = Cheapest(edges, lefts, without, left + 1, taken);
  for (size_t i = 0; i < edges.size(); ++i) {
    if (i == without || edges[i].left != left || (taken >> edges[i].right & 1) != 0) continue;
    best = std::min(best, edges[i].cost + Cheapest(edges, lefts, without, left + 1,
                                                   taken | 1u << edges[i].right));
  }
  return best;
}

TEST(AssignmentTest, TakesTheCheapestWholeNotTheCheapestPair) {
  // 0-0 is the cheapest pair, but then 1 stays alone.
  const std::vector<AssignmentEdge> edges = {{0, 0, -10}, {0, 1, -9}, {1, 0, -9}};
  const auto pairs = Assign(2, 2, edges, 100);
  ASSERT_EQ(pairs.size(), 2u);
  EXPECT_EQ(pairs[0].edge, 1u);
  EXPECT_EQ(pairs[1].edge, 2u);
  EXPECT_DOUBLE_EQ(pairs[0].margin, 8);  // -18 against -10
}

TEST(AssignmentTest, PairOfTwoEqualsHasNoMargin) {
  const std::vector<AssignmentEdge> edges = {{0, 0, -5}, {0, 1, -5}, {1, 0, -5}, {1, 1, -5}};
  for (const AssignedPair& pair : Assign(2, 2, edges, 100)) EXPECT_DOUBLE_EQ(pair.margin, 0);
}

TEST(AssignmentTest, LonePairIsAsSureAsItsCost) {
  const std::vector<AssignmentEdge> edges = {{0, 0, -7}};
  const auto pairs = Assign(1, 1, edges, 100);
  ASSERT_EQ(pairs.size(), 1u);
  EXPECT_DOUBLE_EQ(pairs[0].margin, 7);
}

TEST(AssignmentTest, NothingThatCostsMoreThanStayingAlone) {
  const std::vector<AssignmentEdge> edges = {{0, 0, 0}, {0, 1, 3}};
  EXPECT_TRUE(Assign(1, 2, edges, 100).empty());
  EXPECT_TRUE(Assign(0, 0, {}, 100).empty());
}

TEST(AssignmentTest, MarginsAreNotLookedForBeyondTheLimit) {
  const std::vector<AssignmentEdge> edges = {{0, 0, -7}};
  EXPECT_DOUBLE_EQ(Assign(1, 1, edges, 5)[0].margin, 5);
}

TEST(AssignmentTest, AgreesWithTryingEverything) {
  std::mt19937 random(4711);
  for (int round = 0; round < 3000; ++round) {
    const size_t lefts = 1 + random() % 5;
    const size_t rights = 1 + random() % 5;
    std::vector<AssignmentEdge> edges;
    for (size_t left = 0; left < lefts; ++left)
      for (size_t right = 0; right < rights; ++right)
        if (random() % 3 != 0)
          edges.push_back({left, right, static_cast<double>(random() % 40) / 2 - 18});
    const double best = Cheapest(edges, lefts, SIZE_MAX);
    double sum = 0;
    for (const AssignedPair& pair : Assign(lefts, rights, edges, 100)) {
      sum += edges[pair.edge].cost;
      EXPECT_NEAR(pair.margin, Cheapest(edges, lefts, pair.edge) - best, 1e-6) << "round " << round;
    }
    EXPECT_NEAR(sum, best, 1e-6) << "round " << round;
  }
}

}  // namespace
}  // namespace skep::join
