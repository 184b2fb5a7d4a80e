// SPDX-License-Identifier: Apache-2.0
#include "query/row_tree.h"

#include <gtest/gtest.h>

#include <numeric>
#include <string>

namespace skep {
namespace {

constexpr size_t kNone = kNoParent;

std::vector<size_t> InOrder(size_t rows) {
  std::vector<size_t> sorted(rows);
  std::iota(sorted.begin(), sorted.end(), size_t{0});
  return sorted;
}

std::string Draw(const std::vector<size_t>& parents) {
  std::string out;
  for (const TreePlace& place : OrderAsTree(parents, InOrder(parents.size())))
    out += std::string(place.depth, '.') + std::to_string(place.row) + " ";
  return out;
}

TEST(RowTreeTest, DepthFirstInOrder) {
  EXPECT_EQ(Draw({}), "");
  EXPECT_EQ(Draw({kNone, 0, 0, 1, kNone, 2}), "0 .1 ..3 .2 ..5 4 ");
  // A child may come before its parent.
  EXPECT_EQ(Draw({2, kNone, 1}), "1 .2 ..0 ");
}

TEST(RowTreeTest, RingsAreCutOpen) {
  EXPECT_EQ(Draw({0}), "0 ");
  EXPECT_EQ(Draw({1, 0}), "0 .1 ");
  EXPECT_EQ(Draw({2, 0, 1, kNone}), "3 0 .1 ..2 ");
  // What hangs under a ring stays under it, also when it is earlier.
  EXPECT_EQ(Draw({1, 2, 1}), "1 .0 .2 ");
}

TEST(RowTreeTest, ManyRings) {
  std::vector<size_t> parents(200'000);
  for (size_t i = 0; i < parents.size(); ++i) parents[i] = i ^ 1;
  const auto places = OrderAsTree(parents, InOrder(parents.size()));
  ASSERT_EQ(places.size(), parents.size());
  EXPECT_EQ(places.back().depth, 1u);
}

TEST(RowTreeTest, AChainAsLongAsATraceMayBe) {
  std::vector<size_t> parents(100'000);
  for (size_t i = 0; i < parents.size(); ++i) parents[i] = i == 0 ? kNone : i - 1;
  const auto places = OrderAsTree(parents, InOrder(parents.size()));
  ASSERT_EQ(places.size(), parents.size());
  EXPECT_EQ(places.back().depth, parents.size() - 1);
}

}  // namespace
}  // namespace skep
