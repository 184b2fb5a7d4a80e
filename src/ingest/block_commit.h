// SPDX-License-Identifier: Apache-2.0
// BlockCommit: what it takes to get one sealed block into the store for good: its seal in the
// journal, the insert, the observers' effects, the commit note, the release of segments. Each step
// may be done again after a crash and changes nothing twice. Used by recovery and by the Committer;
// one thread at a time.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ingest/journal.h"
#include "ingest/open_block.h"

namespace skep {

class BlockCommit {
 public:
  // Waits between two tries, so that giving up is the owner's decision: false means stop trying.
  using WaitBeforeRetry = std::function<bool(int64_t ms)>;

  BlockCommit(JournalIo& io, std::string directory, Journal& journal, Store& store,
              std::vector<CommitObserver*> observers);

  // `seal`: the one that the journal has of this block already. An error only when giving up: then
  // the block is still whole in the journal.
  Status Commit(SealedBlock block, const std::optional<SealNote>& seal,
                const WaitBeforeRetry& wait);

  // False: what some block changes besides the table could not be made durable yet. No commit note
  // is written then, so that a start applies it again.
  bool settled() const { return unsettled_ == 0; }

  // Blocks that the engine refused for good; each is kept in a file of its own.
  uint64_t rejected() const { return rejected_.load(std::memory_order_relaxed); }

 private:
  // Of this block and of those before it; false: not now.
  bool Settle();
  // False: the block was set aside.
  Result<bool> Insert(const SealedBlock& block, const SealNote& seal, const WaitBeforeRetry& wait);
  Status SetAside(const SealedBlock& block, const SealNote& seal);

  JournalIo& io_;
  const std::string directory_;
  Journal& journal_;
  Store& store_;
  const std::vector<CommitObserver*> observers_;
  std::atomic<uint64_t> rejected_{0};
  size_t unsettled_ = 0;  // blocks in a row
};

}  // namespace skep
