// SPDX-License-Identifier: Apache-2.0
#include "join/request_matcher.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <unordered_map>
#include <unordered_set>

#include "base/clock.h"
#include "join/assignment.h"

namespace skep::join {
namespace {

// By how many nats every assignment without a pair must be less likely, e^8 is 3000 times; more as
// long as little is known about a pair of services.
constexpr double kSure = 8;
constexpr double kSureAtFirst = 9.5;
constexpr size_t kLearnedEnough = 30;
constexpr double kAloneMin = 0.001;
constexpr double kAloneWeight = 0.01;
constexpr size_t kNeighboursMax = 8192;  // spans that are looked at for one segment
constexpr size_t kComponentMax = 1500;   // segments that are assigned together
constexpr int kRateNeighbours = 4;       // on either side, for the rate at hand
constexpr size_t kModelsMax = 4096;
constexpr double kOverheadS = 0.002;

double Seconds(int64_t ns) { return static_cast<double>(ns) / static_cast<double>(kNsPerS); }

template <typename T>
bool AgreeOrUnsaid(const T& a, const T& b) {
  return a == T() || b == T() || a == b;
}

bool SameClient(const RequestCandidate& segment, const RequestCandidate& span) {
  if (segment.client.empty() || (span.client.empty() && span.peer.empty())) return true;
  if (segment.client == span.client || segment.client == span.peer) return true;
  // A proxy named the client to one of them only.
  return segment.peer.empty() && span.client.empty();
}

// Spans around `at`: how dense they are in start and length, as the logarithm per second squared.
double LogDensity(const std::multimap<int64_t, Request*>& spans,
                  std::multimap<int64_t, Request*>::const_iterator at) {
  auto first = at;
  auto last = at;
  int n = 0;
  for (int i = 0; i < kRateNeighbours && first != spans.begin(); ++i, ++n) --first;
  for (int i = 0; i < kRateNeighbours && last != spans.end(); ++i, ++n) ++last;
  if (n == 0) return 0;
  int64_t shortest_ns = std::numeric_limits<int64_t>::max();
  int64_t longest_ns = 0;
  int64_t newest_ns = first->first;
  for (auto span = first; span != last; ++span) {
    const int64_t length_ns = span->second->facts.end_ns - span->first;
    shortest_ns = std::min(shortest_ns, length_ns);
    longest_ns = std::max(longest_ns, length_ns);
    newest_ns = span->first;
  }
  const double over_s = n < 2 * kRateNeighbours ? 10 : 0;  // few spans say little about the rate
  const double rate = n / std::max(Seconds(newest_ns - first->first) + kOverheadS, over_s);
  const double spread_s = std::max(Seconds(longest_ns - shortest_ns), Seconds(longest_ns) / 10);
  return std::log(rate / (spread_s + kOverheadS));
}

}  // namespace

struct RequestMatcher::Component {
  std::vector<Request*> segments;
  std::vector<Request*> spans;
  std::unordered_map<const Request*, size_t> index;  // of both
  std::vector<Edge> edges;
  bool crowded = false;

  size_t IndexOf(Request* request, std::vector<Request*>* list) {
    const auto [at, added] = index.try_emplace(request, list->size());
    if (added) list->push_back(request);
    return at->second;
  }
};

bool SameAuthority(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty() || a == b) return true;
  const size_t a_colon = a.rfind(':');
  const size_t b_colon = b.rfind(':');
  if ((a_colon == std::string_view::npos) == (b_colon == std::string_view::npos)) return false;
  return a.substr(0, a_colon) == b.substr(0, b_colon);
}

bool CouldBeOne(const RequestCandidate& segment, const RequestCandidate& span) {
  return AgreeOrUnsaid(segment.status, span.status) && AgreeOrUnsaid(segment.host, span.host) &&
         AgreeOrUnsaid(segment.pid, span.pid) && SameAuthority(segment.authority, span.authority) &&
         SameClient(segment, span);
}

RequestMatcher::Model& RequestMatcher::ModelFor(const RequestCandidate& segment,
                                                const RequestCandidate& span) {
  return models_[{segment.service, span.service}];
}

double RequestMatcher::ChanceOf(const Request& segment, double span_alone) const {
  const auto& spans = segment.bucket->spans;
  return LogDensity(spans, spans.lower_bound(segment.facts.start_ns)) +
         std::log(std::max(span_alone, kAloneMin)) +
         std::log(std::max(segment_alone_share_, kAloneMin));
}

