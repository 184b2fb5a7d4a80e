// SPDX-License-Identifier: Apache-2.0
// Committer: the one thread that inserts into `events`, a block at a time, while the next block
// fills. Tries again until the block is in or it is told to stop; then the journal has it.
// Thread-safe.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <optional>
#include <thread>

#include "base/guarded.h"
#include "ingest/block_commit.h"

namespace skep {

struct CommitReport {
  uint64_t last = 0;
  size_t rows = 0;
  int64_t duration_ns = 0;
};

class Committer {
 public:
  // `on_committed` comes from the committer's thread, and not for a block that was given up.
  Committer(BlockCommit& commit, std::function<void(const CommitReport&)> on_committed);
  ~Committer();

  // The one before must have been reported.
  void Start(SealedBlock block);
  // Gives up what fails; waits for an insert that runs.
  void Stop();

 private:
  struct State {
    std::optional<SealedBlock> next;
    bool stopping = false;
  };
  void Run();
  bool WaitBeforeRetry(int64_t ms);

  BlockCommit& commit_;
  const std::function<void(const CommitReport&)> on_committed_;
  Guarded<State> state_;
  std::condition_variable changed_;
  std::jthread thread_;
};

}  // namespace skep
