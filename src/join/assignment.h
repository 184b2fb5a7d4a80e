// SPDX-License-Identifier: Apache-2.0
// The cheapest assignment of lefts to rights, either of which may stay alone, and how sure each of
// its pairs is: by how much the cheapest assignment without that pair costs more (and without any
// other place of the same host for that left). So a pair is as sure as its best alternative is bad,
// also where that takes a whole chain of others to be wrong.
// Pure.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace skep::join {

struct AssignmentEdge {
  size_t left;
  size_t right;
  double cost;  // of the pair, less that of leaving both alone: below zero, or it is never taken
  size_t host = 0;  // rights of one host, if not 0, are the same to a left: places with one guest
};

struct AssignedPair {
  size_t edge;    // index into the edges
  double margin;  // at least 0; what is above `margin_max` is not told apart from it
};

std::vector<AssignedPair> Assign(size_t lefts, size_t rights, std::span<const AssignmentEdge> edges,
                                 double margin_max);

}  // namespace skep::join
