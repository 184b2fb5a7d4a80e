// SPDX-License-Identifier: Apache-2.0
#include "join/error_matcher.h"

#include <algorithm>
#include <cstdlib>

#include "base/clock.h"
#include "join/request_matcher.h"

namespace skep::join {
namespace {

constexpr int64_t kSendDelayNs = 5 * kNsPerS;  // clients send at once, but from another thread
constexpr double kSure = 6;                    // nats by which the next request must be less likely
constexpr size_t kLearnedEnough = 20;

bool SameClient(const ErrorCandidate& error, const RequestCandidate& request) {
  if (error.client.empty() || (request.client.empty() && request.peer.empty())) return true;
  if (error.client == request.client || error.client == request.peer) return true;
  return request.client.empty();  // only the connection's is known, and a proxy may hold it
}

template <typename T>
bool AgreeOrUnsaid(const T& a, const T& b) {
  return a == T() || b == T() || a == b;
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

}  // namespace

std::vector<ErrorMatcher::Candidate> ErrorMatcher::CandidatesOf(const RequestPool& pool,
                                                                const ErrorCandidate& error) const {
  std::vector<Candidate> candidates;
  const RequestBucket* bucket = pool.Find(error.method, error.path);
  if (bucket == nullptr) return candidates;
  // OTLP's view where it has one: a segment may be the same request once more.
  const auto& requests = bucket->spans.empty() ? bucket->segments : bucket->spans;
  auto at = requests.lower_bound(error.receive_ns - pool.longest_ns() - kSendDelayNs);
  for (; at != requests.end() && at->first <= error.receive_ns; ++at) {
    const RequestCandidate& facts = at->second->facts;
    if (at->second->inner || !Possible(error, facts)) continue;
    const bool same = error.exception != 0 && error.exception == facts.exception;
    int64_t since_ns = same && facts.exception_ns != 0 ? facts.exception_ns : facts.end_ns;
    // A message may be sent at any time while the request runs.
    if (!same) since_ns = std::min(since_ns, error.receive_ns);
    const int64_t delay_ns = error.receive_ns - since_ns;
    candidates.push_back({at->second, delay_ns, delay_.Cost(delay_ns), same});
  }
  // A request with that very exception goes before those that say nothing of exceptions.
  if (std::any_of(candidates.begin(), candidates.end(),
                  [](const Candidate& candidate) { return candidate.same_exception; }))
    std::erase_if(candidates, [](const Candidate& candidate) { return !candidate.same_exception; });
  std::sort(candidates.begin(), candidates.end(),
            [](const Candidate& a, const Candidate& b) { return a.cost < b.cost; });
  return candidates;
}

std::vector<ErrorMatch> ErrorMatcher::Match(const RequestPool& pool,
                                            const std::vector<const ErrorCandidate*>& errors) {
  std::vector<std::vector<Candidate>> all;
  std::unordered_map<const Request*, size_t> choosers;
  for (const ErrorCandidate* error : errors) {
    const auto& candidates = all.emplace_back(CandidatesOf(pool, *error));
    if (!candidates.empty()) ++choosers[candidates.front().request];
  }
  const auto suitors = [&](const Request* request) {
    const auto got = got_.find(request->facts.span_id);
    const auto now = choosers.find(request);
    return (got == got_.end() ? 0 : got->second.size()) + (now == choosers.end() ? 0 : now->second);
  };
  std::vector<ErrorMatch> matches(errors.size());
  for (size_t i = 0; i < errors.size(); ++i) {
    const auto& candidates = all[i];
    if (candidates.empty()) continue;
    const Candidate& best = candidates.front();
    // Before the usual delays are known, only the only one is believed.
    const bool clear = candidates.size() == 1 || (delay_.learned() >= kLearnedEnough &&
                                                  candidates[1].cost - best.cost >= kSure);
    const bool crowded = suitors(best.request) > 1 &&
                         std::any_of(candidates.begin() + 1, candidates.end(),
                                     [&](const Candidate& c) { return suitors(c.request) == 0; });
    if (!clear || crowded) continue;
    matches[i] = {best.request, best.delay_ns, best.same_exception, candidates.size() == 1};
  }
  for (size_t i = 0; i < errors.size(); ++i) {
    if (matches[i].request != nullptr) Take(matches[i], *errors[i]);
  }
  // In the order they came: what one gets leaves fewer for the next.
  for (size_t i = 0; i < errors.size(); ++i) {
    if (matches[i].request != nullptr || !IsTheLastOne(all[i])) continue;
    const Candidate& best = all[i].front();
    if (choosers[best.request] > 1) continue;
    matches[i] = {best.request, best.delay_ns, true, false};
    Take(matches[i], *errors[i]);
  }
  return matches;
}

// Whether the likeliest is the only request with this exception that got no occurrence yet. One
// that was thrown once is reported once, as far as has been seen: then this is what is left.
bool ErrorMatcher::IsTheLastOne(const std::vector<Candidate>& candidates) const {
  const auto free = [this](const Candidate& candidate) {
    return !got_.contains(candidate.request->facts.span_id);
  };
  return !doubled_ && candidates.size() > 1 && candidates.front().same_exception &&
         free(candidates.front()) && std::count_if(candidates.begin(), candidates.end(), free) == 1;
}

void ErrorMatcher::Take(const ErrorMatch& match, const ErrorCandidate& error) {
  auto& got = got_[match.request->facts.span_id];
  got.push_back({error.event_id, error.receive_ns});
  doubled_ = doubled_ || got.size() > 1;
  delay_.Learn(match.delay_ns);
}

void ErrorMatcher::Forget(int64_t received_before_ns) {
  std::erase_if(
      got_, [&](const auto& entry) { return entry.second.back().receive_ns < received_before_ns; });
}

}  // namespace skep::join
