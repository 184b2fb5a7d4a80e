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
constexpr double kSure = 8.5;
constexpr double kSureAtFirst = 9.5;
constexpr double kLessIfAlone = 2.5;  // nothing else ran at the time
constexpr double kPaired = 4;         // that a request has its other side, though perhaps not which
// Of the shares of segments and spans without other side: above it coincidences are many.
constexpr double kManyAlone = 0.05;
constexpr double kMoreIfManyAlone = 1.5;
constexpr double kMarginMax = kSureAtFirst + kMoreIfManyAlone;
constexpr size_t kLearnedEnough = 30;
constexpr size_t kNeighboursMax = 8192;  // spans that are looked at for one segment
constexpr size_t kComponentMax = 1500;   // segments that are assigned together
constexpr int kRateNeighbours = 4;       // on either side, for the rate at hand
constexpr size_t kModelsMax = 4096;
constexpr double kOverheadS = 0.002;
constexpr int64_t kShareWindowNs = 60 * kNsPerS;
constexpr double kSharePrior = 50;     // one of so many has no other side, before more is known
constexpr double kShareChanged = 1.5;  // then all is judged again
constexpr int kPassesMax = 4;

bool SameClient(const RequestCandidate& segment, const RequestCandidate& span) {
  if (segment.client.empty() || (span.client.empty() && span.peer.empty())) return true;
  if (segment.client == span.client || segment.client == span.peer) return true;
  // A proxy named the client to one of them only.
  return segment.peer.empty() && span.client.empty();
}