std::optional<RequestMatcher::Edge> RequestMatcher::EdgeOf(const Request& segment,
                                                           const Request& span, double chance) {
  if (span.settled || span.inner) return std::nullopt;
  const int64_t start_gap_ns = segment.facts.start_ns - span.facts.start_ns;
  const int64_t end_gap_ns = span.facts.end_ns - segment.facts.end_ns;
  if (std::abs(end_gap_ns) > GapModel::kReachNs) return std::nullopt;
  Model& model = ModelFor(segment.facts, span.facts);
  double cost = model.start.Cost(start_gap_ns) + chance;
  if (cost + model.end.BestCost() >= 0) return std::nullopt;
  cost += model.end.Cost(end_gap_ns);
  if (cost >= 0 || !CouldBeOne(segment.facts, span.facts)) return std::nullopt;
  return Edge{0, 0, cost, start_gap_ns, end_gap_ns, &model};
}

void RequestMatcher::AddEdges(size_t segment, double span_alone, Component* component) {
  const Request& request = *component->segments[segment];
  const double chance = ChanceOf(request, span_alone);
  const int64_t start_ns = request.facts.start_ns;
  size_t seen = 0;
  auto at = request.bucket->spans.lower_bound(start_ns - GapModel::kReachNs);
  for (; at != request.bucket->spans.end() && at->first <= start_ns + GapModel::kReachNs; ++at) {
    if (++seen > kNeighboursMax) component->crowded = true;
    if (component->crowded) return;
    auto edge = EdgeOf(request, *at->second, chance);
    if (!edge) continue;
    edge->segment = segment;
    edge->span = component->IndexOf(at->second, &component->spans);
    component->edges.push_back(*edge);
  }
}

// The segments that could have `span` instead.
void RequestMatcher::AddRivals(const Request& span, double span_alone, Component* component) {
  const auto& segments = span.bucket->segments;
  auto at = segments.lower_bound(span.facts.start_ns - GapModel::kReachNs);
  for (; at != segments.end() && at->first <= span.facts.start_ns + GapModel::kReachNs; ++at) {
    Request* rival = at->second;
    if (rival->settled || component->index.contains(rival)) continue;
    if (EdgeOf(*rival, span, ChanceOf(*rival, span_alone)))
      component->IndexOf(rival, &component->segments);
  }
}

RequestMatcher::Component RequestMatcher::Gather(Request* seed, double span_alone) {
  Component component;
  component.IndexOf(seed, &component.segments);
  size_t spans_done = 0;
  for (size_t i = 0; i < component.segments.size(); ++i) {
    AddEdges(i, span_alone, &component);
    if (component.segments.size() > kComponentMax) component.crowded = true;
    if (component.crowded) break;
    for (; spans_done < component.spans.size(); ++spans_done)
      AddRivals(*component.spans[spans_done], span_alone, &component);
  }
  return component;
}

void RequestMatcher::Solve(const Component& component, std::vector<RequestMatch>* matches) {
  std::vector<AssignmentEdge> edges;
  edges.reserve(component.edges.size());
  for (const Edge& edge : component.edges) edges.push_back({edge.segment, edge.span, edge.cost});
  for (const AssignedPair& pair :
       Assign(component.segments.size(), component.spans.size(), edges)) {
    const Edge& edge = component.edges[pair.edge];
    const bool known = edge.model->start.learned() >= kLearnedEnough;
    if (pair.margin < (known ? kSure : kSureAtFirst)) continue;
    int64_t next_ns = std::numeric_limits<int64_t>::max();
    for (const Edge& other : component.edges)
      if ((other.segment == edge.segment) != (other.span == edge.span))
        next_ns = std::min(next_ns, std::abs(other.start_gap_ns) + std::abs(other.end_gap_ns));
    if (next_ns == std::numeric_limits<int64_t>::max()) next_ns = 0;
    matches->push_back({component.segments[edge.segment], component.spans[edge.span],
                        edge.start_gap_ns, edge.end_gap_ns, next_ns});
  }
}

std::vector<RequestMatch> RequestMatcher::Match(const RequestPool& pool,
                                                const std::vector<Request*>& due) {
  if (models_.size() > kModelsMax) models_.clear();
  const std::unordered_set<const Request*> wanted(due.begin(), due.end());
  std::unordered_set<const Request*> seen;
  std::vector<RequestMatch> found;
  for (Request* segment : due) {
    if (seen.contains(segment)) continue;
    const Component component = Gather(segment, pool.span_alone_share());
    seen.insert(component.segments.begin(), component.segments.end());
    if (!component.crowded) Solve(component, &found);
  }
  // Others took part as rivals; they are judged when everything around them is there.
  std::erase_if(found, [&](const RequestMatch& match) { return !wanted.contains(match.segment); });
  for (const RequestMatch& match : found) {
    Model& model = ModelFor(match.segment->facts, match.span->facts);
    model.start.Learn(match.start_gap_ns);
    model.end.Learn(match.end_gap_ns);
    segment_alone_share_ -= kAloneWeight * segment_alone_share_;
  }
  return found;
}

void RequestMatcher::LeaveAlone() {
  segment_alone_share_ += kAloneWeight * (1 - segment_alone_share_);
}

}  // namespace skep::join
