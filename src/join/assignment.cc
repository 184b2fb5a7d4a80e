// SPDX-License-Identifier: Apache-2.0
#include "join/assignment.h"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <limits>

namespace skep::join {
namespace {

constexpr size_t kNone = SIZE_MAX;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kTiny = 1e-9;  // costs closer than this are equal: sums come in any order

// The residual graph of a matching. Nodes: the lefts, the rights, and "alone". An arc is a change:
//   left -> right   the left takes this right instead
//   right -> left   the right's left must go elsewhere
//   left -> alone   that left stays alone          right -> alone  the right was free
//   alone -> left   a free left may take something alone -> right  the right stays alone
// A path is a change of the matching and its length what that costs. Shortest paths by Bellman and
// Ford with a queue, because costs are negative; components are small.
class Matching {
 public:
  Matching(size_t lefts, size_t rights, std::span<const AssignmentEdge> edges)
      : edges_(edges),
        lefts_(lefts),
        alone_(lefts + rights),
        by_left_(lefts),
        taken_(lefts + rights, kNone) {
    for (size_t i = 0; i < edges.size(); ++i)
      if (edges[i].cost < 0) by_left_[edges[i].left].push_back(i);
  }

  void Solve() {
    for (size_t left = 0; left < lefts_; ++left) {
      Search(left, kNone, false);
      if (distance_[alone_] < -kTiny) Apply(left);
    }
  }

  std::vector<AssignedPair> Pairs() {
    std::vector<AssignedPair> pairs;
    for (size_t left = 0; left < lefts_; ++left) {
      const size_t edge = taken_[left];
      if (edge == kNone) continue;
      // The cheapest change after which these two are not together.
      Search(left, edge, true);
      const double change = distance_[RightOf(edge)] - edges_[edge].cost;
      pairs.push_back({edge, std::max(0.0, change)});
    }
    return pairs;
  }

 private:
  size_t RightOf(size_t edge) const { return lefts_ + edges_[edge].right; }

  // Distances from the left `source`, never by the edge `without`; `through_alone`: also by what
  // others do who are alone or become so.
  void Search(size_t source, size_t without, bool through_alone) {
    distance_.assign(alone_ + 1, kInfinity);
    before_.assign(alone_ + 1, kNone);
    waits_.assign(alone_ + 1, false);
    distance_[source] = 0;
    Reach(source, 0, kNone);
    while (!waiting_.empty()) {
      const size_t node = waiting_.front();
      waiting_.pop_front();
      waits_[node] = false;
      if (node == alone_) {
        if (through_alone) FromAlone();
      } else if (node < lefts_) {
        FromLeft(node, source, without);
      } else if (taken_[node] == kNone) {
        Reach(alone_, distance_[node], node);
      } else if (taken_[node] != without) {
        Reach(edges_[taken_[node]].left, distance_[node] - edges_[taken_[node]].cost, node);
      }
    }
  }

  void FromLeft(size_t left, size_t source, size_t without) {
    for (const size_t edge : by_left_[left])
      if (edge != without && edge != taken_[left])
        Reach(RightOf(edge), distance_[left] + edges_[edge].cost, left);
    if (taken_[left] != kNone || left == source) Reach(alone_, distance_[left], left);
  }

  void FromAlone() {
    for (size_t node = 0; node < alone_; ++node)
      if ((node < lefts_) == (taken_[node] == kNone)) Reach(node, distance_[alone_], alone_);
  }

  void Reach(size_t node, double distance, size_t from) {
    if (from != kNone) {
      if (distance >= distance_[node] - kTiny) return;
      distance_[node] = distance;
      before_[node] = from;
    }
    if (waits_[node]) return;
    waits_[node] = true;
    waiting_.push_back(node);
  }

  // Makes the change that Search found to be the cheapest for `source`.
  void Apply(size_t source) {
    size_t node = before_[alone_];
    if (node < lefts_) {  // a left that stays alone
      const size_t edge = taken_[node];
      taken_[node] = kNone;
      node = RightOf(edge);
    }
    while (true) {
      const size_t left = before_[node];
      const size_t edge = EdgeBetween(left, node);
      const size_t old = taken_[left];
      taken_[left] = taken_[node] = edge;
      if (left == source) return;
      node = RightOf(old);
    }
  }

  size_t EdgeBetween(size_t left, size_t right) const {
    size_t best = kNone;
    for (const size_t edge : by_left_[left])
      if (RightOf(edge) == right && (best == kNone || edges_[edge].cost < edges_[best].cost))
        best = edge;
    return best;
  }

  std::span<const AssignmentEdge> edges_;
  const size_t lefts_;
  const size_t alone_;
  std::vector<std::vector<size_t>> by_left_;
  std::vector<size_t> taken_;  // by node: the edge that it is matched by
  std::vector<double> distance_;
  std::vector<size_t> before_;
  std::vector<bool> waits_;
  std::deque<size_t> waiting_;
};

}  // namespace

std::vector<AssignedPair> Assign(size_t lefts, size_t rights,
                                 std::span<const AssignmentEdge> edges) {
  Matching matching(lefts, rights, edges);
  matching.Solve();
  return matching.Pairs();
}

}  // namespace skep::join
