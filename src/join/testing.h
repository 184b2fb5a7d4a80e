// SPDX-License-Identifier: Apache-2.0
// What the tests of join share: requests as both doors see them, with a known truth, and a window
// that is fed in order of arrival.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "join/candidate.h"
#include "join/join_window.h"

namespace skep::join::testing {

inline constexpr int64_t kMs = kNsPerMs;
inline constexpr int64_t kEpochNs = 1'700'000'000 * kNsPerS;

inline TraceId TraceOf(uint64_t number, char kind) {
  TraceId id;
  id.bytes[0] = static_cast<uint8_t>(kind);
  std::memcpy(id.bytes.data() + 8, &number, 8);
  return id;
}
inline SpanId SpanOf(uint64_t number, char kind) {
  SpanId id;
  std::memcpy(id.bytes.data(), &number, 7);
  id.bytes[7] = static_cast<uint8_t>(kind);
  return id;
}
// The number that a trace id was made of.
inline uint64_t NumberOf(const TraceId& id) {
  uint64_t number = 0;
  std::memcpy(&number, id.bytes.data() + 8, 8);
  return number;
}

inline RequestCandidate RequestOf(Door door, uint64_t number, int64_t start_ns, int64_t end_ns,
                                  int64_t receive_ns) {
  const char kind = door == Door::kXRay ? 'x' : 'o';
  RequestCandidate request;
  request.door = door;
  request.trace_id = TraceOf(number, kind);
  request.span_id = SpanOf(number, kind);
  request.start_ns = start_ns;
  request.end_ns = end_ns;
  request.receive_ns = receive_ns;
  request.service = door == Door::kXRay ? "127.0.0.1:4567" : "backend";
  request.method = "POST";
  request.path = "/api/activities";
  request.authority = "127.0.0.1:4567";
  request.status = 200;
  (door == Door::kXRay ? request.client : request.peer) = "127.0.0.1";
  request.process = door == Door::kXRay ? 0 : 1;
  return request;
}
inline RequestCandidate Span(uint64_t number, int64_t start_ns, int64_t end_ns,
                             int64_t receive_ns) {
  return RequestOf(Door::kOtlp, number, kEpochNs + start_ns, kEpochNs + end_ns,
                   kEpochNs + receive_ns);
}
inline RequestCandidate Segment(uint64_t number, int64_t start_ns, int64_t end_ns,
                                int64_t receive_ns) {
  return RequestOf(Door::kXRay, number, kEpochNs + start_ns, kEpochNs + end_ns,
                   kEpochNs + receive_ns);
}

struct Score {
  size_t found = 0;
  size_t wrong = 0;
  int64_t latest_ns = 0;  // longest from a segment's arrival to its join
};

// Feeds candidates in order of arrival, with a look every 250 ms, as the joiner does.
inline std::vector<std::pair<int64_t, Join>> Play(JoinWindow* window,
                                                  std::vector<RequestCandidate> requests) {
  std::stable_sort(requests.begin(), requests.end(),
                   [](const auto& a, const auto& b) { return a.receive_ns < b.receive_ns; });
  std::vector<std::pair<int64_t, Join>> joins;
  size_t next = 0;
  int64_t now_ns = requests.empty() ? 0 : requests.front().receive_ns;
  const int64_t end_ns = requests.empty() ? 0 : requests.back().receive_ns + 40 * kNsPerS;
  for (; now_ns < end_ns; now_ns += 250 * kMs) {
    Candidates candidates;
    for (; next < requests.size() && requests[next].receive_ns <= now_ns; ++next) {
      if (requests[next].door != Door::kXRay)
        candidates.heard.emplace_back(requests[next].process, requests[next].receive_ns);
      candidates.requests.push_back(requests[next]);
    }
    window->Add(std::move(candidates));
    for (Join& join : window->Decide(now_ns)) joins.emplace_back(now_ns, std::move(join));
  }
  return joins;
}

inline Score Judge(const std::vector<std::pair<int64_t, Join>>& joins,
                   const std::vector<RequestCandidate>& requests) {
  Score score;
  for (const auto& [when_ns, join] : joins) {
    const bool right = NumberOf(join.trace_id) == NumberOf(join.guest_trace_id);
    ++(right ? score.found : score.wrong);
    for (const RequestCandidate& request : requests)
      if (request.trace_id == join.guest_trace_id)
        score.latest_ns = std::max(score.latest_ns, when_ns - request.receive_ns);
  }
  return score;
}

}  // namespace skep::join::testing
