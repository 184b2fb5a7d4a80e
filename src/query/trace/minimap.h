// SPDX-License-Identifier: Apache-2.0
// Minimap: a whole trace in a few lanes of columns, whatever its length: how much of each lane's
// spans run in each column, and where lines and errors are. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "query/trace/trace_tree.h"

namespace skep {

struct MinimapLane {
  Door door = Door::kOtlp;  // of its first span
  std::string levels;       // a digit a column: 0 nothing, 9 all of its spans
};

// The loudest row of a column.
struct MinimapMark {
  uint32_t column = 0;
  bool error = false;  // an occurrence; else a line
  Severity severity = 0;
  Door door = Door::kOtlp;
};

struct Minimap {
  uint32_t columns = 0;
  std::vector<MinimapLane> lanes;
  std::vector<MinimapMark> marks;
};

Minimap DrawMinimap(const TraceTree& tree, uint32_t columns = 400, uint32_t lanes = 14);

}  // namespace skep
