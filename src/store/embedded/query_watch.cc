// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/query_watch.h"

#include <chrono>
#include <utility>

#include "base/clock.h"
#include "base/log.h"

namespace skep {
namespace {

constexpr auto kLookEvery = std::chrono::milliseconds(10);
// A query that has not begun yet when it is killed begins all the same.
constexpr int64_t kKillAgainNs = 100 * kNsPerMs;

}  // namespace

QueryWatch::QueryWatch(std::unique_ptr<EngineConnection> killer)
    : killer_(std::move(killer)), thread_([this] { Run(); }) {}

QueryWatch::~QueryWatch() {
  state_.With([](State& state) { state.stopping = true; });
  changed_.notify_all();
}

QueryWatch::Place QueryWatch::Add(const std::string& mark, const CancelToken& cancel,
                                  int64_t deadline_ns) {
  const auto [place, first] = state_.With([&](State& state) {
    state.queries.push_front(Query{mark, cancel, deadline_ns});
    return std::pair(state.queries.begin(), state.queries.size() == 1);
  });
  if (first) changed_.notify_all();
  return place;
}

// Kills happen under the lock, so none comes after this and hits the connection's next query.
QueryWatch::End QueryWatch::Remove(Place query) {
  return state_.With([&](State& state) {
    const End end = query->end;
    state.queries.erase(query);
    return end;
  });
}

void QueryWatch::Run() {
  state_.WithLock([this](State& state, auto& lock) {
    while (!state.stopping) {
      if (state.queries.empty())
        changed_.wait(lock);
      else
        changed_.wait_for(lock, kLookEvery, [&] { return state.stopping; });
      Look(state);
    }
  });
}

void QueryWatch::Look(State& state) {
  const int64_t now_ns = MonotonicNs();
  for (Query& query : state.queries) {
    if (query.end == End::kByItself && query.cancel.cancelled()) query.end = End::kCancelled;
    if (query.end == End::kByItself && query.deadline_ns <= now_ns) query.end = End::kDeadline;
    if (query.end == End::kByItself || now_ns < query.next_kill_ns) continue;
    Kill(query.mark);
    query.next_kill_ns = now_ns + kKillAgainNs;
  }
}

void QueryWatch::Kill(const std::string& mark) {
  const auto killed = killer_->Run("KILL QUERY WHERE Settings['log_comment'] = {mark:String} ASYNC",
                                   {{"mark", mark}}, "Native");
  if (!killed) LogError("store", killed.error());
}

}  // namespace skep
