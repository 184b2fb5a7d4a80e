// SPDX-License-Identifier: Apache-2.0
// ServerCore: what all connections of a server share: its options, the workers, the memory budget
// and the count of open connections. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>

#include "net/memory_budget.h"
#include "net/server.h"
#include "net/worker_lane.h"

namespace skep::net {

class ServerCore {
 public:
  explicit ServerCore(const ServerOptions& server_options)
      : options(server_options),
        budget(std::make_shared<MemoryBudget>(server_options.queue_bytes_max)),
        ingest_lane(options.ingest_workers, options.queue_requests_max,
                    options.queue_bytes_max / 2),
        query_lane(options.query_workers, options.queue_requests_max, options.queue_bytes_max / 2) {
  }

  WorkerLane& lane(Lane lane) { return lane == Lane::kIngest ? ingest_lane : query_lane; }

  // False when there are too many.
  bool TryAddConnection() {
    std::lock_guard lock(mutex_);
    if (connections_ >= options.connections_max) return false;
    ++connections_;
    return true;
  }

  void RemoveConnection() {
    {
      std::lock_guard lock(mutex_);
      --connections_;
    }
    changed_.notify_all();
  }

  // False when some are left after `grace`.
  bool WaitForNoConnections(std::chrono::milliseconds grace) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, grace, [&] { return connections_ == 0; });
  }

  const ServerOptions options;
  const std::shared_ptr<MemoryBudget> budget;  // shared: with charges, which may outlive the server
  WorkerLane ingest_lane;
  WorkerLane query_lane;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  size_t connections_ = 0;
};

}  // namespace skep::net
