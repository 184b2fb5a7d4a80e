// SPDX-License-Identifier: Apache-2.0
// ConnectionPool: the connections that queries share, each lent to one query at a time. Who finds
// none free waits, so the number of connections bounds what queries take together. Thread-safe.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/guarded.h"
#include "store/embedded/connection.h"

namespace skep {

// A connection and the mark of its queries.
struct PooledConnection {
  std::unique_ptr<EngineConnection> connection;
  std::string mark;
};

class ConnectionPool {
 public:
  explicit ConnectionPool(std::vector<PooledConnection> connections);

  class Lease {
   public:
    Lease(ConnectionPool* pool, PooledConnection lent) : pool_(pool), lent_(std::move(lent)) {}
    ~Lease() {
      if (lent_.connection != nullptr) pool_->GiveBack(std::move(lent_));
    }
    Lease(Lease&&) = default;
    Lease& operator=(Lease&&) = delete;
    EngineConnection& operator*() const { return *lent_.connection; }
    EngineConnection* operator->() const { return lent_.connection.get(); }
    const std::string& mark() const { return lent_.mark; }

   private:
    ConnectionPool* pool_;
    PooledConnection lent_;
  };

  // kCancelled; kDeadlineExceeded when all were busy for so long.
  Result<Lease> Take(int64_t deadline_ns, const CancelToken& cancel);

 private:
  void GiveBack(PooledConnection connection);

  Guarded<std::vector<PooledConnection>> free_;
  std::condition_variable changed_;
};

}  // namespace skep
