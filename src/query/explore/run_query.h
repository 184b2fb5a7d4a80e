// SPDX-License-Identifier: Apache-2.0
// RunQuery: a spec's whole way from question to answer, on the caller's thread: plan, statements,
// assembly. query_runs.h does it in the background. Thread-safe over one Reader.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/result.h"
#include "query/explore/field_sql.h"
#include "query/explore/query_result.h"
#include "query/explore/spec_error.h"
#include "query/reader.h"

namespace skep {

struct QueryRequest {
  QuerySpec spec;
  std::string project = "default";
  std::string dataset{kAllDatasets};
  int64_t now_ns = 0;  // what a range alone ends at
  // As in Honeycomb's `POST /1/query_results`.
  bool series = true;
  bool total = true;
  bool other = true;
  std::optional<uint32_t> limit;  // instead of the spec's

  Freshness freshness = Freshness::kFresh;
  int64_t deadline_ms = 60'000;
  uint64_t memory_bytes_max = 1024ull << 20;
};

// Checks what depends on more than the JSON: expressions, formulas, and where relational prefixes
// may stand. Empty: it can be run.
SpecErrors CheckQuery(const QueryRequest& request, const FieldTypes& types);

// kInvalidArgument with the first of CheckQuery's errors; kResourceExhausted when it is over its
// memory, with what to do about it; kDeadlineExceeded; kCancelled.
Result<QueryResult> RunQuery(Reader& reader, const QueryRequest& request, const FieldTypes& types,
                             const CancelToken& cancel,
                             const std::shared_ptr<QueryProgress>& progress = nullptr);

}  // namespace skep
