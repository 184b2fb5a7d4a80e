// SPDX-License-Identifier: Apache-2.0
// ReadTrace: fetches one trace and everything that was joined to it, from whichever side it is
// asked: the id of a trace that joined another one gives that other one. Thread-safe, as the
// Reader is.
#pragma once

#include <string>

#include "query/reader.h"
#include "query/trace.h"

namespace skep {

struct TraceQuestion {
  std::string project = "default";
  TraceId trace_id;
  bool by_evidence = true;         // else what was joined by evidence stays out
  size_t rows_max = 5000;          // a trace of more records is read without most of its attributes
  size_t lean_rows_max = 500'000;  // of more not at all
};

// kNotFound; kResourceExhausted for what is too long. The reader must have been refreshed.
Result<Trace> ReadTrace(Reader& reader, const TraceQuestion& question, const CancelToken& cancel);

}  // namespace skep
