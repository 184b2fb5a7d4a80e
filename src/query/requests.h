// SPDX-License-Identifier: Apache-2.0
// Requests: the newest requests of a time range. A request is a trace, shown by its entry: the root
// span, else the first span that serves a call; a trace that was joined to another one is part of
// that request and no line of its own. Records of a trace that lie more than 10 s from its entry
// are not counted here; the trace itself shows them. Thread-safe, as the Reader is.
#pragma once

#include <optional>
#include <vector>

#include "query/reader.h"
#include "query/request_summary.h"
#include "query/requests_plan.h"

namespace skep {

struct RequestPage {
  std::vector<RequestSummary> requests;  // newest first
  std::optional<RequestCursor> next;     // absent on the last page
};

// The reader must have been refreshed. kInvalidArgument, with the place in the filter's text, for a
// filter that cannot be asked.
Result<RequestPage> ListRequests(Reader& reader, const RequestsQuestion& question,
                                 const CancelToken& cancel, size_t* error_position);

}  // namespace skep
