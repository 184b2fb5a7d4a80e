// SPDX-License-Identifier: Apache-2.0
// Finds the request of an error occurrence that carries no id: same method and path, same client,
// host and process where both say it, the same exception where both have one, and sent while the
// request ran or just after. With several such requests the nearest wins only if it is far nearer
// than the next. Pure.
#pragma once

#include <vector>

#include "join/candidate.h"

namespace skep::join {

struct ErrorMatch {
  const RequestCandidate* request = nullptr;
  int64_t distance_ns = 0;  // between the occurrence's arrival and the request's exception or end
  bool same_exception = false;
};

// `requests` sorted by start.
ErrorMatch MatchError(const ErrorCandidate& error,
                      const std::vector<const RequestCandidate*>& requests);

}  // namespace skep::join
