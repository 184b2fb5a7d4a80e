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
  static constexpr size_t kPerBatchMax = 50'000;
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
  };
  struct Inbox {
    std::vector<Delivery> deliveries;
    size_t waiting = 0;
    uint64_t dropped = 0;
    bool closed = false;
  };
  // When each door was heard last, by project.
  using Heard = std::map<std::string, std::array<int64_t, kDoorNames.size()>, std::less<>>;

  Speaking Hear(const RequestInfo& request);
  void Add(Delivery delivery);

  Clock clock_;
  Guarded<Heard> heard_;
  Guarded<Inbox> inbox_;
  std::condition_variable arrived_;
};

}  // namespace skep::join
