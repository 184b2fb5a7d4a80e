// SPDX-License-Identifier: Apache-2.0
// RowTree: puts rows that name their parents into the order in which a tree is drawn. Takes any
// graph: a ring is cut open at its earliest row. Without recursion, since a trace may be as deep as
// it is long. Pure.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace skep {

inline constexpr size_t kNoParent = static_cast<size_t>(-1);

struct TreePlace {
  size_t row = 0;
  size_t parent = kNoParent;
  size_t depth = 0;
};

// `parents[i]` is the row that row i hangs under. `before` orders rows of one parent, and must be a
// strict order of all rows.
std::vector<TreePlace> OrderAsTree(const std::vector<size_t>& parents,
                                   const std::function<bool(size_t, size_t)>& before);

}  // namespace skep
