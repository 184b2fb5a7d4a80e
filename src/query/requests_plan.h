// SPDX-License-Identifier: Apache-2.0
// The statements behind the list of requests, in the order in which requests.cc asks them. The
// first ones find what is on the page and read as little as they can, newest first; the others
// fetch the traces that were found. Pure: tests/golden/query pins their text.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/result_table.h"
#include "model/statement.h"
#include "query/condition.h"
#include "query/event_row.h"
#include "query/request_summary.h"

namespace skep {

// Where a page of requests ended: the next one has what is before it, later ones first.
struct RequestCursor {
  int64_t time_ns = 0;
  TraceId trace_id;
};

struct RequestsQuestion {
  std::string project = "default";
  TimeRange range;
  Filter filter;
  size_t limit = 100;
  std::optional<RequestCursor> before;
  bool by_evidence = true;
};

// A condition: rows that may be entries in the range, without the traces that are part of another.
void AppendMayBeRequests(const RequestsQuestion& question, SqlWriter* sql);

// The time of the `rows`-th newest row that may be an entry, or of the oldest where there are
// fewer: column 0, and their number: column 1. Sorted by nothing but time, so that the engine reads
// in the table's order and stops early.
Result<Statement> PlanEntryFloor(const RequestsQuestion& question, size_t rows,
                                 size_t* error_position);

// A row that may be a trace's entry and meets the filter.
struct Candidate {
  int64_t time_ns = 0;
  TraceId trace_id;
  SpanId span_id;
  Door door = Door::kOtlp;
};
// kNewest: stop as soon as there are enough. kWhole: most of the window will be read anyway.
enum class ReadOrder { kNewest, kWhole };
// The newest `rows` of a part of the question's range, by time alone for the same reason: of those
// at the last one's time some may be left out.
Result<Statement> PlanCandidates(const RequestsQuestion& question, const TimeRange& window,
                                 ReadOrder order, size_t rows, size_t* error_position);
// Those at just this time, by trace id, later ones first.
Result<Statement> PlanCandidatesAt(const RequestsQuestion& question, const TimeRange& window,
                                   int64_t time_ns, size_t rows, size_t* error_position);
std::vector<Candidate> ReadCandidates(const ResultTable& table);

// Rows that may be entries of these traces, filter or not, and their join records. What tells one
// row from another and who is the entry, and nothing else: each row lies in a granule of its own.
Statement PlanEntries(std::string_view project, std::span<const TraceId> traces,
                      const std::vector<TimeRange>& times);
std::vector<EventRow> ReadEntries(const ResultTable& table);
// What these traces' rows at these times say of their requests. A time finds its granule, and few
// attributes are read, not all.
Statement PlanEntryWords(std::string_view project, std::span<const TraceId> traces,
                         std::span<const int64_t> times_ns);
// What the answer says of this entry, of which ReadEntries told who it is; no more than that if it
// is not among them.
RequestSummary ReadEntryWords(const ResultTable& table, const EventRow& entry);
// The join records of these traces (EventRow, kEntry).
Statement PlanJoins(std::string_view project, std::span<const TraceId> traces,
                    const std::vector<TimeRange>& times);

// What each door says in each of these traces, and how many join records lie there.
Statement PlanShares(std::string_view project, std::span<const TraceId> traces,
                     const std::vector<TimeRange>& times);
// Lines and occurrences by their event ids and times (EventRow).
Statement PlanEvents(std::string_view project, std::span<const uint64_t> event_ids,
                     std::span<const int64_t> times_ns, RowDetail detail);

}  // namespace skep
