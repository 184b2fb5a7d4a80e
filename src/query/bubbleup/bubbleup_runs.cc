// SPDX-License-Identifier: Apache-2.0
#include "query/bubbleup/bubbleup_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <random>
#include <thread>
#include <unordered_map>
#include <utility>

#include "base/clock.h"
#include "base/guarded.h"

namespace skep {
namespace {

// Two random numbers: nobody finds another one's answers by counting.
std::string NewId() {
  std::random_device device;
  std::uniform_int_distribution<uint64_t> any;
  return fmt::format("{:016x}{:016x}", any(device), any(device));
}

struct Run {
  BubbleUpStatus status;
  BubbleUpRequest request;
  CancelToken cancel;
  std::shared_ptr<QueryProgress> progress = std::make_shared<QueryProgress>();
  int64_t begin_ns = 0;  // monotonic

  bool IsOver() const {
    return status.state == RunState::kDone || status.state == RunState::kFailed;
  }
};

Error NoSuchRun() {
  return {Code::kNotFound, "There is no such comparison, or its answer was dropped."};
}

}  // namespace

struct BubbleUpRuns::Impl {
  using Shared = std::shared_ptr<Run>;  // with who looks at it while it is dropped
  struct State {
    std::unordered_map<std::string, Shared> runs;
    std::deque<Shared> waiting;
    std::deque<std::string> over;  // oldest first
    bool stopping = false;
  };

  Impl(BubbleUpParts parts_, Options options_) : parts(parts_), options(options_) {
    thread = std::jthread([this] { Work(); });
  }

  ~Impl() {
    guarded.With([](State& state) {
      state.stopping = true;
      for (const auto& [id, run] : state.runs) run->cancel.Cancel();
    });
    changed.notify_all();
  }

  void Work() {
    while (const Shared run = Next()) {
      const auto on_step = [&](const BubbleUpResult& result) {
        guarded.With([&](State&) {
          run->status.result = std::make_shared<const BubbleUpResult>(result);
          ++run->status.steps;
        });
        changed.notify_all();
      };
      auto result = RunBubbleUp(parts, run->request, run->cancel, on_step, run->progress);
      guarded.With([&](State& state) { End(state, *run, std::move(result)); });
      changed.notify_all();
    }
  }

  // Null when it is time to stop.
  Shared Next() {
    return guarded.WithLock([this](State& state, auto& lock) -> Shared {
      changed.wait(lock, [&] { return state.stopping || !state.waiting.empty(); });
      if (state.stopping) return nullptr;
      Shared run = std::move(state.waiting.front());
      state.waiting.pop_front();
      run->status.state = RunState::kRunning;
      return run;
    });
  }

  void End(State& state, Run& run, Result<BubbleUpResult> result) const {
    run.status.elapsed_ms = (MonotonicNs() - run.begin_ns) / kNsPerMs;
    ++run.status.steps;
    if (result) {
      run.status.state = RunState::kDone;
      run.status.result = std::make_shared<const BubbleUpResult>(std::move(*result));
    } else {
      run.status.state = RunState::kFailed;
      run.status.error = std::move(result.error());
    }
    state.over.push_back(run.status.id);
    while (state.over.size() > options.kept_max) {
      state.runs.erase(state.over.front());
      state.over.pop_front();
    }
  }

  const BubbleUpParts parts;
  const Options options;
  Guarded<State> guarded;
  std::condition_variable changed;
  std::jthread thread;
};

BubbleUpRuns::BubbleUpRuns(BubbleUpParts parts, Options options)
    : impl_(std::make_unique<Impl>(parts, options)) {}

BubbleUpRuns::~BubbleUpRuns() = default;

Result<std::string> BubbleUpRuns::Start(BubbleUpRequest request) {
  if (const SpecErrors errors = CheckBubbleUp(request, *impl_->parts.types); !errors.empty())
    return ErrorOf(errors);
  auto run = std::make_shared<Run>();
  run->status.id = NewId();
  run->begin_ns = MonotonicNs();
  run->request = std::move(request);
  const bool taken = impl_->guarded.With([&](Impl::State& state) {
    if (state.waiting.size() >= impl_->options.waiting_max) return false;
    state.runs.emplace(run->status.id, run);
    state.waiting.push_back(run);
    return true;
  });
  if (!taken)
    return Error(Code::kResourceExhausted,
                 "Too many comparisons are waiting. Try again in a moment.");
  impl_->changed.notify_all();
  return run->status.id;
}

Result<BubbleUpStatus> BubbleUpRuns::Look(const std::string& id, int64_t wait_ms, uint64_t steps) {
  return impl_->guarded.WithLock([&](Impl::State& state, auto& lock) -> Result<BubbleUpStatus> {
    const auto found = state.runs.find(id);
    if (found == state.runs.end()) return NoSuchRun();
    const Impl::Shared run = found->second;
    impl_->changed.wait_for(lock, std::chrono::milliseconds(wait_ms), [&] {
      return run->IsOver() || run->status.steps > steps || state.stopping;
    });
    BubbleUpStatus status = run->status;
    status.rows_read = run->progress->rows_read.load(std::memory_order_relaxed);
    status.rows_total = run->progress->rows_total.load(std::memory_order_relaxed);
    if (!run->IsOver()) status.elapsed_ms = (MonotonicNs() - run->begin_ns) / kNsPerMs;
    return status;
  });
}

Status BubbleUpRuns::Cancel(const std::string& id) {
  const bool known = impl_->guarded.With([&](Impl::State& state) {
    const auto found = state.runs.find(id);
    if (found == state.runs.end()) return false;
    const Impl::Shared run = found->second;
    run->cancel.Cancel();
    const auto waiting = std::find(state.waiting.begin(), state.waiting.end(), run);
    if (waiting != state.waiting.end()) {
      state.waiting.erase(waiting);
      impl_->End(state, *run, Error(Code::kCancelled, "The comparison was cancelled."));
    }
    return true;
  });
  if (!known) return NoSuchRun();
  impl_->changed.notify_all();
  return {};
}

}  // namespace skep
