// SPDX-License-Identifier: Apache-2.0
#include "ingest/block_filler.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

#include "base/clock.h"
#include "base/free_memory.h"

namespace skep {
namespace {

constexpr int64_t kReadersPauseNs = 100 * kNsPerMs;
constexpr int64_t kEarlyCommitShare = 10;  // one part in this many of the time
constexpr size_t kLargeShare = 8;          // of a full block is a large one
constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

}  // namespace

BlockFiller::BlockFiller(FillerOptions options, PendingBudget& budget, RecentSpans& recent_spans,
                         std::function<void(SealedBlock)> start_commit)
    : options_(options),
      budget_(budget),
      start_commit_(std::move(start_commit)),
      block_(recent_spans),
      thread_([this] { Run(); }) {}

BlockFiller::~BlockFiller() { Stop(); }

void BlockFiller::Add(std::unique_ptr<AcceptedRequest> request) {
  const bool was_empty = state_.With([&](State& state) {
    state.waiting.push_back(std::move(request));
    return state.waiting.size() == 1;
  });
  if (was_empty) changed_.notify_one();
}

void BlockFiller::Want(uint64_t sequence) {
  state_.With([&](State& state) { state.wanted = std::max(state.wanted, sequence); });
  changed_.notify_one();
}

void BlockFiller::OnCommitted(const CommitReport& report) {
  const size_t bytes = state_.With([&](State& state) {
    state.committing = false;
    if (report.last >= state.wanted) state.wanted = 0;
    const int64_t now_ns = MonotonicNs();
    // Its length times the share is paid back before the next early commit; never more than what
    // sealing by age would bring anyhow.
    state.next_idle_ns =
        std::min(now_ns + options_.age_max_ns, std::max(state.next_idle_ns, state.commit_start_ns) +
                                                   kEarlyCommitShare * report.duration_ns);
    return std::exchange(state.committing_bytes, 0);
  });
  budget_.Release(bytes);
  changed_.notify_one();
}

bool BlockFiller::Drain(int64_t deadline_ms) {
  return state_.WithLock([&](State& state, auto& lock) {
    state.draining = true;
    changed_.notify_one();
    return drained_.wait_for(lock, std::chrono::milliseconds(deadline_ms),
                             [&] { return state.drained; });
  });
}

void BlockFiller::Stop() {
  state_.With([](State& state) { state.stopped = true; });
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void BlockFiller::Run() {
  for (;;) {
    std::unique_ptr<AcceptedRequest> request;
    switch (NextStep(&request)) {
      case Step::kAppend:
        Append(std::move(request));
        break;
      case Step::kSeal:
        Seal();
        break;
      case Step::kRelease:
        Release();
        break;
      case Step::kStop:
        return;
    }
  }
}

int64_t BlockFiller::SealTime(const State& state) const {
  if (block_.empty() || state.committing) return kNever;
  if (full_) return 0;
  // What is behind the block in the line goes in first.
  if (state.draining && state.waiting.empty()) return 0;
  int64_t at_ns = std::min(opened_ns_ + options_.age_max_ns,
                           std::max(opened_ns_ + options_.idle_ns, state.next_idle_ns));
  const bool holds_wanted = block_.last() >= state.wanted || state.waiting.empty();
  if (state.wanted != 0 && holds_wanted) at_ns = std::min(at_ns, state.next_wanted_ns);
  return at_ns;
}

int64_t BlockFiller::ReleaseTime(const State& state) const {
  if (last_large_ns_ == 0 || state.committing || !block_.empty() || !state.waiting.empty())
    return kNever;
  return last_large_ns_ + options_.calm_ns;
}

BlockFiller::Step BlockFiller::NextStep(std::unique_ptr<AcceptedRequest>* request) {
  return state_.WithLock([&](State& state, auto& lock) {
    for (;;) {
      if (state.stopped) return Step::kStop;
      const int64_t seal_ns = SealTime(state);
      const int64_t now_ns = MonotonicNs();
      if (seal_ns <= now_ns) {
        state.committing = true;
        state.commit_start_ns = now_ns;
        if (block_.last() >= state.wanted) state.wanted = 0;
        state.next_wanted_ns = now_ns + kReadersPauseNs;
        return Step::kSeal;
      }
      if (!state.waiting.empty() && !full_) {
        *request = std::move(state.waiting.front());
        state.waiting.pop_front();
        return Step::kAppend;
      }
      if (state.draining && !state.drained && state.waiting.empty() && block_.empty() &&
          !state.committing) {
        state.drained = true;
        drained_.notify_all();
      }
      const int64_t release_ns = ReleaseTime(state);
      if (release_ns <= now_ns) return Step::kRelease;
      const int64_t next_ns = std::min(seal_ns, release_ns);
      if (next_ns == kNever)
        changed_.wait(lock);
      else
        changed_.wait_for(lock, std::chrono::nanoseconds(next_ns - now_ns));
    }
  });
}

void BlockFiller::Append(std::unique_ptr<AcceptedRequest> request) {
  if (block_.empty()) opened_ns_ = MonotonicNs();
  block_.Append(&request->submission.batch, request->Info(), std::move(request->effects));
  const size_t charge = request->charge;
  request = nullptr;  // the body is in the journal and in the block now
  const size_t bytes = block_.bytes();
  full_ = block_.rows() >= options_.rows_max || bytes >= options_.bytes_max;
  if (bytes > charged_bytes_) {
    budget_.Charge(bytes - charged_bytes_);
    charged_bytes_ = bytes;
  }
  budget_.Release(charge);
}

void BlockFiller::Seal() {
  SealedBlock sealed = block_.Take();
  if (full_ || sealed.block.rows >= options_.rows_max / kLargeShare) last_large_ns_ = MonotonicNs();
  full_ = false;
  state_.With([&](State& state) { state.committing_bytes = std::exchange(charged_bytes_, 0); });
  start_commit_(std::move(sealed));
}

void BlockFiller::Release() {
  last_large_ns_ = 0;
  block_.ReleaseBuffers();
  GiveBackFreeMemory();
  state_.With([](State& state) { ++state.released; });
}

uint64_t BlockFiller::released() const {
  return state_.With([](const State& state) { return state.released; });
}

}  // namespace skep
