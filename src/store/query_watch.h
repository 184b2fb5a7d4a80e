// SPDX-License-Identifier: Apache-2.0
// QueryWatch: a thread that ends queries whose client has gone away or whose time is up, and looks
// how far others are. The engine takes no word while a query runs on its connection; so each query
// bears a mark, with which its `log_comment` begins, and is killed by it, and looked at for its
// progress, from another connection. Thread-safe.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "base/cancel.h"
#include "base/guarded.h"
#include "base/result.h"
#include "model/statement.h"
#include "store/bound_values.h"
#include "store/store.h"

namespace skep {

class QueryWatch {
 public:
  // Asks the engine of its queries, on a connection that does nothing else; not for long, since
  // queries cannot end meanwhile.
  using Ask = std::function<Result<EngineAnswer>(std::string_view sql, const BoundValues& values,
                                                 std::string_view format)>;
  explicit QueryWatch(Ask ask);
  ~QueryWatch();

  enum class End { kByItself, kCancelled, kDeadline };

  // Watches while `run` runs; says whether it was ended. A mark ends with `;`, so that none begins
  // with another. `progress` may be null.
  template <typename F>
  End Watch(const std::string& mark, const CancelToken& cancel, int64_t deadline_ns,
            const std::shared_ptr<QueryProgress>& progress, F&& run) {
    const auto query = Add(Query{mark, cancel, deadline_ns, progress});
    std::forward<F>(run)();
    return Remove(query);
  }

 private:
  struct Query {
    std::string mark;
    CancelToken cancel;
    int64_t deadline_ns;
    std::shared_ptr<QueryProgress> progress;  // shared with who watches
    int64_t begin_ns = 0;
    End end = End::kByItself;
    int64_t next_kill_ns = 0;
  };
  struct State {
    std::list<Query> queries;
    int64_t next_progress_ns = 0;
    bool stopping = false;
  };
  using Place = std::list<Query>::iterator;

  Place Add(Query query);
  End Remove(Place query);
  void Run();
  void Look(State& state);
  void LookAtProgress(State& state, int64_t now_ns);
  void Kill(const std::string& mark);

  const Ask ask_;
  Guarded<State> state_;
  std::condition_variable changed_;
  std::jthread thread_;
};

}  // namespace skep
