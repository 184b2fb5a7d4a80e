// SPDX-License-Identifier: Apache-2.0
// WorkerLane: the threads that expand bodies and run handlers, behind a queue bounded in requests
// and bytes. A full queue says no at once, and the connection answers for it. Thread-safe.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "net/memory_budget.h"
#include "net/router.h"
#include "wire/compress.h"

namespace skep::net {

struct Job {
  Request request;
  Compression compression = Compression::kNone;
  const Route* route = nullptr;
  Responder responder;
  std::shared_ptr<Charge> charge;  // shared: with the responder, which gives it back
};

class WorkerLane {
 public:
  WorkerLane(int workers, size_t requests_max, size_t bytes_max);
  ~WorkerLane();

  // False, and `job` untouched, when the queue is full or stopped.
  bool TryPush(Job&& job);
  // Drops what is queued, waits for the handlers that run. Safe to call twice.
  void Stop();

 private:
  std::optional<Job> Pop();
  void Work();

  const size_t requests_max_;
  const size_t bytes_max_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Job> jobs_;
  size_t bytes_ = 0;
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace skep::net
