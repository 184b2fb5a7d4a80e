// SPDX-License-Identifier: Apache-2.0
#include "join/assignment.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <queue>
#include <utility>

namespace skep::join {
namespace {

constexpr size_t kNone = SIZE_MAX;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// The Hungarian method on a sparse graph: lefts are added one by one along the shortest path to a
// right that is free, or to a left that then stays alone (for nothing). Prices keep all costs of
// changes at least 0:
//   price(left) + price(right) <= cost, equal for pairs; no price above 0, and 0 for what is alone.
// So searches are Dijkstra's and end near where they began.
class Matching {
 public:
  Matching(size_t lefts, size_t rights, std::span<const AssignmentEdge> edges)
      : edges_(edges),
        lefts_(lefts),
        alone_(lefts + rights),
        by_left_(lefts),
        taken_(lefts + rights, kNone),
        price_(lefts + rights, 0),
        distance_(lefts + rights + 1, kInfinity),
        before_(lefts + rights + 1, kNone) {
    for (size_t i = 0; i < edges.size(); ++i)
      if (edges[i].cost < 0) by_left_[edges[i].left].push_back(i);
  }

  void Solve() {
    for (size_t left = 0; left < lefts_; ++left) Add(left);
  }

  std::vector<AssignedPair> Pairs(double margin_max) {
    std::vector<AssignedPair> pairs;
    for (size_t left = 0; left < lefts_; ++left)
      if (taken_[left] != kNone) pairs.push_back({taken_[left], MarginOf(left, margin_max)});
    return pairs;
  }

 private:
  using Entry = std::pair<double, size_t>;  // distance and node
  using Heap = std::priority_queue<Entry, std::vector<Entry>, std::greater<>>;

  size_t RightOf(size_t edge) const { return lefts_ + edges_[edge].right; }
  // Of letting the left have this edge's right, by prices.
  double ChangeCost(size_t edge) const {
    return std::max(0.0, edges_[edge].cost - price_[edges_[edge].left] - price_[RightOf(edge)]);
  }

  void Reach(size_t node, double distance, size_t edge) {
    if (distance >= distance_[node]) return;
    if (distance_[node] == kInfinity) touched_.push_back(node);
    distance_[node] = distance;
    before_[node] = edge;
    heap_.emplace(distance, node);
  }
  // The nearest node that is not done; kNone: there is none.
  size_t Pop() {
    while (!heap_.empty()) {
      const auto [distance, node] = heap_.top();
      heap_.pop();
      if (distance == distance_[node]) return node;
    }
    return kNone;
  }
  void Clear() {
    for (const size_t node : touched_) {
      distance_[node] = kInfinity;
      before_[node] = kNone;
    }
    touched_.clear();
    heap_ = {};
  }

  void Add(size_t source) {
    if (by_left_[source].empty()) return;
    price_[source] = 0;
    for (const size_t edge : by_left_[source])
      price_[source] = std::min(price_[source], edges_[edge].cost - price_[RightOf(edge)]);
    std::vector<size_t> done;  // rights, nearest first
    size_t stays = kNone;      // the left that would stay alone ...
    double end = kInfinity;    // ... and how far that is
    const auto leave = [&](size_t left, double distance) {
      for (const size_t edge : by_left_[left])
        if (edge != taken_[left]) Reach(RightOf(edge), distance + ChangeCost(edge), edge);
      if (distance - price_[left] >= end) return;
      end = distance - price_[left];
      stays = left;
    };
    leave(source, 0);
    size_t right = kNone;
    while ((right = Pop()) != kNone && distance_[right] < end) {
      if (taken_[right] == kNone) {
        end = distance_[right];
        stays = kNone;
        break;
      }
      done.push_back(right);
      leave(edges_[taken_[right]].left, distance_[right]);
    }
    price_[source] += end;
    for (const size_t node : done) {
      price_[edges_[taken_[node]].left] += end - distance_[node];
      price_[node] -= end - distance_[node];
    }
    if (stays != kNone) {
      right = stays == source ? kNone : RightOf(taken_[stays]);
      if (stays != source) taken_[stays] = kNone;
    }
    Move(source, right);
    Clear();
  }

  // Along the path from `source`, each left takes the next right.
  void Move(size_t source, size_t right) {
    while (right != kNone) {
      const size_t edge = before_[right];
      const size_t left = edges_[edge].left;
      const size_t old = std::exchange(taken_[left], edge);
      taken_[right] = edge;
      right = left == source ? kNone : RightOf(old);
    }
  }

  // The cheapest change after which `left` and its right are not together: the left goes elsewhere,
  // and in the end somebody else has the right or it is alone. Being alone is a node, too: who was
  // alone may come in, and a right may be left to it.
  double MarginOf(size_t source, double margin_max) {
    const size_t goal = RightOf(taken_[source]);
    const size_t host = edges_[taken_[source]].host;
    LeaveLeft(source, 0, host);
    double margin = margin_max;
    for (size_t node = Pop(); node != kNone && distance_[node] < margin_max; node = Pop()) {
      const double distance = distance_[node];
      if (node == goal) {
        margin = distance;
        break;
      }
      if (node == alone_) {
        FromAlone(distance);
      } else if (node < lefts_) {
        LeaveLeft(node, distance);
      } else if (taken_[node] == kNone) {
        Reach(alone_, distance - price_[node], kNone);
      } else {
        LeaveLeft(edges_[taken_[node]].left, distance);
      }
    }
    Clear();
    return margin;
  }

  // `host` is left, too, if it is not 0.
  void LeaveLeft(size_t left, double distance, size_t host = 0) {
    for (const size_t edge : by_left_[left])
      if (edge != taken_[left] && (host == 0 || edges_[edge].host != host))
        Reach(RightOf(edge), distance + ChangeCost(edge), edge);
    if (taken_[left] != kNone) Reach(alone_, distance - price_[left], kNone);
  }

  void FromAlone(double distance) {
    for (size_t left = 0; left < lefts_; ++left)
      if (taken_[left] == kNone && !by_left_[left].empty()) Reach(left, distance, kNone);
    for (size_t right = lefts_; right < alone_; ++right)
      if (taken_[right] != kNone) Reach(right, distance - price_[right], kNone);
  }

  std::span<const AssignmentEdge> edges_;
  const size_t lefts_;
  const size_t alone_;  // the node behind all lefts and rights
  std::vector<std::vector<size_t>> by_left_;
  std::vector<size_t> taken_;  // by node: the edge that it is matched by
  std::vector<double> price_;
  // Of the search at hand.
  std::vector<double> distance_;
  std::vector<size_t> before_;  // the edge by which a right was reached
  std::vector<size_t> touched_;
  Heap heap_;
};

}  // namespace

std::vector<AssignedPair> Assign(size_t lefts, size_t rights, std::span<const AssignmentEdge> edges,
                                 double margin_max) {
  Matching matching(lefts, rights, edges);
  matching.Solve();
  return matching.Pairs(margin_max);
}

}  // namespace skep::join
