// SPDX-License-Identifier: Apache-2.0
// BlockFiller: the thread that appends journalled requests to the open block and decides when it is
// sealed: when it is full, when a reader waits for it, when it is old, and early when the server is
// quiet. Early commits may take at most a tenth of the time, so that a steady trickle makes few
// larger blocks. Hands a sealed block on only when the one before is in the store. In the calm
// after large blocks it lets their memory go. Thread-safe.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <thread>

#include "base/guarded.h"
#include "ingest/accepted_request.h"
#include "ingest/committer.h"
#include "ingest/open_block.h"
#include "ingest/pending_budget.h"

namespace skep {

struct FillerOptions {
  size_t rows_max;
  size_t bytes_max;
  int64_t age_max_ns;
  int64_t idle_ns;  // a quiet server seals after this
  int64_t calm_ns;  // without a large block, memory goes back after this
};

class BlockFiller {
 public:
  // `start_commit` gets each sealed block; OnCommitted must be called when it is in the store.
  BlockFiller(FillerOptions options, PendingBudget& budget, RecentSpans& recent_spans,
              std::function<void(SealedBlock)> start_commit);
  ~BlockFiller();

  // In order of sequence.
  void Add(std::unique_ptr<AcceptedRequest> request);
  // Everything up to here is wanted in the store soon.
  void Want(uint64_t sequence);
  void OnCommitted(const CommitReport& report);
  // Commits everything; false when that took too long.
  bool Drain(int64_t deadline_ms);
  // How often a calm server gave memory back.
  uint64_t released() const;
  void Stop();

 private:
  struct State {
    std::deque<std::unique_ptr<AcceptedRequest>> waiting;
    bool committing = false;
    uint64_t wanted = 0;
    bool draining = false;
    bool stopped = false;
    bool drained = false;
    int64_t next_wanted_ns = 0;  // readers share commits, at most ten a second
    int64_t next_idle_ns = 0;    // the next early commit
    int64_t commit_start_ns = 0;
    size_t committing_bytes = 0;
    uint64_t released = 0;
  };
  enum class Step { kAppend, kSeal, kRelease, kStop };

  void Run();
  Step NextStep(std::unique_ptr<AcceptedRequest>* request);
  // When to seal, if nothing else happens; 0: not yet known.
  int64_t SealTime(const State& state) const;
  // When the block's buffers, and what else was freed since the load, go back to the system.
  int64_t ReleaseTime(const State& state) const;
  void Append(std::unique_ptr<AcceptedRequest> request);
  void Seal();
  void Release();

  const FillerOptions options_;
  PendingBudget& budget_;
  const std::function<void(SealedBlock)> start_commit_;
  Guarded<State> state_;
  std::condition_variable changed_;
  std::condition_variable drained_;

  // The thread's own:
  OpenBlock block_;
  bool full_ = false;
  int64_t opened_ns_ = 0;
  size_t charged_bytes_ = 0;
  int64_t last_large_ns_ = 0;  // when a large block was sealed; 0: the buffers are small

  std::jthread thread_;
};

}  // namespace skep
