// SPDX-License-Identifier: Apache-2.0
// CriticalPath: which part of which span the caller was really waiting for. Walked backwards from a
// root's end: of the children that had ended by then the one that ended last was waited for; before
// it began, the span itself or an earlier child. A child that was still running when the next one
// began was not waited for; what runs on after its parent ended does not count. The parts of one
// root touch each other and add up to its length. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "query/trace/trace_tree.h"

namespace skep {

struct PathPart {
  uint32_t row = 0;
  int64_t from_ns = 0;
  int64_t to_ns = 0;
};

// Of every root, in order of row and time. Children of another door say the same again and are not
// followed.
std::vector<PathPart> CriticalPath(const TraceTree& tree);

// What spans of one service and name have of it, the greatest first.
struct PathShare {
  uint32_t service = 0;
  uint32_t name = 0;
  uint64_t rows = 0;
  int64_t ns = 0;
};
std::vector<PathShare> SharesOfPath(const TraceTree& tree, const std::vector<PathPart>& path,
                                    size_t most);

}  // namespace skep
