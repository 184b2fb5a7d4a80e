// SPDX-License-Identifier: Apache-2.0
// Trace details: rows of a kept trace as the page draws them, and, for the few that somebody looks
// at, read again whole: all attributes, the vendor's document, links. Thread-safe, as the Reader
// is.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "query/reader.h"
#include "query/time_range.h"
#include "query/trace/trace_cache.h"

namespace skep {

// Without attributes.
TraceRow RowOf(const TraceTree& tree, uint32_t at);

Statement PlanTraceRows(std::string_view project, std::span<const TraceId> traces,
                        std::span<const SpanId> spans, std::span<const uint64_t> events,
                        const TimeRange& range);

// In the order asked for; a row that is gone from the store comes without attributes.
Result<std::vector<TraceRow>> ReadTraceRows(Reader& reader, std::string_view project,
                                            const LongTrace& trace,
                                            const std::vector<uint32_t>& rows,
                                            const CancelToken& cancel);

}  // namespace skep
