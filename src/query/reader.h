// SPDX-License-Identifier: Apache-2.0
// Reader: the one read path. Has the sink commit what a question must see, then runs its statement.
// Every plan of this folder runs through it; nothing else reads the store. Thread-safe.
#pragma once

#include "base/cancel.h"
#include "base/result.h"
#include "ingest/sink.h"
#include "model/result_table.h"
#include "model/statement.h"
#include "store/store.h"

namespace skep {

// kFresh: everything acknowledged before the question. kRecent: what is visible already, at most
// about 1 s old.
enum class Freshness { kFresh, kRecent };

class Reader {
 public:
  // Both must outlive it.
  Reader(Store* store, Sink* sink) : store_(store), sink_(sink) {}

  // Before the first statement of a question; further ones of the same question need none.
  Status Refresh(Freshness freshness, int64_t deadline_ms);
  // Errors are those of Sink::Barrier and Store::Query.
  Result<ResultTable> Run(const Statement& statement, const QueryOptions& options = {},
                          const CancelToken& cancel = {});
  Result<StoreStats> Stats() { return store_->Stats(); }

 private:
  Store* store_;
  Sink* sink_;
};

}  // namespace skep
