// SPDX-License-Identifier: Apache-2.0
#include "ingest/committer.h"

#include <chrono>
#include <utility>

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"

namespace skep {

Committer::Committer(BlockCommit& commit, std::function<void(const CommitReport&)> on_committed)
    : commit_(commit), on_committed_(std::move(on_committed)), thread_([this] { Run(); }) {}

Committer::~Committer() { Stop(); }

void Committer::Start(SealedBlock block) {
  state_.With([&](State& state) {
    SKEP_CHECK(!state.next.has_value());
    state.next = std::move(block);
  });
  changed_.notify_all();
}

void Committer::Stop() {
  state_.With([](State& state) { state.stopping = true; });
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Committer::Run() {
  for (;;) {
    auto block = state_.WithLock([this](State& state, auto& lock) {
      changed_.wait(lock, [&] { return state.stopping || state.next.has_value(); });
      return state.stopping ? std::nullopt : std::exchange(state.next, std::nullopt);
    });
    if (!block) return;
    CommitReport report{block->last, block->block.rows, 0};
    const int64_t start_ns = MonotonicNs();
    const auto committed = commit_.Commit(std::move(*block), std::nullopt,
                                          [this](int64_t ms) { return WaitBeforeRetry(ms); });
    if (!committed) {
      LogError("ingest", committed.error());
      continue;
    }
    report.duration_ns = MonotonicNs() - start_ns;
    on_committed_(report);
  }
}

bool Committer::WaitBeforeRetry(int64_t ms) {
  return state_.WithLock([&](State& state, auto& lock) {
    changed_.wait_for(lock, std::chrono::milliseconds(ms), [&] { return state.stopping; });
    return !state.stopping;
  });
}

}  // namespace skep
