// SPDX-License-Identifier: Apache-2.0
// CommitProgress: how far acknowledging and committing have come, and whoever waits for that.
// Thread-safe.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>

#include "base/guarded.h"
#include "base/result.h"

namespace skep {

class CommitProgress {
 public:
  struct State {
    uint64_t acknowledged = 0;  // sequences
    uint64_t committed = 0;
    uint64_t blocks = 0;
    uint64_t pending_rows = 0;
    bool closed = false;  // nothing more will be committed
  };

  void Acknowledge(uint64_t sequence, uint64_t rows) {
    state_.With([&](State& state) {
      state.acknowledged = std::max(state.acknowledged, sequence);
      state.pending_rows += rows;
    });
  }
  void Commit(uint64_t sequence, uint64_t rows) {
    state_.With([&](State& state) {
      state.committed = sequence;
      state.pending_rows -= std::min(rows, state.pending_rows);
      ++state.blocks;
    });
    changed_.notify_all();
  }
  // After recovery: all up to here was done by an earlier process.
  void StartAt(uint64_t sequence, uint64_t blocks) {
    state_.With([&](State& state) {
      state.acknowledged = state.committed = sequence;
      state.blocks = blocks;
    });
  }
  void Close() {
    state_.With([](State& state) { state.closed = true; });
    changed_.notify_all();
  }
  State Get() const {
    return state_.With([](const State& state) { return state; });
  }

  Status WaitCommitted(uint64_t sequence, int64_t deadline_ms) {
    return state_.WithLock([&](State& state, auto& lock) -> Status {
      changed_.wait_for(lock, std::chrono::milliseconds(deadline_ms),
                        [&] { return state.closed || state.committed >= sequence; });
      if (state.committed >= sequence) return {};
      if (state.closed) return Error(Code::kUnavailable, "the server is stopping");
      return Error(Code::kDeadlineExceeded, "what was received last is not stored yet");
    });
  }

 private:
  Guarded<State> state_;
  std::condition_variable changed_;
};

}  // namespace skep
