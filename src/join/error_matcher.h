// SPDX-License-Identifier: Apache-2.0
// ErrorMatcher: finds the request of an error occurrence that carries no id: same method and path,
// same host, client and process where both say it, the same exception where both have one, and sent
// while the request ran or just after. Of several such requests the nearest is taken only if it is
// far likelier than the next, by the delays usual here, and if no other request is left without
// while it gets two; or, where no request ever got two, if it is the only one left without. One
// thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_map>
#include <vector>

#include "join/candidate.h"
#include "join/gap_model.h"
#include "join/request_pool.h"

namespace skep::join {

struct ErrorMatch {
  const Request* request = nullptr;
  int64_t delay_ns = 0;  // of the occurrence's arrival after the exception, or the request's end
  bool same_exception = false;
  bool only_one = false;  // no other request fits
};

class ErrorMatcher {
 public:
  // Judges each of `errors` among the requests of the pool; same order. `joined` is told of what is
  // taken.
  std::vector<ErrorMatch> Match(const RequestPool& pool,
                                const std::vector<const ErrorCandidate*>& errors);
  void Forget(int64_t received_before_ns);

 private:
  struct Candidate {
    const Request* request;
    int64_t delay_ns;
    double cost;
    bool same_exception;
  };
  std::vector<Candidate> CandidatesOf(const RequestPool& pool, const ErrorCandidate& error) const;
  bool IsTheLastOne(const std::vector<Candidate>& candidates) const;
  void Take(const ErrorMatch& match, const ErrorCandidate& error);

  GapModel delay_;
  // Occurrences that a request has got, by its span; and when.
  struct Got {
    uint64_t event_id;
    int64_t receive_ns;
  };
  std::unordered_map<SpanId, std::vector<Got>, IdHash> got_;
  bool doubled_ = false;  // a request got two
};

}  // namespace skep::join
