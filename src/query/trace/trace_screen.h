// SPDX-License-Identifier: Apache-2.0
// ReadTraceScreen: a trace for the page, of whatever length: one of everyday's length whole, a long
// one from the cache as long as the store has no further record of it. Thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "query/trace/trace_cache.h"
#include "query/trace_reader.h"

namespace skep {

// Either whole, with all attributes, or long.
struct TraceScreen {
  struct Whole {
    Trace trace;
    std::vector<ClockSkew> skews;
    TraceAnalysis analysis;  // its rows are those of the trace, in the same order
  };
  std::optional<Whole> whole;
  std::shared_ptr<const LongTrace> long_trace;  // shared: with the cache
};

// `corrected`: each clock is moved by what MeasureSkew found. The reader must have been refreshed.
Result<TraceScreen> ReadTraceScreen(Reader& reader, TraceCache& cache,
                                    const TraceQuestion& question, bool corrected,
                                    const CancelToken& cancel);

// A long trace as a page of it asks for it: that version, or where it is gone the present one.
// kFailedPrecondition if the trace is not long.
Result<std::shared_ptr<const LongTrace>> ReadLongTrace(Reader& reader, TraceCache& cache,
                                                       const TraceQuestion& question,
                                                       bool corrected, uint64_t version,
                                                       const CancelToken& cancel);

}  // namespace skep
