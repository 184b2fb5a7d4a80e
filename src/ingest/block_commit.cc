// SPDX-License-Identifier: Apache-2.0
#include "ingest/block_commit.h"

#include <algorithm>
#include <random>
#include <utility>

#include "base/log.h"

namespace skep {
namespace {

constexpr int64_t kFirstRetryMs = 50;
constexpr int64_t kLastRetryMs = 5000;
// Blocks that may be inserted again after a crash: the store knows the tokens of the last thousand.
constexpr size_t kUnsettledMax = 256;
constexpr int kRejectionsMax = 3;  // a block that the engine calls invalid so often is set aside

// Nobody waits for a commit note: without it a block is inserted again after a crash, and the store
// knows its token.
class CommitNote final : public JournalItem {
 public:
  explicit CommitNote(uint64_t last) {
    entry = EncodeCommit(last);
    can_wait = true;
  }
  void OnWritten(std::unique_ptr<JournalItem>, const Status&) override {}
};

// Doubles the pause after each failure.
class BackOff {
 public:
  explicit BackOff(const BlockCommit::WaitBeforeRetry& wait) : wait_(wait) {}
  bool Wait() {
    const int64_t ms = next_ms_;
    next_ms_ = std::min(kLastRetryMs, 2 * next_ms_);
    return wait_(ms);
  }

 private:
  const BlockCommit::WaitBeforeRetry& wait_;
  int64_t next_ms_ = kFirstRetryMs;
};

uint64_t DrawNonce() {
  std::random_device device;
  return uint64_t{device()} << 32 | device();
}

}  // namespace

BlockCommit::BlockCommit(JournalIo& io, std::string directory, Journal& journal, Store& store,
                         std::vector<CommitObserver*> observers)
    : io_(io),
      directory_(std::move(directory)),
      journal_(journal),
      store_(store),
      observers_(std::move(observers)) {}

Status BlockCommit::Commit(SealedBlock block, const std::optional<SealNote>& seal,
                           const WaitBeforeRetry& wait) {
  SealNote note = seal.value_or(SealNote{});
  if (!seal) {
    note = {block.first, block.last, DrawNonce(), journal_.id()};
    BackOff back_off(wait);
    for (;;) {
      const auto sealed = journal_.AppendNoteAndWait(EncodeSeal(note));
      if (sealed) break;
      if (!back_off.Wait()) return sealed;
    }
  }
  SKEP_ASSIGN(const bool stored, Insert(block, note, wait));
  if (stored)
    for (RequestEffects& request : block.effects)
      for (auto& effect : request.effects) effect->Apply(request.sequence);
  if (!Settle()) {
    if (++unsettled_ < kUnsettledMax) return {};
    BackOff back_off(wait);
    while (!Settle())
      if (!back_off.Wait())
        return Error(Code::kUnavailable, "stopping with effects that only the journal has");
  }
  unsettled_ = 0;
  journal_.AppendNote(std::make_unique<CommitNote>(note.last));
  // What cannot be deleted now is deleted after the next block.
  if (const auto released = journal_.ReleaseThrough(note.last); !released)
    LogError("ingest", released.error());
  return {};
}

bool BlockCommit::Settle() {
  bool settled = true;
  for (CommitObserver* observer : observers_) {
    const Status status = observer->Settle();
    if (status) continue;
    settled = false;
    LogError("ingest", status.error());
  }
  return settled;
}

Result<bool> BlockCommit::Insert(const SealedBlock& block, const SealNote& seal,
                                 const WaitBeforeRetry& wait) {
  const std::string token = seal.Token();
  BackOff back_off(wait);
  int rejections = 0;
  for (;;) {
    const auto inserted = store_.Insert(block.block, token);
    if (inserted) return true;
    Log(LogLevel::kWarn, "ingest", "insert failed block={} rows={} error=\"{}\" detail=\"{}\"",
        token, block.block.rows, inserted.error().message, inserted.error().detail);
    if (inserted.error().code == Code::kInvalidArgument && ++rejections >= kRejectionsMax) {
      const auto kept = SetAside(block, seal);
      if (kept) return false;
      LogError("ingest", kept.error());
    }
    if (!back_off.Wait()) return inserted.error();
  }
}

// The rows are not in the store, but nothing of them is lost, and what comes after them is not held
// up.
Status BlockCommit::SetAside(const SealedBlock& block, const SealNote& seal) {
  const std::string name = "block-" + seal.Token() + ".rejected";
  SKEP_TRY(WriteWholeFile(io_, directory_, name, block.block.data.view()));
  rejected_.fetch_add(1, std::memory_order_relaxed);
  Log(LogLevel::kError, "ingest", "the engine refuses a block: set aside file={} rows={}", name,
      block.block.rows);
  return {};
}

}  // namespace skep
