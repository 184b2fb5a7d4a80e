// SPDX-License-Identifier: Apache-2.0
#include "store/query_watch.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/log.h"

namespace skep {
namespace {

constexpr auto kLookEvery = std::chrono::milliseconds(10);
// A query that has not begun yet when it is killed begins all the same.
constexpr int64_t kKillAgainNs = 100 * kNsPerMs;
// Short queries are over before anybody looks.
constexpr int64_t kProgressEveryNs = 100 * kNsPerMs;

// Takes a number and the character behind it off the front of `text`.
uint64_t TakeNumber(std::string_view* text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  text->remove_prefix(std::min(text->size(), static_cast<size_t>(end - text->data()) + 1));
  return error == std::errc() ? number : 0;
}

}  // namespace

QueryWatch::QueryWatch(Ask ask) : ask_(std::move(ask)), thread_([this] { Run(); }) {}

QueryWatch::~QueryWatch() {
  state_.With([](State& state) { state.stopping = true; });
  changed_.notify_all();
}

QueryWatch::Place QueryWatch::Add(Query query) {
  const auto [place, first] = state_.With([&](State& state) {
    query.begin_ns = MonotonicNs();
    state.queries.push_front(std::move(query));
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
  LookAtProgress(state, now_ns);
}

void QueryWatch::LookAtProgress(State& state, int64_t now_ns) {
  const auto watched = [&](const Query& query) {
    return query.progress != nullptr && now_ns - query.begin_ns >= kProgressEveryNs;
  };
  if (now_ns < state.next_progress_ns ||
      std::none_of(state.queries.begin(), state.queries.end(), watched))
    return;
  state.next_progress_ns = now_ns + kProgressEveryNs;
  // A line each: rows read, rows to read, the mark.
  const auto answer =
      ask_("SELECT read_rows, total_rows_approx, Settings['log_comment'] FROM system.processes", {},
           "TabSeparatedRaw");
  if (!answer) return LogError("store", answer.error());
  std::string_view text = answer->data.view();
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const uint64_t read = TakeNumber(&line);
    const uint64_t total = TakeNumber(&line);
    for (const Query& query : state.queries) {
      if (!line.starts_with(query.mark) || !query.progress) continue;
      // The total first: whoever sees rows sees of how many.
      query.progress->rows_total.store(std::max(read, total));
      query.progress->rows_read.store(read);
    }
  }
}

void QueryWatch::Kill(const std::string& mark) {
  const auto killed =
      ask_("KILL QUERY WHERE startsWith(Settings['log_comment'], {mark:String}) ASYNC",
           {{"mark", mark}}, "Native");
  if (!killed) LogError("store", killed.error());
}

}  // namespace skep
