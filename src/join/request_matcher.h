// SPDX-License-Identifier: Apache-2.0
// RequestMatcher: finds which X-Ray segment and which OTLP server span are one request that both
// doors saw, where no id says so. A pair must agree on method, path, status and, where both say it,
// client, host and process, and lie within each other; it is taken only when each is the other's
// best match and the second best of either side is far less likely. Wrong is worse than none. Pure
// but for what it learns about usual offsets; one thread.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "join/candidate.h"
#include "join/offset_model.h"

namespace skep::join {

struct RequestMatch {
  size_t segment;  // index into the segments given
  size_t span;     // index into the spans given
  int64_t start_gap_ns;
  int64_t end_gap_ns;
  int64_t next_gap_ns;  // gaps of the next best candidate, added; 0: there was none
};

class RequestMatcher {
 public:
  // Both sides hold everything that was in flight around the segments to decide, so that a rival is
  // not overlooked.
  std::vector<RequestMatch> Match(const std::vector<const RequestCandidate*>& segments,
                                  const std::vector<const RequestCandidate*>& spans);

 private:
  OffsetModel& ModelFor(const RequestCandidate& segment, const RequestCandidate& span);

  std::map<std::pair<std::string, std::string>, OffsetModel> models_;
};

// Where both say it, they agree.
bool SameClientAndProcess(const RequestCandidate& a, const RequestCandidate& b);

}  // namespace skep::join
