// SPDX-License-Identifier: Apache-2.0
// JoinWindow: the last minutes of one project's candidates, and the decision which belong together.
// A segment is judged once everything that could compete for its span has arrived: every process
// that serves such requests has sent spans since, or the time in which exporters send has passed.
// All such times are those of arrival, by this server's clock. Bounded; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "join/candidate.h"
#include "join/error_matcher.h"
#include "join/line_matcher.h"
#include "join/request_matcher.h"
#include "join/request_pool.h"
#include "join/window_options.h"

namespace skep::join {

class JoinWindow {
 public:
  explicit JoinWindow(const WindowOptions& options) : options_(options), lines_(options) {}

  // `away_ns`: how long no server ran since they came; they are waited for so much longer.
  void Add(Candidates candidates, int64_t away_ns = 0);
  // Candidates received at this time were left out: around it nothing is decided.
  void AddGap(int64_t receive_ns);
  // A join that was made before a restart: not made again.
  void AlreadyJoined(const TraceId& guest_trace_id, uint64_t event_id, int64_t now_ns);

  // Everything that is certain at `now_ns`.
  std::vector<Join> Decide(int64_t now_ns);
  size_t size() const { return pool_.size() + lines_.size() + errors_.size(); }

 private:
  // All that could compete with a record of this bucket that arrived then is here.
  bool Complete(const RequestBucket* bucket, int64_t receive_ns, int64_t now_ns) const;
  bool InGap(int64_t receive_ns) const;
  void JoinSegments(int64_t now_ns, std::vector<Join>* joins);
  void JoinErrors(int64_t now_ns, std::vector<Join>* joins);
  void JoinDueErrors(const std::vector<OpenError>& open, std::vector<Join>* joins);
  void Forget(int64_t now_ns);

  struct WaitingError {
    ErrorCandidate facts;
    int64_t arrived_ns = 0;  // as it counts for waiting
    int64_t look_ns = 0;
    bool joined = false;
  };

  // True the first time; later the record is known already.
  bool IsNew(uint64_t event_id, int64_t receive_ns);

  const WindowOptions options_;
  RequestPool pool_;
  RequestMatcher request_matcher_;
  LineMatcher lines_;
  ErrorMatcher error_matcher_;
  std::deque<WaitingError> errors_;
  std::unordered_map<uint64_t, int64_t> heard_;  // OTLP process: when its spans came last
  std::unordered_map<TraceId, int64_t, IdHash> joined_traces_;  // guests, and when
  std::unordered_map<uint64_t, int64_t> seen_events_;    // lines and errors, and when they came
  std::unordered_map<uint64_t, int64_t> joined_events_;  // those that have a host, and since when
  std::deque<int64_t> gaps_;
  int64_t forget_ns_ = 0;
};

}  // namespace skep::join
