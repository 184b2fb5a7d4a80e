// SPDX-License-Identifier: Apache-2.0
// Occurrences of an error item: one of them, whole, with its neighbours in time and the trace that
// it belongs to. Thread-safe, as the Reader is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "query/join_record.h"
#include "query/reader.h"
#include "query/time_range.h"

namespace skep {

struct OccurrenceQuestion {
  std::string project = "default";
  uint64_t item = 0;
  TimeRange range;                   // when the item occurred
  std::optional<uint64_t> event_id;  // absent: the newest
};

struct Occurrence {
  EventRow row;
  TraceId trace_id;  // empty: of no trace
  JoinHow how = JoinHow::kCarried;
  std::optional<uint64_t> newer;
  std::optional<uint64_t> older;
};

// (EventRow, kWhole).
Statement PlanOccurrence(const OccurrenceQuestion& question);
// Column 0: event id of the occurrence next to `from`.
Statement PlanNeighbour(const OccurrenceQuestion& question, const EventRow& from, bool newer);

// kNotFound.
Result<Occurrence> ReadOccurrence(Reader& reader, const OccurrenceQuestion& question,
                                  const CancelToken& cancel);

}  // namespace skep
