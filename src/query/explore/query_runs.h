// SPDX-License-Identifier: Apache-2.0
// QueryRuns: queries that run in the background. Owns its threads. Thread-safe.
#pragma once

#include <cstdint>
#include <string>

#include "query/explore/background_runs.h"
#include "query/explore/run_query.h"

namespace skep {

using RunStatus = BackgroundRun<QueryRequest, QueryResult>;

class QueryRuns {
 public:
  using Options = BackgroundOptions;

  // Both must outlive it.
  QueryRuns(Reader* reader, const FieldTypes* types, Options options = {});

  // The id. kResourceExhausted when too many wait; kInvalidArgument for what CheckQuery refuses.
  Result<std::string> Start(QueryRequest request);
  // Waits up to `wait_ms` for it to be done. kNotFound: never was, or was dropped.
  Result<RunStatus> Look(const std::string& id, int64_t wait_ms = 0);
  // kNotFound. A run that is done stays as it is.
  Status Cancel(const std::string& id) { return runs_.Cancel(id); }

 private:
  const FieldTypes* const types_;
  BackgroundRuns<QueryRequest, QueryResult> runs_;
};

}  // namespace skep
