// SPDX-License-Identifier: Apache-2.0
// JoinsOfEvents: which traces some lines or occurrences were joined to. Thread-safe, as the Reader
// is.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "query/join_record.h"
#include "query/reader.h"
#include "query/time_range.h"

namespace skep {

using EventJoinMap = std::unordered_map<uint64_t, JoinRecord>;

// `range`: of the records' own times. A join stands at the start of the request that it is with.
Result<EventJoinMap> JoinsOfEvents(Reader& reader, const std::string& project,
                                   const TimeRange& range, const std::vector<uint64_t>& event_ids,
                                   const CancelToken& cancel);

}  // namespace skep
