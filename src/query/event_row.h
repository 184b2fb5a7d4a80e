// SPDX-License-Identifier: Apache-2.0
// EventRow: one row of `events` as the questions of the page need it. Its columns are listed in one
// place, here: a statement selects them by AppendEventColumns and ReadEventRows takes them apart
// again. Values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/record.h"
#include "model/result_table.h"
#include "query/sql_writer.h"

namespace skep {

struct EventRow {
  int64_t time_ns = 0;
  uint64_t duration_ns = 0;
  Signal signal = Signal::kEvent;
  Door door = Door::kOtlp;
  SpanKind kind = SpanKind::kNone;
  SpanStatus status = SpanStatus::kUnset;
  Severity severity = 0;
  std::string dataset;
  std::string name;
  TraceId trace_id;
  SpanId span_id;
  SpanId parent_id;
  uint64_t item = 0;
  uint64_t event_id = 0;
  int64_t ingest_ns = 0;
  std::string body;
  std::string raw;
  std::string attributes;  // JSON text of an object

  bool IsSpan() const { return signal == Signal::kSpan || signal == Signal::kOpenSpan; }
  int64_t end_ns() const { return time_ns + static_cast<int64_t>(duration_ns); }
};

// kFixed: nothing that is long. kBrief: the first letters of the body besides. kLean: and the
// attributes that say where a record belongs, all of them where it may name the request, joins or
// links. kEntry: all attributes. kWhole: all there is.
enum class RowDetail { kFixed, kBrief, kLean, kEntry, kWhole };

// How much of a body kBrief and kEntry give, in characters.
inline constexpr size_t kBriefBodyLength = 300;

// How many columns that are.
inline constexpr size_t kEventColumns = 18;
void AppendEventColumns(RowDetail detail, SqlWriter* sql);
// Of a statement whose columns are those above; further ones are the caller's. A span that came
// again is a span, of which whoever reads all versions takes one; its events and links stay
// `repeat`.
std::vector<EventRow> ReadEventRows(const ResultTable& table);

}  // namespace skep
