// SPDX-License-Identifier: Apache-2.0
// AssembleTrace: makes one tree of the records of a trace and of those joined to it. Whatever the
// records say (parents in a ring, the same span twice, parents that never came), each is shown
// once, and the same records always give the same rows. Pure.
#pragma once

#include <vector>

#include "query/trace.h"

namespace skep {

struct TraceMaterial {
  TraceId trace_id;               // the trace that the others joined
  std::vector<EventRow> rows;     // kWhole or kLean; join records among them are not shown
  std::vector<JoinRecord> joins;  // what brought in the rows that have not its trace id
  uint64_t records = 0;           // of all its trace ids
  bool lean = false;
};

Trace AssembleTrace(TraceMaterial material);

}  // namespace skep
