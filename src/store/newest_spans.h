// SPDX-License-Identifier: Apache-2.0
// NewestSpans: the spans, events and links that were stored last, for the sink to know them again
// after a start (ingest/recent_spans.h): at most so many, of the ten minutes before the newest
// record, begun in the day before it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/record.h"
#include "store/store.h"

namespace skep {

struct StoredSpan {
  Signal signal = Signal::kSpan;  // else an event or a link of the span
  std::string project;
  std::string dataset;
  TraceId trace_id;
  SpanId span_id;
  SpanKind kind = SpanKind::kNone;
  // Of events and links: where among those that came with the same copy of the span, and what.
  uint32_t place = 0;
  int64_t time_ns = 0;
  std::string name;
};

Statement NewestSpansStatement(size_t rows_max);
// Newest first.
Result<std::vector<StoredSpan>> NewestSpans(Store& store, size_t rows_max);

}  // namespace skep
