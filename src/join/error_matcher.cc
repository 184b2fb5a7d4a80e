// SPDX-License-Identifier: Apache-2.0
#include "join/error_matcher.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "base/clock.h"

namespace skep::join {
namespace {

constexpr int64_t kLongestNs = 120 * kNsPerS;  // a request that ran longer is not looked for
constexpr int64_t kSendDelayNs =
    5 * kNsPerS;  // clients hand occurrences to a thread, which sends at once
constexpr int64_t kClearDistanceNs =
    5 * kNsPerMs;  // the next one must be this much farther, and five times as far

bool Possible(const ErrorCandidate& error, const RequestCandidate& request) {
  if (error.receive_ns < request.start_ns || error.receive_ns > request.end_ns + kSendDelayNs)
    return false;
  // Clients round their time to seconds, up or down.
  if (error.time_ns != 0 &&
      (error.time_ns < request.start_ns - kNsPerS || error.time_ns > request.end_ns + 2 * kNsPerS))
    return false;
  const auto agree = [](const auto& a, const auto& b) { return a.empty() || b.empty() || a == b; };
  if (error.method != request.method || error.path != request.path) return false;
  if (!agree(error.client, request.client) || !agree(error.host, request.host)) return false;
  if (error.pid != 0 && request.pid != 0 && error.pid != request.pid) return false;
  return error.exception == 0 || request.exception == 0 || error.exception == request.exception;
}

}  // namespace

ErrorMatch MatchError(const ErrorCandidate& error,
                      const std::vector<const RequestCandidate*>& requests) {
  ErrorMatch best;
  int64_t next_ns = std::numeric_limits<int64_t>::max();
  auto at = std::lower_bound(
      requests.begin(), requests.end(), error.receive_ns - kLongestNs,
      [](const RequestCandidate* request, int64_t time_ns) { return request->start_ns < time_ns; });
  for (; at != requests.end() && (*at)->start_ns <= error.receive_ns; ++at) {
    const RequestCandidate& request = **at;
    if (!Possible(error, request)) continue;
    const bool same_exception = error.exception != 0 && error.exception == request.exception;
    const int64_t reference_ns =
        same_exception && request.exception_ns != 0 ? request.exception_ns : request.end_ns;
    const int64_t distance_ns = std::abs(error.receive_ns - reference_ns);
    // A request with that very exception goes before one that says nothing of exceptions.
    if (best.request == nullptr || std::pair(!same_exception, distance_ns) <
                                       std::pair(!best.same_exception, best.distance_ns)) {
      if (best.request != nullptr && best.same_exception == same_exception)
        next_ns = best.distance_ns;
      best = {&request, distance_ns, same_exception};
    } else if (best.same_exception == same_exception) {
      next_ns = std::min(next_ns, distance_ns);
    }
  }
  const bool clear =
      next_ns == std::numeric_limits<int64_t>::max() ||
      (next_ns - best.distance_ns >= kClearDistanceNs && next_ns >= 5 * best.distance_ns);
  return clear ? best : ErrorMatch{};
}

}  // namespace skep::join
