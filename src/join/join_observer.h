// SPDX-License-Identifier: Apache-2.0
// JoinObserver: watches what is committed, through every door, copies what could be joined and
// keeps it for the joiner's thread. A project that speaks through one door only costs a look: its
// records are not copied, and when a second door speaks up, the joiner reads the last minutes back
// from the store. Bounded; what does not fit is left out, counted, and named as a gap in which
// nothing is decided by absence. Thread-safe: Extract on submitting threads, Apply on the
// committing one, Take on the joiner's.
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/guarded.h"
#include "ingest/sink.h"
#include "join/candidate.h"

namespace skep::join {

// What one committed request brought.
struct Delivery {
  std::string project;
  Candidates candidates;
  bool wake = false;   // the first of a second door: what came before was not copied
  int64_t gap_ns = 0;  // candidates received then were left out; 0: none
};

class JoinObserver final : public CommitObserver {
 public:
  // Candidates that wait for the joiner, all projects together.
  static constexpr size_t kWaitingMax = 200'000;
  // More than this in a second are left out: a flood of lines is not worth a thread's whole time.
  static constexpr size_t kPerSecondMax = 10'000;
  // A door counts as speaking for this long.
  static constexpr int64_t kSpeakingNs = 600 * kNsPerS;

  explicit JoinObserver(Clock clock = WallClockNs) : clock_(std::move(clock)) {}

  std::unique_ptr<CommitEffect> Extract(const RecordBatch& batch,
                                        const RequestInfo& request) override;

  // Everything that was committed since the last call, in order; waits up to `wait_ms` for it.
  std::vector<Delivery> Take(int64_t wait_ms);
  // Take returns at once from now on.
  void Close();
  uint64_t dropped() const;

 private:
  class Effect;
  struct Speaking {
    bool joins = false;  // several doors speak
    bool woke = false;   // since just now
    size_t room = 0;     // candidates that may be copied in this second
  };
  struct Project {
    std::array<int64_t, kDoorNames.size()> heard_ns{};  // by door
    int64_t second = 0;
    size_t copied = 0;  // in that second
  };
  struct Inbox {
    std::vector<Delivery> deliveries;
    size_t waiting = 0;
    uint64_t dropped = 0;
    bool closed = false;
  };
  using Projects = std::map<std::string, Project, std::less<>>;

  Speaking Hear(const RequestInfo& request);
  void Count(std::string_view project, size_t copied);
  void Add(Delivery delivery);
  void CountDropped();

  Clock clock_;
  Guarded<Projects> projects_;
  Guarded<Inbox> inbox_;
  std::condition_variable arrived_;
};

}  // namespace skep::join
