// SPDX-License-Identifier: Apache-2.0
// ReadMatchingRows: the events themselves that a query's time and filters match: the newest, or
// those with the greatest number in a field. What a query is without calculations, and the way from
// a chart to a trace.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/result.h"
#include "query/event_row.h"
#include "query/explore/field_sql.h"
#include "query/explore/run_query.h"
#include "query/reader.h"

namespace skep {

struct MatchingRowsQuestion {
  QueryRequest query;                // its time, filters, project and dataset count
  std::string order;                 // a field, greatest first; empty: newest first
  std::vector<std::string> columns;  // fields whose values are wanted besides
  size_t limit = 100;
};

struct MatchingRow {
  EventRow event;                                   // RowDetail::kEntry
  std::vector<std::optional<std::string>> columns;  // as text, in the question's order
};

Statement PlanMatchingRows(const MatchingRowsQuestion& question, const Fields& fields);

// Errors are those of RunQuery.
Result<std::vector<MatchingRow>> ReadMatchingRows(Reader& reader,
                                                  const MatchingRowsQuestion& question,
                                                  const FieldTypes& types,
                                                  const CancelToken& cancel);

}  // namespace skep
