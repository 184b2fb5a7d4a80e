// SPDX-License-Identifier: Apache-2.0
// The statements behind one trace. Pure: tests/golden/query pins their text.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "model/statement.h"
#include "query/event_row.h"
#include "query/time_range.h"

namespace skep {

// Every record of the traces (EventRow) but metrics, by time. Without a range the index on trace
// ids finds them; with one the statement is cheaper still.
Statement PlanTrace(std::string_view project, std::span<const TraceId> traces,
                    const std::optional<TimeRange>& range, RowDetail detail, size_t rows_max);
// How many there are: column 0.
Statement PlanTraceCount(std::string_view project, std::span<const TraceId> traces,
                         const std::optional<TimeRange>& range);

}  // namespace skep
