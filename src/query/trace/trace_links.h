// SPDX-License-Identifier: Apache-2.0
// Trace links, both ways: spans of other traces that a trace's spans link to, and spans of other
// traces that link to it, which are looked for in the hours around. Thread-safe, as the Reader is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "query/reader.h"
#include "query/time_range.h"

namespace skep {

struct TraceLink {
  bool incoming = false;  // the other one links to this trace
  SpanId span_id;         // of this trace; empty where a link names none
  TraceId other_trace_id;
  SpanId other_span_id;
  // Of the other span, where it is stored.
  bool found = false;
  std::string service;
  std::string name;
  int64_t time_ns = 0;
};

// Links of its spans: span, other trace, other span, as text of the ids.
Statement PlanLinksOf(std::string_view project, const TraceId& trace);
// Links to it: trace and span that link, this trace's span as text.
Statement PlanLinksTo(std::string_view project, const TraceId& trace, const TimeRange& range);

// At most a hundred of each. `range` is the trace's own.
Result<std::vector<TraceLink>> ReadTraceLinks(Reader& reader, std::string_view project,
                                              const TraceId& trace, const TimeRange& range,
                                              const CancelToken& cancel);

}  // namespace skep
