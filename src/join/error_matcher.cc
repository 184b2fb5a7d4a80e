// SPDX-License-Identifier: Apache-2.0
#include "join/error_matcher.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <unordered_set>
#include <utility>

#include "base/clock.h"
#include "join/assignment.h"
#include "join/request_matcher.h"

namespace skep::join {
namespace {

constexpr int64_t kSendDelayNs = 5 * kNsPerS;  // clients send at once, but from another thread
// By how many nats every assignment without a pair must be less likely, e^7.5 is 1800 times; more
// as long as little is known about a service.
constexpr double kSure = 7.5;
constexpr double kSureAtFirst = 8.5;
constexpr double kLessIfAlone = 2;  // no other request fits
constexpr double kManyAlone = 0.05;
constexpr double kMoreIfManyAlone = 1.5;
constexpr double kMarginMax = kSureAtFirst + kMoreIfManyAlone + 0.5;
constexpr double kPaired = 4;  // that an occurrence has its request here, though perhaps not which
constexpr size_t kLearnedEnough = 20;
constexpr double kSharePrior = 50;        // one of so many is alone, before more is known
constexpr double kSharePriorOfPath = 20;  // what the share of all paths is worth beside its own
constexpr double kShareChanged = 1.5;
constexpr double kTallyMax = 5000;  // after which old ones fade
constexpr int kPassesMax = 4;
constexpr int64_t kShareWindowNs = 60 * kNsPerS;
constexpr size_t kNeighboursMax = 8192;  // requests that are looked at for one occurrence
constexpr size_t kNearestMax = 128;      // of them that are kept
constexpr size_t kEdgesMax = 32;         // the likeliest that are weighed against each other
constexpr size_t kGroupMax = 1000;       // occurrences of a path that are assigned together
constexpr size_t kTalliesMax = 4096;
constexpr size_t kModelsMax = 4096;
constexpr int kRateNeighbours = 4;  // on either side, for the rate at hand
constexpr double kOverS = 10;       // few requests say little about their rate
constexpr double kOverheadS = 0.002;

double LogOdds(double share) { return std::log(share / (1 - share)); }

bool SameClient(const ErrorCandidate& error, const RequestCandidate& request) {
  if (error.client.empty() || (request.client.empty() && request.peer.empty())) return true;
  if (error.client == request.client || error.client == request.peer) return true;
  return request.client.empty();  // only the connection's is known, and a proxy may hold it
}

bool Possible(const ErrorCandidate& error, const RequestCandidate& request) {
  if (error.receive_ns < request.start_ns || error.receive_ns > request.end_ns + kSendDelayNs)
    return false;
  // Clients cut their time to seconds, or round it.
  if (error.time_ns != 0 &&
      (error.time_ns < request.start_ns - kNsPerS || error.time_ns > request.end_ns + 2 * kNsPerS))
    return false;
  if (error.exception != 0 && request.exception != 0 && error.exception != request.exception)
    return false;
  return AgreeOrUnsaid(error.query, request.query) && AgreeOrUnsaid(error.host, request.host) &&
         AgreeOrUnsaid(error.pid, request.pid) &&
         SameAuthority(error.authority, request.authority) && SameClient(error, request);
}

std::string PathOf(const ErrorCandidate& error) { return error.method + ' ' + error.path; }

const std::multimap<int64_t, Request*>& RequestsOf(const RequestBucket& bucket) {
  // OTLP's view where it has one: a segment may be the same request once more.
  return bucket.spans.empty() ? bucket.segments : bucket.spans;
}

// Requests around a time, a second.
double RateAt(const std::multimap<int64_t, Request*>& requests, int64_t time_ns) {
  const auto [first, last, n] =
      NeighboursOf(requests, requests.lower_bound(time_ns), kRateNeighbours);
  if (n == 0) return 1 / kOverS;
  const double over_s = Seconds(std::prev(last)->first - first->first) + kOverheadS;
  return n / (n < 2 * kRateNeighbours ? std::max(over_s, kOverS) : over_s);
}

}  // namespace

// The open occurrences of one path, and the requests that could be theirs.
struct ErrorMatcher::Group {
  std::string path;
  const RequestBucket* bucket = nullptr;
  std::vector<const ErrorCandidate*> errors;
  std::vector<bool> due;
  std::vector<std::vector<Edge>> edges;  // of each occurrence: the requests that fit
  int64_t newest_due_ns = 0;
};

struct ErrorMatcher::Pass {
  double errors_alone = 0;
  double requests_alone = 0;
  std::unordered_map<uint64_t, GapModel> supposed;
  // What comes out: for each occurrence the edge it has, and by how much it is sure.
  std::vector<std::optional<Edge>> taken;
  std::vector<double> margins;
  std::unordered_set<const Request*> paired;
};

uint64_t ErrorMatcher::ModelKey(const Request& request, bool same_exception) {
  return uint64_t{request.service} << 1 | (same_exception ? 1 : 0);
}

// One more that was judged.
void ErrorMatcher::Count(const std::string& path, bool alone) {
  if (tallies_.size() > kTalliesMax) tallies_.clear();
  for (Tally* tally : {&tally_, &tallies_[path]}) {
    tally->all += 1;
    if (alone) tally->alone += 1;
    if (tally->all <= kTallyMax) continue;
    tally->all /= 2;
    tally->alone /= 2;
  }
}

// What it costs that a request has another occurrence besides.
double ErrorMatcher::AgainCost() const { return -std::log((1 + again_) / (kSharePrior + joined_)); }

const GapModel& ErrorMatcher::ModelFor(const Edge& edge, const Pass& pass) {
  const uint64_t key = ModelKey(*edge.request, edge.same_exception);
  const auto supposed = pass.supposed.find(key);
  return supposed != pass.supposed.end() ? supposed->second : delays_[key];
}

std::vector<ErrorMatcher::Edge> ErrorMatcher::EdgesOf(
    const std::multimap<int64_t, Request*>& requests, int64_t longest_ns,
    const ErrorCandidate& error) {
  std::vector<Edge> edges;
  size_t seen = 0;
  auto at = requests.lower_bound(error.receive_ns - longest_ns - kSendDelayNs);
  for (; at != requests.end() && at->first <= error.receive_ns; ++at) {
    if (++seen > kNeighboursMax) return {};
    const RequestCandidate& facts = at->second->facts;
    if (at->second->inner || !Possible(error, facts)) continue;
    Edge edge;
    edge.request = at->second;
    edge.same_exception = error.exception != 0 && error.exception == facts.exception;
    const bool thrown_at = edge.same_exception && facts.exception_ns != 0;
    edge.delay_ns = error.receive_ns - (thrown_at ? facts.exception_ns : facts.end_ns);
    // A message may be sent at any time while the request runs.
    edge.within = !edge.same_exception && edge.delay_ns < 0;
    edges.push_back(edge);
  }
  // A request with that very exception goes before those that say nothing of exceptions.
  if (std::any_of(edges.begin(), edges.end(), [](const Edge& e) { return e.same_exception; }))
    std::erase_if(edges, [](const Edge& e) { return !e.same_exception; });
  if (edges.size() > kNearestMax) {
    const auto nearer = [](const Edge& a, const Edge& b) {
      return std::abs(a.delay_ns) < std::abs(b.delay_ns);
    };
    std::nth_element(edges.begin(), edges.begin() + kNearestMax, edges.end(), nearer);
    edges.resize(kNearestMax);
  }
  return edges;
}

// The share of occurrences whose request is not here.
double ErrorMatcher::ErrorsAlone(const Group& group, const Pass* before) const {
  const double everywhere = (1 + tally_.alone) / (kSharePrior + tally_.all);
  double all = 0;
  double alone = 0;
  if (const auto own = tallies_.find(group.path); own != tallies_.end()) {
    all = own->second.all;
    alone = own->second.alone;
  }
  double now = 0;
  double now_alone = 0;
  for (size_t i = 0; before != nullptr && i < group.errors.size(); ++i) {
    if (!group.due[i]) continue;
    now += 1;
    const auto& taken = before->taken[i];
    if (!taken || taken->cost > -kPaired) now_alone += 1;
  }
  const double shared = (1 + tally_.alone + now_alone) / (kSharePrior + tally_.all + now);
  const double own = (kSharePriorOfPath * std::max(everywhere, shared) + alone + now_alone) /
                     (kSharePriorOfPath + all + now);
  return std::clamp(std::max(own, std::min(everywhere, shared)), 1e-4, 0.999);
}

// The share of requests that could have occurrences like these, and have none.
double ErrorMatcher::RequestsAlone(const Group& group, const Pass* before) const {
  std::unordered_set<uint64_t> exceptions;
  for (const ErrorCandidate* error : group.errors) exceptions.insert(error->exception);
  double all = kSharePrior;
  double alone = 1;
  const auto& requests = RequestsOf(*group.bucket);
  for (auto at = requests.lower_bound(group.newest_due_ns - kShareWindowNs);
       at != requests.end() && at->first <= group.newest_due_ns; ++at) {
    const Request& request = *at->second;
    if (request.inner || request.facts.end_ns > group.newest_due_ns) continue;
    if (request.facts.exception != 0 && !exceptions.contains(0) &&
        !exceptions.contains(request.facts.exception))
      continue;
    const auto got = got_.find(request.facts.span_id);
    const bool has = got != got_.end() && (got->second.occurrences != 0 || got->second.paired);
    const bool now = before != nullptr && before->paired.contains(&request);
    if (!has && !now && before == nullptr) continue;  // nothing is known of it yet
    all += 1;
    if (!has && !now) alone += 1;
  }
  return alone / all;
}

// Above `margin_max` pairs are not told apart.
void ErrorMatcher::RunPass(const Group& group, double margin_max, Pass* pass) {
  const double again_cost = AgainCost();
  std::vector<Edge> edges;
  std::unordered_map<const Request*, size_t> places;  // the first of two of a request
  size_t place_count = 0;
  for (size_t i = 0; i < group.errors.size(); ++i) {
    std::vector<Edge> own = group.edges[i];
    if (own.empty()) continue;
    // That it is of a request that is not here; and that a request here has none.
    const double alone = std::log(RateAt(RequestsOf(*group.bucket), group.errors[i]->receive_ns)) +
                         LogOdds(pass->errors_alone);
    const double request_alone = std::log(pass->requests_alone);
    for (Edge& edge : own) {
      const RequestCandidate& facts = edge.request->facts;
      if (edge.within) {
        edge.cost = std::log(2 * (Seconds(facts.end_ns - facts.start_ns) + kOverheadS));
      } else {
        edge.cost = ModelFor(edge, *pass).Cost(edge.delay_ns);
        if (!edge.same_exception) edge.cost += std::log(2.0);
      }
      edge.cost += alone + request_alone;
      edge.error = i;
    }
    std::sort(own.begin(), own.end(), [](const Edge& a, const Edge& b) { return a.cost < b.cost; });
    if (own.size() > kEdgesMax) own.resize(kEdgesMax);
    for (Edge& edge : own) {
      if (edge.cost >= 0) continue;
      const auto [at, added] = places.try_emplace(edge.request, place_count);
      if (added) place_count += 2;
      const auto got = got_.find(edge.request->facts.span_id);
      edge.place = at->second;
      if (got == got_.end() || got->second.occurrences == 0) edges.push_back(edge);
      edge.place = at->second + 1;
      // One that has an occurrence already would not be alone without this one.
      edge.cost += again_cost - request_alone;
      if (edge.cost < 0) edges.push_back(edge);
    }
  }
  std::vector<AssignmentEdge> weighed;
  weighed.reserve(edges.size());
  for (const Edge& edge : edges)
    weighed.push_back({edge.error, edge.place, edge.cost, edge.place / 2 + 1});
  pass->taken.assign(group.errors.size(), std::nullopt);
  pass->margins.assign(group.errors.size(), 0);
  pass->paired.clear();
  for (const AssignedPair& pair : Assign(group.errors.size(), place_count, weighed, margin_max)) {
    const Edge& edge = edges[pair.edge];
    pass->taken[edge.error] = edge;
    pass->margins[edge.error] = pair.margin;
    if (edge.cost < -kPaired) pass->paired.insert(edge.request);
  }
}

// A wrong pair has any delay, right ones have the usual one: so also an assignment that cannot tell
// some of its pairs apart shows what is usual.
bool ErrorMatcher::Suppose(Pass* pass) {
  std::unordered_map<uint64_t, std::vector<int64_t>> delays;
  for (const auto& edge : pass->taken)
    if (edge && !edge->within)
      delays[ModelKey(*edge->request, edge->same_exception)].push_back(edge->delay_ns);
  pass->supposed.clear();
  for (const auto& [key, all] : delays) {
    if (all.size() < kLearnedEnough || delays_[key].learned() >= kLearnedEnough) continue;
    GapModel& model = pass->supposed[key];
    for (const int64_t delay_ns : all) model.Learn(delay_ns);
  }
  return !pass->supposed.empty();
}

double ErrorMatcher::MarginNeeded(const Edge& edge, size_t requests, const Pass& pass) const {
  const auto model = delays_.find(ModelKey(*edge.request, edge.same_exception));
  const bool known = model != delays_.end() && model->second.learned() >= kLearnedEnough;
  double needed = known ? kSure : kSureAtFirst;
  if (pass.errors_alone * pass.requests_alone > kManyAlone) return needed + kMoreIfManyAlone;
  return requests == 1 ? needed - kLessIfAlone : needed;
}

void ErrorMatcher::MatchGroup(const RequestPool& pool, const std::vector<OpenError>& errors,
                              const std::vector<size_t>& members,
                              std::vector<ErrorMatch>* matches) {
  Group group;
  const ErrorCandidate& first = *errors[members.front()].error;
  group.path = PathOf(first);
  group.bucket = pool.Find(first.method, first.path);
  for (const size_t i : members) {
    const ErrorCandidate& error = *errors[i].error;
    group.errors.push_back(&error);
    group.due.push_back(errors[i].due);
    if (errors[i].due) group.newest_due_ns = std::max(group.newest_due_ns, error.receive_ns);
  }
  if (group.newest_due_ns == 0) return;
  if (group.bucket == nullptr || members.size() > kGroupMax) return;
  for (const ErrorCandidate* error : group.errors)
    group.edges.push_back(EdgesOf(RequestsOf(*group.bucket), pool.longest_ns(), *error));
  Pass pass;
  pass.errors_alone = ErrorsAlone(group, nullptr);
  pass.requests_alone = RequestsAlone(group, nullptr);
  for (int i = 0; i < kPassesMax; ++i) {
    RunPass(group, 0, &pass);
    // What is left alone now tells how common that is, and that tells how far to believe the rest.
    const double errors_alone = ErrorsAlone(group, &pass);
    const double requests_alone = RequestsAlone(group, &pass);
    const double change = errors_alone * requests_alone / (pass.errors_alone * pass.requests_alone);
    if (!Suppose(&pass) && change < kShareChanged && change > 1 / kShareChanged) break;
    pass.errors_alone = errors_alone;
    pass.requests_alone = requests_alone;
  }
  RunPass(group, kMarginMax, &pass);
  Take(group, pass, members, matches);
}

// Notes what came out, and learns from what is sure.
void ErrorMatcher::Take(const Group& group, const Pass& pass, const std::vector<size_t>& members,
                        std::vector<ErrorMatch>* matches) {
  for (const Request* request : pass.paired) {
    Got& got = got_[request->facts.span_id];
    got.paired = true;
    got.last_ns = std::max(got.last_ns, request->facts.receive_ns);
  }
  for (size_t i = 0; i < group.errors.size(); ++i) {
    if (!group.due[i]) continue;
    const auto& taken = pass.taken[i];
    const ErrorCandidate& error = *group.errors[i];
    if (!taken || taken->cost > -kPaired) {
      likely_alone_[error.event_id] = error.receive_ns;
    } else {
      likely_alone_.erase(error.event_id);
    }
    if (!taken || pass.margins[i] < MarginNeeded(*taken, group.edges[i].size(), pass)) continue;
    (*matches)[members[i]] = {taken->request, taken->within ? 0 : taken->delay_ns,
                              taken->same_exception, group.edges[i].size() == 1};
    Got& got = got_[taken->request->facts.span_id];
    joined_ += 1;
    if (got.occurrences++ != 0) again_ += 1;
    got.last_ns = error.receive_ns;
    if (delays_.size() > kModelsMax) delays_.clear();
    if (!taken->within)
      delays_[ModelKey(*taken->request, taken->same_exception)].Learn(taken->delay_ns);
    Count(group.path, false);
  }
}

std::vector<ErrorMatch> ErrorMatcher::Match(const RequestPool& pool,
                                            const std::vector<OpenError>& errors) {
  std::unordered_map<std::string, std::vector<size_t>> by_path;
  for (size_t i = 0; i < errors.size(); ++i) by_path[PathOf(*errors[i].error)].push_back(i);
  std::vector<ErrorMatch> matches(errors.size());
  for (const auto& [path, members] : by_path) MatchGroup(pool, errors, members, &matches);
  return matches;
}

void ErrorMatcher::GiveUp(const ErrorCandidate& error) {
  Count(PathOf(error), likely_alone_.erase(error.event_id) != 0);
}

void ErrorMatcher::Forget(int64_t received_before_ns) {
  std::erase_if(got_, [&](const auto& entry) { return entry.second.last_ns < received_before_ns; });
  std::erase_if(likely_alone_,
                [&](const auto& entry) { return entry.second < received_before_ns; });
}

}  // namespace skep::join
