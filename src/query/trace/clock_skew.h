// SPDX-License-Identifier: Apache-2.0
// ClockSkew: how far the clock of one place stands from that of the place that called it, as the
// calls show: a span that was called cannot begin before its caller nor, where the caller waits,
// end after it. Each call gives bounds for the shift, all calls of two places together narrower
// ones. Where every call lies within its caller nothing is said: the clocks may agree. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "query/trace/trace_tree.h"

namespace skep {

struct ClockSkew {
  uint32_t place = 0;              // text of the tree
  uint32_t against = 0;            // the place that it was compared with
  int64_t shift_ns = 0;            // to be added to its times to fit the trace's first place
  int64_t low_ns = 0;              // bounds of the shift between the two
  std::optional<int64_t> high_ns;  // absent where no caller waited
  bool consistent = true;          // one shift fits all calls; else it is the middle one
  uint64_t calls = 0;
  uint64_t outside = 0;  // calls that do not lie within their caller as measured
};

// Places whose times have to be moved.
std::vector<ClockSkew> MeasureSkew(const TraceTree& tree);

std::unordered_map<uint32_t, int64_t> ShiftsOf(const std::vector<ClockSkew>& skews);

}  // namespace skep
