// SPDX-License-Identifier: Apache-2.0
// Reads the last minutes of candidates, and of joins already made, back from the store: after a
// restart, and when a project's second door speaks up for the first time. Called from the joiner's
// thread; blocks.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "join/candidate.h"
#include "query/reader.h"

namespace skep::join {

struct Reloaded {
  Candidates candidates;
  // Guests that have a host: a trace of X-Ray's, or a line's or occurrence's event id.
  std::vector<std::pair<TraceId, uint64_t>> joined;
};

// When each project's newest record came.
Result<std::vector<std::pair<std::string, int64_t>>> NewestByProject(Reader* reader);

// What came since `received_after_ns`; nothing for a project that spoke through one door only.
// kResourceExhausted where that is more than a joiner could hold.
Result<Reloaded> ReloadCandidates(Reader* reader, const std::string& project,
                                  int64_t received_after_ns);

}  // namespace skep::join
