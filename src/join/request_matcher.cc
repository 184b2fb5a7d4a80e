// SPDX-License-Identifier: Apache-2.0
#include "join/request_matcher.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <string_view>
#include <tuple>

namespace skep::join {
namespace {

constexpr int64_t kToleranceNs = 60'000'000;  // the largest gap at either end
constexpr double kMargin = 5;                 // the second best must cost this much more
constexpr double kCostMax = 12;               // beyond it nothing is believed, rival or not
constexpr size_t kModelsMax = 4096;

struct Edge {
  size_t segment;
  size_t span;
  double cost;
  int64_t start_gap_ns;
  int64_t end_gap_ns;
};

using RequestKey = std::tuple<std::string_view, std::string_view, int64_t>;

RequestKey KeyOf(const RequestCandidate& request) {
  return {request.method, request.path, request.status};
}

// The best and second best of a node's edges that still stand.
struct Choice {
  const Edge* best = nullptr;
  const Edge* second = nullptr;
  bool Clear() const {
    return best != nullptr && (second == nullptr || second->cost - best->cost >= kMargin);
  }
};

class Matching {
 public:
  Matching(std::vector<Edge> edges, size_t segments, size_t spans)
      : edges_(std::move(edges)),
        by_segment_(segments),
        by_span_(spans),
        segment_taken_(segments),
        span_taken_(spans) {
    for (size_t i = 0; i < edges_.size(); ++i) {
      by_segment_[edges_[i].segment].push_back(i);
      by_span_[edges_[i].span].push_back(i);
    }
  }

  // Takes clear pairs until none is left; each takes rivals away from others, which may then be
  // clear.
  std::vector<RequestMatch> Run() {
    std::vector<RequestMatch> matches;
    for (bool changed = true; changed;) {
      changed = false;
      for (size_t segment = 0; segment < by_segment_.size(); ++segment) {
        if (segment_taken_[segment] || by_segment_[segment].empty()) continue;
        const Choice mine = Choose(by_segment_[segment]);
        if (!mine.Clear() || mine.best->cost > kCostMax) continue;
        const Choice theirs = Choose(by_span_[mine.best->span]);
        if (theirs.best != mine.best || !theirs.Clear()) continue;
        segment_taken_[segment] = true;
        span_taken_[mine.best->span] = true;
        matches.push_back(MatchOf(mine, theirs));
        changed = true;
      }
    }
    return matches;
  }

 private:
  Choice Choose(const std::vector<size_t>& edges) const {
    Choice choice;
    for (const size_t i : edges) {
      const Edge& edge = edges_[i];
      if (segment_taken_[edge.segment] || span_taken_[edge.span]) continue;
      if (choice.best == nullptr || edge.cost < choice.best->cost) {
        choice.second = std::exchange(choice.best, &edge);
      } else if (choice.second == nullptr || edge.cost < choice.second->cost) {
        choice.second = &edge;
      }
    }
    return choice;
  }

  static RequestMatch MatchOf(const Choice& mine, const Choice& theirs) {
    int64_t next_ns = std::numeric_limits<int64_t>::max();
    for (const Edge* rival : {mine.second, theirs.second})
      if (rival != nullptr)
        next_ns = std::min(next_ns, std::abs(rival->start_gap_ns) + std::abs(rival->end_gap_ns));
    if (next_ns == std::numeric_limits<int64_t>::max()) next_ns = 0;
    return {mine.best->segment, mine.best->span, mine.best->start_gap_ns, mine.best->end_gap_ns,
            next_ns};
  }

  std::vector<Edge> edges_;
  std::vector<std::vector<size_t>> by_segment_;
  std::vector<std::vector<size_t>> by_span_;
  std::vector<bool> segment_taken_;
  std::vector<bool> span_taken_;
};

template <typename T>
bool AgreeOrUnsaid(const T& a, const T& b) {
  return a == T() || b == T() || a == b;
}

}  // namespace

bool SameClientAndProcess(const RequestCandidate& a, const RequestCandidate& b) {
  return AgreeOrUnsaid(a.client, b.client) && AgreeOrUnsaid(a.host, b.host) &&
         AgreeOrUnsaid(a.pid, b.pid);
}

OffsetModel& RequestMatcher::ModelFor(const RequestCandidate& segment,
                                      const RequestCandidate& span) {
  if (models_.size() > kModelsMax) models_.clear();
  return models_[{segment.service, span.service}];
}

std::vector<RequestMatch> RequestMatcher::Match(
    const std::vector<const RequestCandidate*>& segments,
    const std::vector<const RequestCandidate*>& spans) {
  std::map<RequestKey, std::vector<std::pair<int64_t, size_t>>> spans_by_key;
  for (size_t i = 0; i < spans.size(); ++i)
    spans_by_key[KeyOf(*spans[i])].emplace_back(spans[i]->start_ns, i);
  for (auto& [key, list] : spans_by_key) std::sort(list.begin(), list.end());

  std::vector<Edge> edges;
  for (size_t i = 0; i < segments.size(); ++i) {
    const RequestCandidate& segment = *segments[i];
    const auto found = spans_by_key.find(KeyOf(segment));
    if (found == spans_by_key.end()) continue;
    const auto& list = found->second;
    auto at = std::lower_bound(list.begin(), list.end(),
                               std::pair(segment.start_ns - kToleranceNs, size_t{0}));
    for (; at != list.end() && at->first <= segment.start_ns + kToleranceNs; ++at) {
      const RequestCandidate& span = *spans[at->second];
      const int64_t start_gap_ns = segment.start_ns - span.start_ns;
      const int64_t end_gap_ns = span.end_ns - segment.end_ns;
      if (std::abs(end_gap_ns) > kToleranceNs || !SameClientAndProcess(segment, span)) continue;
      const double cost = ModelFor(segment, span).Cost(start_gap_ns, end_gap_ns);
      if (cost < OffsetModel::kImpossible)
        edges.push_back({i, at->second, cost, start_gap_ns, end_gap_ns});
    }
  }
  std::vector<RequestMatch> matches =
      Matching(std::move(edges), segments.size(), spans.size()).Run();
  for (const RequestMatch& match : matches)
    ModelFor(*segments[match.segment], *spans[match.span])
        .Learn(match.start_gap_ns, match.end_gap_ns);
  return matches;
}

}  // namespace skep::join
