// SPDX-License-Identifier: Apache-2.0
// The statements behind log lines. The first finds how far a page reaches and reads little; the
// second fetches it. Pure: tests/golden/query pins their text.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "model/statement.h"
#include "query/log_lines.h"

namespace skep {

// Which lines belong to a trace.
struct TraceMembers {
  std::vector<TraceId> traces;
  std::vector<uint64_t> event_ids;
};

// The time of the last line of the page: column 0, and how many lines it has: column 1. `members`:
// of question.trace_id, else null.
Statement PlanLinesFloor(const LinesQuestion& question, const TraceMembers* members, size_t rows);
// The lines from there on (EventRow, kWhole).
Statement PlanLines(const LinesQuestion& question, const TraceMembers* members, int64_t floor_ns,
                    size_t rows);
// Lines of no trace (EventRow, kWhole), oldest first. `sources` may be empty: any.
Statement PlanLinesAround(std::string_view project, const TimeRange& range,
                          const std::vector<std::string>& sources, size_t rows);
// Joins that brought these lines and occurrences into traces (EventRow, kEntry).
Statement PlanJoinsOfEvents(std::string_view project, const TimeRange& range,
                            std::span<const uint64_t> event_ids);

}  // namespace skep
