// SPDX-License-Identifier: Apache-2.0
// Log lines of every door, newest first, each with the trace that it belongs to, by its own id or
// by a join; and the lines around a trace, which could not be told to belong to it. Thread-safe, as
// the Reader is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "query/reader.h"
#include "query/time_range.h"
#include "query/trace.h"

namespace skep {

struct LogLine {
  EventRow row;
  TraceId trace_id;  // empty: of no trace
  JoinHow how = JoinHow::kSameId;
};

// Where a page of lines ended.
struct LineCursor {
  int64_t time_ns = 0;
  uint64_t event_id = 0;
};

struct LinesQuestion {
  std::string project = "default";
  TimeRange range;
  std::string text;  // part of the line, in any case
  Severity severity_min = 0;
  std::string source;  // service or log group
  std::optional<TraceId> trace_id;
  size_t limit = 100;
  std::optional<LineCursor> before;
};

struct LinePage {
  std::vector<LogLine> lines;
  std::optional<LineCursor> next;  // absent on the last page
};

// The reader must have been refreshed.
Result<LinePage> ListLines(Reader& reader, const LinesQuestion& question,
                           const CancelToken& cancel);

// Lines without a trace that were written while `trace` ran, by the services and log groups that
// take part in it.
Result<std::vector<LogLine>> LinesAround(Reader& reader, const std::string& project,
                                         const Trace& trace, const CancelToken& cancel);

}  // namespace skep
