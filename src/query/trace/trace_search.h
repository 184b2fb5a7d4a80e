// SPDX-License-Identifier: Apache-2.0
// FindInTrace: the next row of a long trace that matches, in the order in which rows are drawn, and
// where it then stands in sight; whatever hid it is opened. Names and services are looked at in the
// tree, attributes in the store. Thread-safe, as the Reader is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "query/reader.h"
#include "query/time_range.h"
#include "query/trace/trace_cache.h"

namespace skep {

struct TraceSearch {
  std::string text;             // rows with it, in any case; else
  bool errors = false;          // occurrences and failed rows; else
  std::optional<uint32_t> row;  // this one
  std::optional<uint32_t> after;
};

struct TraceHit {
  uint64_t count = 0;           // rows that match and are not left out
  std::optional<uint32_t> row;  // absent if none does
  uint64_t nth = 0;             // from 1
  uint64_t index = 0;           // among the rows in sight
};

// Span and event ids of records whose attributes or body have the text.
Statement PlanTraceMatches(std::string_view project, std::span<const TraceId> traces,
                           const TimeRange& range, std::string_view text);

Result<TraceHit> FindInTrace(Reader& reader, std::string_view project, const LongTrace& trace,
                             const TraceSearch& search, TraceLook* look, const CancelToken& cancel);

}  // namespace skep
