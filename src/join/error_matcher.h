// SPDX-License-Identifier: Apache-2.0
// ErrorMatcher: finds the request of an error occurrence that carries no id: same method and path,
// same host, client and process where both say it, the same exception where both have one, and sent
// while the request ran or just after. Decided as RequestMatcher does for segments: how likely an
// occurrence is one of a request is told by how late it came, learned per service, and weighed
// against the chance that the occurrence's request and the request's occurrence are both missing;
// all that could be confused is assigned together, and a pair is taken only if every assignment
// without it is far less likely. A request may have several occurrences. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
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

// An occurrence whose request is not known.
struct OpenError {
  const ErrorCandidate* error;
  bool due;  // what could compete is here; else it is a rival only
};

class ErrorMatcher {
 public:
  // Judges those of `errors`, which are all open ones, that are due; same order. What it finds is
  // taken and learned from.
  std::vector<ErrorMatch> Match(const RequestPool& pool, const std::vector<OpenError>& errors);
  // This one will not be asked about again: nothing fitted, or it could not be told which.
  void GiveUp(const ErrorCandidate& error);
  void Forget(int64_t received_before_ns);

 private:
  struct Edge {
    size_t error = 0;
    size_t place = 0;
    const Request* request = nullptr;
    double cost = 0;
    int64_t delay_ns = 0;
    bool same_exception = false;
    bool within = false;  // sent while the request ran, at no usual delay
  };
  // What a request has got.
  struct Got {
    size_t occurrences = 0;
    bool paired = false;  // very likely has one here, though perhaps not known which
    int64_t last_ns = 0;
  };
  // Of occurrences: how many were judged, and how many of them had no request here.
  struct Tally {
    double all = 0;
    double alone = 0;
  };
  struct Group;
  struct Pass;

  static uint64_t ModelKey(const Request& request, bool same_exception);
  const GapModel& ModelFor(const Edge& edge, const Pass& pass);
  // `longest_ns`: of any request.
  static std::vector<Edge> EdgesOf(const std::multimap<int64_t, Request*>& requests,
                                   int64_t longest_ns, const ErrorCandidate& error);
  void RunPass(const Group& group, double margin_max, Pass* pass);
  bool Suppose(Pass* pass);
  void MatchGroup(const RequestPool& pool, const std::vector<OpenError>& errors,
                  const std::vector<size_t>& members, std::vector<ErrorMatch>* matches);
  void Take(const Group& group, const Pass& pass, const std::vector<size_t>& members,
            std::vector<ErrorMatch>* matches);
  double MarginNeeded(const Edge& edge, size_t requests, const Pass& pass) const;
  double ErrorsAlone(const Group& group, const Pass* before) const;
  double RequestsAlone(const Group& group, const Pass* before) const;
  double AgainCost() const;
  void Count(const std::string& path, bool alone);

  std::unordered_map<uint64_t, GapModel> delays_;  // by service, and whether from an exception on
  std::unordered_map<SpanId, Got, IdHash> got_;
  std::unordered_map<uint64_t, int64_t> likely_alone_;  // open occurrences, by event id
  Tally tally_;
  std::unordered_map<std::string, Tally> tallies_;  // by method and path
  double joined_ = 0;
  double again_ = 0;  // to a request that had one already
};

}  // namespace skep::join
