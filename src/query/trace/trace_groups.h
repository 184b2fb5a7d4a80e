// SPDX-License-Identifier: Apache-2.0
// Trace groups: the traces of requests that meet a filter, path by path, beside those that meet
// another; and which of a request's like are worth comparing it with. Thread-safe, as the Reader
// is.
#pragma once

#include <optional>
#include <vector>

#include "query/reader.h"
#include "query/requests.h"
#include "query/trace/path_diff.h"

namespace skep {

// Spans of these traces: trace, span, parent, service, name, length, failed, door.
Statement PlanGroupSpans(std::string_view project, std::span<const TraceId> traces,
                         const TimeRange& range);

struct TraceGroup {
  uint64_t traces = 0;
  bool more = false;  // there were more than asked for; these are the newest
};

// Adds the newest `question.limit` requests that meet the filter to a side of the diff.
Result<TraceGroup> AddGroup(Reader& reader, const RequestsQuestion& question, size_t side,
                            PathDiff* diff, const CancelToken& cancel, size_t* error_position);

// Requests of the same service and route before this one.
struct LikeRequests {
  std::optional<RequestSummary> previous;
  std::optional<RequestSummary> median;  // by length
  uint64_t of = 0;
};
Result<LikeRequests> FindLike(Reader& reader, const std::string& project,
                              const RequestSummary& request, const CancelToken& cancel);

}  // namespace skep
