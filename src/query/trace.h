// SPDX-License-Identifier: Apache-2.0
// Trace: one request as the page draws it: every record of its trace and of what was joined to it,
// as rows in the order of a tree, on one time axis. Plain structs; values. trace_reader.h fetches
// the records, trace_assembly.h makes this of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "query/event_row.h"
#include "query/join_record.h"
#include "query/request_summary.h"

namespace skep {

// kMissing: a span that others name as their parent and that never came.
enum class TraceRowKind : uint8_t { kSpan, kLog, kError, kEvent, kMissing };

struct SpanLink {
  TraceId trace_id;
  SpanId span_id;
};

struct TraceRow {
  TraceRowKind kind = TraceRowKind::kSpan;
  EventRow event;
  std::optional<Door> also_door;  // the same line came through it too
  std::string id;                 // unique in the trace
  std::string parent;             // id of the row it hangs under; empty at the top
  size_t depth = 0;
  JoinHow how = JoinHow::kSameId;
  bool error = false;
  std::vector<SpanLink> links;
};

// How some of the records came to be here.
struct TraceJoin {
  Door door = Door::kOtlp;
  std::string what;  // `2 segments, 5 lines`
  JoinHow how = JoinHow::kSameId;
  std::string why;   // the evidence in a sentence
  TraceId trace_id;  // of their own; empty where they have none
  std::vector<std::string> rows;
};

struct Trace {
  TraceId trace_id;
  std::vector<TraceId> other_trace_ids;
  int64_t start_ns = 0;
  int64_t end_ns = 0;
  RequestSummary request;
  std::vector<TraceRow> rows;  // depth first
  std::vector<TraceJoin> joins;
  std::vector<std::string> log_groups;  // of CloudWatch's lines, also of those shown by a twin
  uint64_t records = 0;                 // that its trace ids have in the store
  bool lean = false;                    // too long to be read whole: rows are kLean
};

}  // namespace skep
