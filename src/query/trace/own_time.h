// SPDX-License-Identifier: Apache-2.0
// OwnTime: the parts of a span in which none of its children of the same door ran, as shares of its
// length from 0 to 1. Parts too short to be drawn are left out. Pure.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "query/trace/trace_tree.h"

namespace skep {

std::vector<std::pair<double, double>> OwnTime(const TraceTree& tree, uint32_t row);

}  // namespace skep