// Spans around `at`: how dense they are in start and length, as the logarithm per second squared.
double LogDensity(const std::multimap<int64_t, Request*>& spans,
                  std::multimap<int64_t, Request*>::const_iterator at) {
  const auto [first, last, n] = NeighboursOf(spans, at, kRateNeighbours);
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

uint64_t ServicesOf(const Request& segment, const Request& span) {
  return uint64_t{segment.service} << 32 | span.service;
}

// Whether no other request that could be either of the two ran at the same time, joined or not.
bool NothingElseRan(const RequestPool& pool, const Request& segment, const Request& span) {
  const auto alone = [&](const std::multimap<int64_t, Request*>& others, const Request& self,
                         const Request& during) {
    size_t seen = 0;
    auto at = others.lower_bound(during.facts.start_ns - pool.longest_ns());
    for (; at != others.end() && at->first <= during.facts.end_ns; ++at) {
      if (++seen > kNeighboursMax) return false;
      const Request& other = *at->second;
      if (&other != &self && !other.inner && other.facts.end_ns >= during.facts.start_ns)
        return false;
    }
    return true;
  };
  return alone(span.bucket->spans, span, segment) && alone(span.bucket->segments, segment, span);
}

// Counts, around the segments to judge, which share is without its other side.
class ShareCounter {
 public:
  explicit ShareCounter(const std::vector<Request*>& due)
      : bucket_(*due.front()->bucket), due_(due.begin(), due.end()) {
    for (const Request* segment : due) {
      first_ns_ = std::min(first_ns_, segment->facts.start_ns);
      last_ns_ = std::max(last_ns_, segment->facts.end_ns);
    }
  }
  // `paired`: of those to judge; unset: nothing is known about them yet, and they do not count.
  double Segments(const std::unordered_set<Request*>* paired) const {
    return Count(bucket_.segments, paired, [&](const Request& segment) {
      if (due_.contains(&segment)) return paired != nullptr;
      return segment.settled || segment.given_up || segment.look_ns != 0;
    });
  }
  double Spans(const std::unordered_set<Request*>* paired) const {
    return Count(bucket_.spans, paired, [&](const Request& span) {
      if (span.inner || span.facts.end_ns > last_ns_) return false;
      return span.settled || span.facts.start_ns < first_ns_ || paired != nullptr;
    });
  }

 private:
  template <typename F>
  double Count(const std::multimap<int64_t, Request*>& requests,
               const std::unordered_set<Request*>* paired, F&& counts) const {
    double all = kSharePrior;
    double alone = 1;
    auto at = requests.lower_bound(last_ns_ - kShareWindowNs);
    for (; at != requests.end() && at->first <= last_ns_; ++at) {
      const Request& request = *at->second;
      if (!counts(request)) continue;
      all += 1;
      const bool now = paired != nullptr && paired->contains(at->second);
      if (!request.settled && !request.paired && !now) alone += 1;
    }
    return alone / all;
  }

  const RequestBucket& bucket_;
  const std::unordered_set<const Request*> due_;
  int64_t first_ns_ = std::numeric_limits<int64_t>::max();
  int64_t last_ns_ = 0;
};

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

struct RequestMatcher::Pass {
  Shares shares;
  std::unordered_map<const Request*, double> chances;
  // Instead of what is known, where that is little: what all pairs of the pass before look like.
  std::unordered_map<uint64_t, Model> supposed;

  // How likely it is, as a logarithm, that both sides of a pair are alone and met by chance: what a
  // pair with this segment is weighed against.
  double ChanceOf(const Request& segment) {
    const auto [at, added] = chances.try_emplace(&segment, 0);
    if (added) {
      const auto& spans = segment.bucket->spans;
      at->second = LogDensity(spans, spans.lower_bound(segment.facts.start_ns)) +
                   std::log(shares.segments / (1 - shares.segments)) +
                   std::log(shares.spans / (1 - shares.spans));
    }
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

RequestMatcher::Model& RequestMatcher::ModelFor(const Request& segment, const Request& span) {
  return models_[ServicesOf(segment, span)];
}

std::optional<RequestMatcher::Edge> RequestMatcher::EdgeOf(const Request& segment,
                                                           const Request& span, Pass* pass) {
  if (span.settled || span.inner) return std::nullopt;
  const int64_t start_gap_ns = segment.facts.start_ns - span.facts.start_ns;
  const int64_t end_gap_ns = span.facts.end_ns - segment.facts.end_ns;
  if (std::abs(end_gap_ns) > GapModel::kReachNs) return std::nullopt;
  const auto supposed = pass->supposed.find(ServicesOf(segment, span));
  const Model& model =
      supposed != pass->supposed.end() ? supposed->second : ModelFor(segment, span);
  double cost = model.start.Cost(start_gap_ns) + pass->ChanceOf(segment);
  if (cost + model.end.BestCost() >= 0) return std::nullopt;
  cost += model.end.Cost(end_gap_ns);
  if (cost >= 0 || !CouldBeOne(segment.facts, span.facts)) return std::nullopt;
  return Edge{0, 0, cost, start_gap_ns, end_gap_ns, &model};
}

void RequestMatcher::AddEdges(size_t segment, Pass* pass, Component* component) {
  const Request& request = *component->segments[segment];
  const int64_t start_ns = request.facts.start_ns;
  size_t seen = 0;
  auto at = request.bucket->spans.lower_bound(start_ns - GapModel::kReachNs);
  for (; at != request.bucket->spans.end() && at->first <= start_ns + GapModel::kReachNs; ++at) {
    if (++seen > kNeighboursMax) component->crowded = true;
    if (component->crowded) return;
    auto edge = EdgeOf(request, *at->second, pass);
    if (!edge) continue;
    edge->segment = segment;
    edge->span = component->IndexOf(at->second, &component->spans);
    component->edges.push_back(*edge);
  }
}

// The segments that could have `span` instead.
void RequestMatcher::AddRivals(const Request& span, Pass* pass, Component* component) {
  const auto& segments = span.bucket->segments;
  auto at = segments.lower_bound(span.facts.start_ns - GapModel::kReachNs);
  for (; at != segments.end() && at->first <= span.facts.start_ns + GapModel::kReachNs; ++at) {
    Request* rival = at->second;
    if (rival->settled || component->index.contains(rival)) continue;
    if (EdgeOf(*rival, span, pass)) component->IndexOf(rival, &component->segments);
  }
}

RequestMatcher::Component RequestMatcher::Gather(Request* seed, Pass* pass) {
  Component component;
  component.IndexOf(seed, &component.segments);
  size_t spans_done = 0;
  for (size_t i = 0; i < component.segments.size(); ++i) {
    AddEdges(i, pass, &component);
    if (component.segments.size() > kComponentMax) component.crowded = true;
    if (component.crowded) break;
    for (; spans_done < component.spans.size(); ++spans_done)
      AddRivals(*component.spans[spans_done], pass, &component);
  }
  return component;
}

double RequestMatcher::MarginNeeded(const RequestPool& pool, const Request& segment,
                                    const Request& span, const Pass& pass) {
  const bool known = ModelFor(segment, span).start.learned() >= kLearnedEnough;
  const double needed = known ? kSure : kSureAtFirst;
  if (pass.shares.segments * pass.shares.spans > kManyAlone) return needed + kMoreIfManyAlone;
  return NothingElseRan(pool, segment, span) ? needed - kLessIfAlone : needed;
}

void RequestMatcher::Solve(const RequestPool& pool, const Component& component, const Pass& pass,
                           Outcome* outcome) {
  std::vector<AssignmentEdge> edges;
  edges.reserve(component.edges.size());
  for (const Edge& edge : component.edges) edges.push_back({edge.segment, edge.span, edge.cost});
  for (const AssignedPair& pair :
       Assign(component.segments.size(), component.spans.size(), edges, kMarginMax)) {
    const Edge& edge = component.edges[pair.edge];
    Request& segment = *component.segments[edge.segment];
    Request& span = *component.spans[edge.span];
    if (edge.cost < -kPaired) outcome->paired.insert({&segment, &span});
    outcome->pairs.push_back({ServicesOf(segment, span), edge.start_gap_ns, edge.end_gap_ns});
    if (pair.margin < MarginNeeded(pool, segment, span, pass)) continue;
    int64_t next_ns = std::numeric_limits<int64_t>::max();
    for (const Edge& other : component.edges)
      if ((other.segment == edge.segment) != (other.span == edge.span))
        next_ns = std::min(next_ns, std::abs(other.start_gap_ns) + std::abs(other.end_gap_ns));
    if (next_ns == std::numeric_limits<int64_t>::max()) next_ns = 0;
    outcome->matches.push_back({component.segments[edge.segment], component.spans[edge.span],
                                edge.start_gap_ns, edge.end_gap_ns, next_ns});
  }
}

RequestMatcher::Outcome RequestMatcher::RunPass(const RequestPool& pool,
                                                const std::vector<Request*>& due, Pass* pass) {
  std::unordered_set<const Request*> seen;
  Outcome outcome;
  for (Request* segment : due) {
    if (seen.contains(segment)) continue;
    const Component component = Gather(segment, pass);
    seen.insert(component.segments.begin(), component.segments.end());
    if (!component.crowded) Solve(pool, component, *pass, &outcome);
  }
  return outcome;
}

// A wrong pair has any gaps, right ones have the usual ones: so also an assignment that cannot tell
// some of its pairs apart shows what is usual.
bool RequestMatcher::Suppose(const Outcome& outcome, Pass* pass) {
  std::unordered_map<uint64_t, size_t> counts;
  for (const Pair& pair : outcome.pairs) ++counts[pair.services];
  bool any = false;
  pass->supposed.clear();
  for (const Pair& pair : outcome.pairs) {
    const auto known = models_.find(pair.services);
    if (counts[pair.services] < kLearnedEnough) continue;
    if (known != models_.end() && known->second.start.learned() >= kLearnedEnough) continue;
    Model& model = pass->supposed[pair.services];
    model.start.Learn(pair.start_gap_ns);
    model.end.Learn(pair.end_gap_ns);
    any = true;
  }
  return any;
}

void RequestMatcher::MatchBucket(const RequestPool& pool, const std::vector<Request*>& due,
                                 std::vector<RequestMatch>* found) {
  ShareCounter counter(due);
  Pass pass{{counter.Segments(nullptr), counter.Spans(nullptr)}, {}, {}};
  Outcome outcome;
  for (int i = 0; i < kPassesMax; ++i) {
    outcome = RunPass(pool, due, &pass);
    // What is left alone now tells how common that is, and that tells how far to believe the rest.
    const Shares after = {counter.Segments(&outcome.paired), counter.Spans(&outcome.paired)};
    const double change = after.segments * after.spans / (pass.shares.segments * pass.shares.spans);
    const bool supposed = Suppose(outcome, &pass);
    if (!supposed && change < kShareChanged && change > 1 / kShareChanged) break;
    pass.shares = after;
    pass.chances.clear();
  }
  for (Request* request : outcome.paired) request->paired = true;
  std::vector<RequestMatch>& matches = outcome.matches;
  // Others took part as rivals; they are judged when everything around them is there.
  const std::unordered_set<const Request*> wanted(due.begin(), due.end());
  std::erase_if(matches,
                [&](const RequestMatch& match) { return !wanted.contains(match.segment); });
  for (const RequestMatch& match : matches) {
    Model& model = ModelFor(*match.segment, *match.span);
    model.start.Learn(match.start_gap_ns);
    model.end.Learn(match.end_gap_ns);
  }
  found->insert(found->end(), matches.begin(), matches.end());
}

std::vector<RequestMatch> RequestMatcher::Match(const RequestPool& pool,
                                                const std::vector<Request*>& due) {
  if (models_.size() > kModelsMax) models_.clear();
  std::unordered_map<const RequestBucket*, std::vector<Request*>> by_bucket;
  for (Request* segment : due) by_bucket[segment->bucket].push_back(segment);
  std::vector<RequestMatch> found;
  for (const auto& [bucket, segments] : by_bucket) MatchBucket(pool, segments, &found);
  return found;
}

}  // namespace skep::join
