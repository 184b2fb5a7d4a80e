// SPDX-License-Identifier: Apache-2.0
// BackgroundRuns: questions that run in the background, each known by an id: start, look how far it
// is and what is known by now, cancel, fetch the answer. Bounded: so many run at once, so many
// wait, so many answers are kept (the oldest finished one goes first). What is asked and how is its
// user's (query_runs.h, bubbleup/bubbleup_runs.h). Owns its threads. Thread-safe.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/guarded.h"
#include "base/result.h"
#include "model/statement.h"

namespace skep {

enum class RunState : uint8_t { kWaiting, kRunning, kDone, kFailed };

template <typename Request, typename Answer>
struct BackgroundRun {
  std::string id;
  RunState state = RunState::kWaiting;
  uint64_t rows_read = 0;   // of the statement that runs
  uint64_t rows_total = 0;  // as the engine estimates it; 0: not known yet
  int64_t started_ns = 0;   // wall clock
  int64_t elapsed_ms = 0;
  std::shared_ptr<const Request> request;  // shared with the run
  // Of kDone; of kRunning what is known by now, if something is. Shared, since answers can be
  // large.
  std::shared_ptr<const Answer> result;
  uint64_t steps = 0;          // changes with the result
  std::optional<Error> error;  // of kFailed; kCancelled when it was cancelled
};

struct BackgroundOptions {
  size_t running_max = 2;
  size_t waiting_max = 32;
  size_t kept_max = 256;  // with their answers
  uint64_t kept_bytes_max = 256ull << 20;
  std::string_view noun = "query";  // for messages
  std::string_view nouns = "queries";
};

template <typename Request, typename Answer>
class BackgroundRuns {
 public:
  using Run = BackgroundRun<Request, Answer>;
  // Whoever has a part of the answer before all of it says so.
  using OnStep = std::function<void(const Answer&)>;

  // What a run does, on a thread of this object.
  struct Work {
    std::function<Result<Answer>(const Request&, const CancelToken&,
                                 const std::shared_ptr<QueryProgress>&, const OnStep&)>
        run;
    std::function<uint64_t(const Answer&)> bytes_of;  // about what it holds in memory
  };

  BackgroundRuns(Work work, BackgroundOptions options) : work_(std::move(work)), options_(options) {
    for (size_t i = 0; i < options_.running_max; ++i) threads_.emplace_back([this] { RunThem(); });
  }

  ~BackgroundRuns() {  // cancels what runs
    state_.With([](State& state) {
      state.stopping = true;
      for (const auto& [id, held] : state.runs) held->cancel.Cancel();
    });
    changed_.notify_all();
    threads_.clear();
  }

  // The id. kResourceExhausted when too many wait.
  Result<std::string> Start(Request request) {
    auto held = std::make_shared<Held>();
    held->run.id = NewId();
    held->run.started_ns = WallClockNs();
    held->begin_ns = MonotonicNs();
    held->run.request = std::make_shared<const Request>(std::move(request));
    const bool taken = state_.With([&](State& state) {
      if (state.waiting.size() >= options_.waiting_max) return false;
      state.runs.emplace(held->run.id, held);
      state.waiting.push_back(held);
      return true;
    });
    if (!taken)
      return Error(Code::kResourceExhausted,
                   fmt::format("Too many {} are waiting. Try again in a moment.", options_.nouns));
    changed_.notify_all();
    return held->run.id;
  }

  // Waits up to `wait_ms` until it has made more than `steps` steps, or is done. kNotFound: never
  // was, or was dropped.
  Result<Run> Look(const std::string& id, int64_t wait_ms = 0, uint64_t steps = 0) {
    return state_.WithLock([&](State& state, auto& lock) -> Result<Run> {
      const auto found = state.runs.find(id);
      if (found == state.runs.end()) return NoSuchRun();
      const Shared held = found->second;
      changed_.wait_for(lock, std::chrono::milliseconds(wait_ms), [&] {
        return held->IsOver() || held->run.steps > steps || state.stopping;
      });
      Run run = held->run;
      run.rows_read = held->progress->rows_read.load(std::memory_order_relaxed);
      run.rows_total = held->progress->rows_total.load(std::memory_order_relaxed);
      if (!held->IsOver()) run.elapsed_ms = (MonotonicNs() - held->begin_ns) / kNsPerMs;
      return run;
    });
  }

