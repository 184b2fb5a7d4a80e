// SPDX-License-Identifier: Apache-2.0
// QueryWatch: a thread that ends queries whose client has gone away or whose time is up. The engine
// takes no word while a query runs on its connection; so each connection's queries bear a mark, and
// they are killed by it from another connection. Thread-safe.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <thread>

#include "base/cancel.h"
#include "base/guarded.h"
#include "store/embedded/connection.h"

namespace skep {

class QueryWatch {
 public:
  // `killer` is this thread's own.
  explicit QueryWatch(std::unique_ptr<EngineConnection> killer);
  ~QueryWatch();

  enum class End { kByItself, kCancelled, kDeadline };

  // Watches while `run` runs; says whether it was ended.
  template <typename F>
  End Watch(const std::string& mark, const CancelToken& cancel, int64_t deadline_ns, F&& run) {
    const auto query = Add(mark, cancel, deadline_ns);
    std::forward<F>(run)();
    return Remove(query);
  }

 private:
  struct Query {
    std::string mark;
    CancelToken cancel;
    int64_t deadline_ns;
    End end = End::kByItself;
    int64_t next_kill_ns = 0;
  };
  struct State {
    std::list<Query> queries;
    bool stopping = false;
  };
  using Place = std::list<Query>::iterator;

  Place Add(const std::string& mark, const CancelToken& cancel, int64_t deadline_ns);
  End Remove(Place query);
  void Run();
  void Look(State& state);
  void Kill(const std::string& mark);

  std::unique_ptr<EngineConnection> killer_;
  Guarded<State> state_;
  std::condition_variable changed_;
  std::jthread thread_;
};

}  // namespace skep
