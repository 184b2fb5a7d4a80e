// SPDX-License-Identifier: Apache-2.0
// RowTree: puts rows that name their parents into the order in which a tree is drawn. Takes any
// graph: a ring is cut open at its earliest row. Without recursion, since a trace may be as deep as
// it is long, and in a time that grows with the rows alone. Pure.
#pragma once

#include <cstddef>
#include <vector>

namespace skep {

inline constexpr size_t kNoParent = static_cast<size_t>(-1);

struct TreePlace {
  size_t row = 0;
  size_t parent = kNoParent;
  size_t depth = 0;
};

// `parents[i]` is the row that row i hangs under. `sorted` has all rows in the order in which those
// of one parent shall stand.
std::vector<TreePlace> OrderAsTree(const std::vector<size_t>& parents,
                                   const std::vector<size_t>& sorted);

}  // namespace skep
