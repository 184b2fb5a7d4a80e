// SPDX-License-Identifier: Apache-2.0
// JoinWindow: the last two minutes of candidates of one project, and the decision which belong
// together. A candidate is decided once everything that could compete has had time to arrive
// (`grace`), so that a better match that is still on its way is not passed over. Bounded: beyond
// its capacity the oldest are forgotten and counted. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/clock.h"
#include "join/candidate.h"
#include "join/line_matcher.h"
#include "join/request_matcher.h"

namespace skep::join {

struct WindowOptions {
  // OpenTelemetry's batch processors send every 5 s; a segment is decided this long after it ended.
  int64_t grace_ns = 6'500 * kNsPerMs;
  int64_t retention_ns = 120 * kNsPerS;
  // A segment whose span did not come is tried again until it is this old.
  int64_t give_up_ns = 30 * kNsPerS;
  size_t candidates_max = 200'000;  // of each sort
};

class JoinWindow {
 public:
  explicit JoinWindow(WindowOptions options) : options_(options) {}

  void Add(Candidates candidates);
  // Everything that is due at `now_ns`.
  std::vector<Join> Decide(int64_t now_ns);
  // A join that was decided before a restart: not decided again.
  void AlreadyJoined(const TraceId& other_trace_id, uint64_t event_id);

  size_t forgotten() const { return forgotten_; }
  size_t size() const { return spans_.size() + segments_.size() + lines_.size() + errors_.size(); }

 private:
  struct Request {
    RequestCandidate facts;
    bool joined = false;
    bool given_up = false;  // too old to find its other side
  };
  struct Line {
    LineCandidate facts;
    bool decided = false;
  };
  struct Error {
    ErrorCandidate facts;
    bool decided = false;
  };

  void JoinSegments(int64_t now_ns, std::vector<Join>* joins);
  void JoinLines(int64_t now_ns, std::vector<Join>* joins);
  void JoinErrors(int64_t now_ns, std::vector<Join>* joins);
  // OTLP server spans, and the X-Ray segments that have none; sorted by start.
  std::vector<const RequestCandidate*> AllRequests() const;
  void Forget(int64_t now_ns);

  WindowOptions options_;
  RequestMatcher request_matcher_;
  LineMatcher line_matcher_;
  std::deque<Request> spans_;     // OTLP
  std::deque<Request> segments_;  // X-Ray
  std::deque<Line> lines_;
  std::deque<Error> errors_;
  std::unordered_set<TraceId, IdHash> joined_traces_;
  std::unordered_set<uint64_t> joined_events_;
  size_t forgotten_ = 0;
};

}  // namespace skep::join