  // kNotFound. A run that is done stays as it is.
  Status Cancel(const std::string& id) {
    const bool known = state_.With([&](State& state) {
      const auto found = state.runs.find(id);
      if (found == state.runs.end()) return false;
      const Shared held = found->second;
      held->cancel.Cancel();
      const auto waiting = std::find(state.waiting.begin(), state.waiting.end(), held);
      if (waiting != state.waiting.end()) {
        state.waiting.erase(waiting);
        End(state, *held,
            Error(Code::kCancelled, fmt::format("The {} was cancelled.", options_.noun)));
      }
      return true;
    });
    if (!known) return NoSuchRun();
    changed_.notify_all();
    return {};
  }

 private:
  struct Held {
    Run run;
    CancelToken cancel;
    std::shared_ptr<QueryProgress> progress = std::make_shared<QueryProgress>();
    int64_t begin_ns = 0;  // monotonic
    uint64_t bytes = 0;    // of the answer

    bool IsOver() const { return run.state == RunState::kDone || run.state == RunState::kFailed; }
  };
  using Shared = std::shared_ptr<Held>;  // with who looks at it while it is dropped
  struct State {
    std::unordered_map<std::string, Shared> runs;
    std::deque<Shared> waiting;
    std::deque<std::string> over;  // oldest first
    uint64_t bytes = 0;            // of the answers
    bool stopping = false;
  };

  // Two random numbers: nobody finds another one's answers by counting.
  static std::string NewId() {
    static thread_local std::random_device device;
    std::uniform_int_distribution<uint64_t> any;
    return fmt::format("{:016x}{:016x}", any(device), any(device));
  }

  Error NoSuchRun() const {
    return {Code::kNotFound,
            fmt::format("There is no such {}, or its answer was dropped.", options_.noun)};
  }

  void RunThem() {
    while (const Shared held = Next()) {
      const OnStep on_step = [&](const Answer& answer) {
        state_.With([&](State&) {
          held->run.result = std::make_shared<const Answer>(answer);
          ++held->run.steps;
        });
        changed_.notify_all();
      };
      Result<Answer> answer = work_.run(*held->run.request, held->cancel, held->progress, on_step);
      state_.With([&](State& state) { End(state, *held, std::move(answer)); });
      changed_.notify_all();
    }
  }

  // Null when it is time to stop.
  Shared Next() {
    return state_.WithLock([this](State& state, auto& lock) -> Shared {
      changed_.wait(lock, [&] { return state.stopping || !state.waiting.empty(); });
      if (state.stopping) return nullptr;
      Shared held = std::move(state.waiting.front());
      state.waiting.pop_front();
      held->run.state = RunState::kRunning;
      return held;
    });
  }

  void End(State& state, Held& held, Result<Answer> answer) const {
    held.run.elapsed_ms = (MonotonicNs() - held.begin_ns) / kNsPerMs;
    ++held.run.steps;
    if (answer) {
      held.bytes = work_.bytes_of(*answer);
      held.run.state = RunState::kDone;
      held.run.result = std::make_shared<const Answer>(std::move(*answer));
    } else {
      held.run.state = RunState::kFailed;
      held.run.error = std::move(answer.error());
    }
    state.bytes += held.bytes;
    state.over.push_back(held.run.id);
    // The one that was just made stays, however large it is.
    while (state.over.size() > 1 &&
           (state.over.size() > options_.kept_max || state.bytes > options_.kept_bytes_max)) {
      const auto oldest = state.runs.find(state.over.front());
      state.bytes -= oldest->second->bytes;
      state.runs.erase(oldest);
      state.over.pop_front();
    }
  }

  const Work work_;
  const BackgroundOptions options_;
  Guarded<State> state_;
  std::condition_variable changed_;
  std::vector<std::jthread> threads_;
};

}  // namespace skep
