// SPDX-License-Identifier: Apache-2.0
#include "query/row_tree.h"

#include <algorithm>
#include <numeric>

namespace skep {
namespace {

class TreeWalk {
 public:
  TreeWalk(const std::vector<size_t>& parents, const std::vector<size_t>& sorted)
      : children_(parents.size()), done_(parents.size()) {
    for (const size_t row : sorted)
      if (parents[row] != kNoParent) children_[parents[row]].push_back(row);
  }

  bool done(size_t row) const { return done_[row]; }

  void From(size_t top, std::vector<TreePlace>* places) {
    std::vector<TreePlace> open = {{top, kNoParent, 0}};
    while (!open.empty()) {
      const TreePlace place = open.back();
      open.pop_back();
      if (done_[place.row]) continue;
      done_[place.row] = true;
      places->push_back(place);
      const std::vector<size_t>& children = children_[place.row];
      for (auto child = children.rbegin(); child != children.rend(); ++child)
        open.push_back({*child, place.row, place.depth + 1});
    }
  }

 private:
  std::vector<std::vector<size_t>> children_;
  std::vector<bool> done_;
};

// The earliest row of the ring that the parents of `row` lead into.
size_t EarliestInRing(const std::vector<size_t>& parents, size_t row,
                      const std::function<bool(size_t, size_t)>& before) {
  std::vector<bool> seen(parents.size());
  while (!seen[row]) {
    seen[row] = true;
    row = parents[row];
  }
  size_t earliest = row;
  for (size_t next = parents[row]; next != row; next = parents[next])
    if (before(next, earliest)) earliest = next;
  return earliest;
}

}  // namespace

std::vector<TreePlace> OrderAsTree(const std::vector<size_t>& parents,
                                   const std::function<bool(size_t, size_t)>& before) {
  std::vector<size_t> sorted(parents.size());
  std::iota(sorted.begin(), sorted.end(), size_t{0});
  std::sort(sorted.begin(), sorted.end(), before);
  TreeWalk walk(parents, sorted);
  std::vector<TreePlace> places;
  places.reserve(parents.size());
  for (const size_t row : sorted)
    if (parents[row] == kNoParent) walk.From(row, &places);
  // What no top leads to hangs in a ring, or under one.
  for (const size_t row : sorted)
    if (!walk.done(row)) walk.From(EarliestInRing(parents, row, before), &places);
  return places;
}

}  // namespace skep
