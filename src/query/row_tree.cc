// SPDX-License-Identifier: Apache-2.0
#include "query/row_tree.h"

namespace skep {
namespace {

class TreeWalk {
 public:
  TreeWalk(const std::vector<size_t>& parents, const std::vector<size_t>& sorted)
      : parents_(parents),
        begins_(parents.size() + 1),
        children_(parents.size()),
        done_(parents.size()),
        seen_(parents.size()),
        ranks_(parents.size()) {
    for (const size_t parent : parents)
      if (parent != kNoParent) ++begins_[parent + 1];
    for (size_t i = 1; i < begins_.size(); ++i) begins_[i] += begins_[i - 1];
    std::vector<size_t> next(begins_.begin(), begins_.end() - 1);
    for (size_t rank = 0; rank < sorted.size(); ++rank) {
      ranks_[sorted[rank]] = rank;
      const size_t parent = parents[sorted[rank]];
      if (parent != kNoParent) children_[next[parent]++] = sorted[rank];
    }
    places_.reserve(parents.size());
  }

  bool done(size_t row) const { return done_[row]; }

  void From(size_t top) {
    open_ = {{top, kNoParent, 0}};
    while (!open_.empty()) {
      const TreePlace place = open_.back();
      open_.pop_back();
      if (done_[place.row]) continue;
      done_[place.row] = true;
      places_.push_back(place);
      for (size_t i = begins_[place.row + 1]; i-- > begins_[place.row];)
        open_.push_back({children_[i], place.row, place.depth + 1});
    }
  }

  // The earliest row of the ring that the parents of `row` lead into.
  size_t EarliestInRing(size_t row) {
    while (!seen_[row]) {
      seen_[row] = true;
      row = parents_[row];
    }
    size_t earliest = row;
    for (size_t next = parents_[row]; next != row; next = parents_[next])
      if (ranks_[next] < ranks_[earliest]) earliest = next;
    return earliest;
  }

  std::vector<TreePlace> Take() { return std::move(places_); }

 private:
  const std::vector<size_t>& parents_;
  std::vector<size_t> begins_;  // of each row's children among all children
  std::vector<size_t> children_;
  std::vector<bool> done_;
  std::vector<bool> seen_;  // on the way into a ring; each ring is entered once
  std::vector<size_t> ranks_;
  std::vector<TreePlace> open_;
  std::vector<TreePlace> places_;
};

}  // namespace

std::vector<TreePlace> OrderAsTree(const std::vector<size_t>& parents,
                                   const std::vector<size_t>& sorted) {
  TreeWalk walk(parents, sorted);
  for (const size_t row : sorted)
    if (parents[row] == kNoParent) walk.From(row);
  // What no top leads to hangs in a ring, or under one.
  for (const size_t row : sorted)
    if (!walk.done(row)) walk.From(walk.EarliestInRing(row));
  return walk.Take();
}

}  // namespace skep
