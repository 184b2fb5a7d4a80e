// SPDX-License-Identifier: Apache-2.0
// QueryRuns: queries that run in the background, each known by an id: start, look how far it is,
// cancel, fetch the answer. Bounded: so many run at once, so many wait, so many answers are kept
// (the oldest finished one goes first). Owns its threads. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/cancel.h"
#include "base/result.h"
#include "query/explore/run_query.h"

namespace skep {

enum class RunState : uint8_t { kWaiting, kRunning, kDone, kFailed };

struct RunStatus {
  std::string id;
  RunState state = RunState::kWaiting;
  uint64_t rows_read = 0;
  uint64_t rows_total = 0;  // as the engine estimates it; 0: not known yet
  int64_t started_ns = 0;   // wall clock
  int64_t elapsed_ms = 0;
  std::shared_ptr<const QueryRequest> request;  // shared with the run
  std::shared_ptr<const QueryResult> result;    // of kDone; shared, since answers can be large
  std::optional<Error> error;                   // of kFailed; kCancelled when it was cancelled
};

class QueryRuns {
 public:
  struct Options {
    size_t running_max = 2;
    size_t waiting_max = 32;
    size_t kept_max = 256;  // with their answers
    uint64_t kept_bytes_max = 256ull << 20;
  };

  // Both must outlive it.
  QueryRuns(Reader* reader, const FieldTypes* types, Options options);
  QueryRuns(Reader* reader, const FieldTypes* types) : QueryRuns(reader, types, Options()) {}
  ~QueryRuns();  // cancels what runs

  // The id. kResourceExhausted when too many wait; kInvalidArgument for what CheckQuery refuses.
  Result<std::string> Start(QueryRequest request);
  // Waits up to `wait_ms` for it to be done. kNotFound: never was, or was dropped.
  Result<RunStatus> Look(const std::string& id, int64_t wait_ms = 0);
  // kNotFound. A run that is done stays as it is.
  Status Cancel(const std::string& id);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace skep
