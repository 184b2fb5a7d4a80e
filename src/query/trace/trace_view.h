// SPDX-License-Identifier: Apache-2.0
// TraceView: the rows of a trace that are in sight, in the order in which they are drawn: what is
// folded hides what is under it, what is left out lends its children its place, siblings of one
// shape are one row until they are opened. Its cost is that of the rows in sight. Pure.
#pragma once

#include <cstdint>
#include <unordered_set>
#include <vector>

#include "query/trace/critical_path.h"
#include "query/trace/sibling_groups.h"
#include "query/trace/trace_tree.h"

namespace skep {

// All that is worked out of one trace.
struct TraceAnalysis {
  explicit TraceAnalysis(TraceTree made);

  TraceTree tree;
  SiblingGroups groups;
  std::vector<PathPart> path;
  std::vector<uint32_t> path_of_row;  // index of its first part, or kNoRow

  bool OnPath(uint32_t row) const { return path_of_row[row] != kNoRow; }
};

struct TraceLook {
  bool logs = true;
  bool xray = true;
  bool path_only = false;  // and errors
  bool fold_siblings = true;
  std::unordered_set<uint32_t> folded;       // rows
  std::unordered_set<uint32_t> open_groups;  // indices of groups
};

struct ViewRow {
  uint32_t row = 0;         // of a group: its first
  uint32_t group = kNoRow;  // set where the row stands for all of a group
  uint32_t depth = 0;
  bool parent = false;  // something hangs under it
  bool open = false;    // and is in sight
};

std::vector<ViewRow> RowsInSight(const TraceAnalysis& trace, const TraceLook& look);

bool IsWanted(const TraceAnalysis& trace, const TraceLook& look, uint32_t row);

// Opens whatever hides `row`: its folded parents, the groups that it and they are in.
void BringIntoSight(const TraceAnalysis& trace, uint32_t row, TraceLook* look);

}  // namespace skep
