// SPDX-License-Identifier: Apache-2.0
#include "query/explore/query_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <list>
#include <random>
#include <stop_token>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/guarded.h"

namespace skep {
namespace {

// Two random numbers: nobody finds another one's answers by counting.
std::string NewId() {
  static thread_local std::random_device device;
  std::uniform_int_distribution<uint64_t> any;
  return fmt::format("{:016x}{:016x}", any(device), any(device));
}

uint64_t BytesOf(const Measures& measures) {
  uint64_t bytes = sizeof(Measures) + measures.size() * sizeof(Measure);
  for (const Measure& measure : measures)
    if (const auto* heatmap = std::get_if<Heatmap>(&measure.value))
      bytes += heatmap->size() * sizeof(HeatmapCell);
  return bytes;
}

// About what an answer holds in memory.
uint64_t BytesOf(const QueryResult& result) {
  uint64_t bytes = sizeof(QueryResult) + BytesOf(result.total) + BytesOf(result.other);
  for (const ResultRow& row : result.rows) {
    bytes += BytesOf(row.measures);
    for (const SpecValue& value : row.group) {
      bytes += sizeof(SpecValue);
      if (const auto* text = std::get_if<std::string>(&value)) bytes += text->size();
    }
  }
  for (const SeriesPoint& point : result.series) bytes += sizeof(point) + BytesOf(point.measures);
  for (const TotalPoint& point : result.total_series) bytes += BytesOf(point.measures);
  for (const TotalPoint& point : result.other_series) bytes += BytesOf(point.measures);
  return bytes + (result.compare ? BytesOf(*result.compare) : 0);
}

struct Run {
  RunStatus status;
  CancelToken cancel;
  std::shared_ptr<QueryProgress> progress = std::make_shared<QueryProgress>();
  int64_t begin_ns = 0;  // monotonic
  uint64_t bytes = 0;    // of the answer
};

bool IsOver(const Run& run) {
  return run.status.state == RunState::kDone || run.status.state == RunState::kFailed;
}

}  // namespace

struct QueryRuns::Impl {
  struct State {
    std::unordered_map<std::string, std::shared_ptr<Run>> runs;
    std::deque<std::shared_ptr<Run>> waiting;
    std::list<std::string> over;  // oldest first
    uint64_t bytes = 0;           // of the answers
    bool stopping = false;
  };

  Impl(Reader* reader_, const FieldTypes* types_, Options options_)
      : reader(reader_), types(types_), options(options_) {
    for (size_t i = 0; i < options.running_max; ++i) threads.emplace_back([this] { Work(); });
  }

  ~Impl() {
    guarded.With([](State& state) {
      state.stopping = true;
      for (const auto& [id, run] : state.runs) run->cancel.Cancel();
    });
    changed.notify_all();
    threads.clear();
  }

  void Work() {
    while (const std::shared_ptr<Run> run = Next()) {
      Result<QueryResult> result =
          RunQuery(*reader, *run->status.request, *types, run->cancel, run->progress);
      guarded.With([&](State& state) { End(state, *run, std::move(result)); });
      changed.notify_all();
    }
  }

  // Null when it is time to stop.
  std::shared_ptr<Run> Next() {
    return guarded.WithLock([this](State& state, auto& lock) -> std::shared_ptr<Run> {
      changed.wait(lock, [&] { return state.stopping || !state.waiting.empty(); });
      if (state.stopping) return nullptr;
      std::shared_ptr<Run> run = std::move(state.waiting.front());
      state.waiting.pop_front();
      run->status.state = RunState::kRunning;
      return run;
    });
  }

  void End(State& state, Run& run, Result<QueryResult> result) {
    run.status.elapsed_ms = (MonotonicNs() - run.begin_ns) / kNsPerMs;
    if (result) {
      run.bytes = BytesOf(*result);
      run.status.state = RunState::kDone;
      run.status.result = std::make_shared<const QueryResult>(std::move(*result));
    } else {
      run.status.state = RunState::kFailed;
      run.status.error = std::move(result.error());
    }
    state.bytes += run.bytes;
    state.over.push_back(run.status.id);
    // The one that was just made stays, however large it is.
    while (state.over.size() > 1 &&
           (state.over.size() > options.kept_max || state.bytes > options.kept_bytes_max)) {
      const auto oldest = state.runs.find(state.over.front());
      state.bytes -= oldest->second->bytes;
      state.runs.erase(oldest);
      state.over.pop_front();
    }
  }

  Reader* const reader;
  const FieldTypes* const types;
  const Options options;
  Guarded<State> guarded;
  std::condition_variable changed;
  std::vector<std::jthread> threads;
};

QueryRuns::QueryRuns(Reader* reader, const FieldTypes* types, Options options)
    : impl_(std::make_unique<Impl>(reader, types, options)) {}

QueryRuns::~QueryRuns() = default;

Result<std::string> QueryRuns::Start(QueryRequest request) {
  if (const SpecErrors errors = CheckQuery(request, *impl_->types); !errors.empty())
    return ErrorOf(errors);
  auto run = std::make_shared<Run>();
  run->status.id = NewId();
  run->status.started_ns = WallClockNs();
  run->begin_ns = MonotonicNs();
  run->status.request = std::make_shared<const QueryRequest>(std::move(request));
  const bool taken = impl_->guarded.With([&](Impl::State& state) {
    if (state.waiting.size() >= impl_->options.waiting_max) return false;
    state.runs.emplace(run->status.id, run);
    state.waiting.push_back(run);
    return true;
  });
  if (!taken)
    return Error(Code::kResourceExhausted, "Too many queries are waiting. Try again in a moment.");
  impl_->changed.notify_all();
  return run->status.id;
}

Result<RunStatus> QueryRuns::Look(const std::string& id, int64_t wait_ms) {
  return impl_->guarded.WithLock([&](Impl::State& state, auto& lock) -> Result<RunStatus> {
    const auto found = state.runs.find(id);
    if (found == state.runs.end())
      return Error(Code::kNotFound, "There is no such query, or its answer was dropped.");
    const std::shared_ptr<Run> run = found->second;
    impl_->changed.wait_for(lock, std::chrono::milliseconds(wait_ms),
                            [&] { return IsOver(*run) || state.stopping; });
    RunStatus status = run->status;
    status.rows_read = run->progress->rows_read.load(std::memory_order_relaxed);
    status.rows_total = run->progress->rows_total.load(std::memory_order_relaxed);
    if (!IsOver(*run)) status.elapsed_ms = (MonotonicNs() - run->begin_ns) / kNsPerMs;
    if (status.result) status.rows_read = status.rows_total = status.result->rows_read;
    return status;
  });
}

Status QueryRuns::Cancel(const std::string& id) {
  const bool known = impl_->guarded.With([&](Impl::State& state) {
    const auto found = state.runs.find(id);
    if (found == state.runs.end()) return false;
    const std::shared_ptr<Run> run = found->second;
    run->cancel.Cancel();
    const auto waiting = std::find(state.waiting.begin(), state.waiting.end(), run);
    if (waiting != state.waiting.end()) {
      state.waiting.erase(waiting);
      impl_->End(state, *run, Error(Code::kCancelled, "The query was cancelled."));
    }
    return true;
  });
  if (!known) return Error(Code::kNotFound, "There is no such query, or its answer was dropped.");
  impl_->changed.notify_all();
  return {};
}

}  // namespace skep
