// SPDX-License-Identifier: Apache-2.0
// Events as they are: the rows that a query's time range and filters match. What a query with
// nothing to calculate shows, and the rows behind a point of a chart. Thread-safe over one Reader.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "query/event_row.h"
#include "query/explore/run_query.h"

namespace skep {

struct EventsQuestion {
  // Its times, filters and calculated fields count; freshness, deadline and memory too.
  QueryRequest request;
  // A field: rows with the greatest number there come first. Empty: newest first.
  std::string order;
  uint32_t limit = 100;
};

// Errors are those of RunQuery.
Result<std::vector<EventRow>> ListEvents(Reader& reader, const EventsQuestion& question,
                                         const FieldTypes& types, const CancelToken& cancel);

}  // namespace skep
