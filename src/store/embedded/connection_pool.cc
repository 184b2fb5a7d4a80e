// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/connection_pool.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/clock.h"

namespace skep {
namespace {

constexpr int64_t kLookEveryNs = 20 * kNsPerMs;  // whether the client has gone away

}  // namespace

ConnectionPool::ConnectionPool(std::vector<PooledConnection> connections)
    : free_(std::in_place, std::move(connections)) {}

Result<ConnectionPool::Lease> ConnectionPool::Take(int64_t deadline_ns, const CancelToken& cancel) {
  return free_.WithLock([&](auto& free, auto& lock) -> Result<Lease> {
    for (;;) {
      if (cancel.cancelled()) return Error(Code::kCancelled, "the query was cancelled");
      if (!free.empty()) {
        Lease lease(this, std::move(free.back()));
        free.pop_back();
        return lease;
      }
      const int64_t left_ns = deadline_ns - MonotonicNs();
      if (left_ns <= 0)
        return Error(Code::kDeadlineExceeded, "too many queries run already: this one got no turn");
      changed_.wait_for(lock, std::chrono::nanoseconds(std::min(left_ns, kLookEveryNs)));
    }
  });
}

void ConnectionPool::GiveBack(PooledConnection connection) {
  free_.With([&](auto& free) { free.push_back(std::move(connection)); });
  changed_.notify_one();
}

}  // namespace skep
