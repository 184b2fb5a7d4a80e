// SPDX-License-Identifier: Apache-2.0
// SiblingGroups: spans of one parent that are of one shape (the same name, service and kind, failed
// or not, and children of the same shapes, however many) can be shown as one bar with a count and a
// spread of lengths. A failed span is never folded among those that went well. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "query/trace/trace_tree.h"

namespace skep {

inline constexpr size_t kGroupBuckets = 24;
// Fewer siblings than this stand for themselves.
inline constexpr size_t kGroupLeast = 10;

struct SiblingGroup {
  std::vector<uint32_t> rows;  // in order
  int64_t start_ns = 0;        // of all of them together
  int64_t end_ns = 0;
  uint64_t total_ns = 0;
  uint64_t shortest_ns = 0;
  uint64_t median_ns = 0;
  uint64_t longest_ns = 0;
  std::array<uint32_t, kGroupBuckets> buckets{};  // log scale from the shortest to the longest
};

struct SiblingGroups {
  std::vector<SiblingGroup> groups;  // in order of their first rows
  std::vector<uint32_t> of_row;      // index of its group, or kNoRow
};

SiblingGroups GroupSiblings(const TraceTree& tree, size_t least = kGroupLeast);

}  // namespace skep
