// SPDX-License-Identifier: Apache-2.0
// RequestMatcher: finds which X-Ray segment and which OTLP server span are one request, where no id
// says so. A pair must agree on method, path, status and, where both say it, URL host, client, host
// and process; how likely its gaps at both ends are is learned per pair of services, and weighed
// against mere coincidence at the rate of requests at hand. All that could be confused is assigned
// together, and a pair is taken only if every assignment without it is far less likely. Wrong is
// worse than none. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "join/gap_model.h"
#include "join/request_pool.h"

namespace skep::join {

struct RequestMatch {
  Request* segment = nullptr;
  Request* span = nullptr;
  int64_t start_gap_ns = 0;  // from the span's start to the segment's
  int64_t end_gap_ns = 0;    // from the segment's end to the span's
  int64_t next_gap_ns = 0;   // gaps of the nearest other candidate, added; 0: there was none
};

class RequestMatcher {
 public:
  // Judges these segments among all that the pool holds. What it finds it learns from; the caller
  // settles both sides.
  std::vector<RequestMatch> Match(const RequestPool& pool, const std::vector<Request*>& due);

 private:
  struct Model {
    GapModel start;
    GapModel end;
  };
  struct Edge {
    size_t segment = 0;
    size_t span = 0;
    double cost = 0;
    int64_t start_gap_ns = 0;
    int64_t end_gap_ns = 0;
    const Model* model = nullptr;
  };
  struct Pair {
    uint64_t services;
    int64_t start_gap_ns;
    int64_t end_gap_ns;
  };
  // Which share of segments and of spans has no other side: it was not sampled, or got lost.
  struct Shares {
    double segments;
    double spans;
  };
  struct Component;
  struct Pass;

  Model& ModelFor(const Request& segment, const Request& span);
  // All of `due` are of this bucket.
  void MatchBucket(const RequestPool& pool, const std::vector<Request*>& due,
                   std::vector<RequestMatch>* found);
  struct Outcome {
    std::vector<RequestMatch> matches;
    // Those that very likely have their other side here, though perhaps not which.
    std::unordered_set<Request*> paired;
    std::vector<Pair> pairs;  // the whole assignment
  };
  Outcome RunPass(const RequestPool& pool, const std::vector<Request*>& due, Pass* pass);
  // What the assignment says of services that are hardly known yet.
  bool Suppose(const Outcome& outcome, Pass* pass);
  // Nothing if chance is likelier.
  std::optional<Edge> EdgeOf(const Request& segment, const Request& span, Pass* pass);
  // All that hangs together with `seed`.
  Component Gather(Request* seed, Pass* pass);
  void AddEdges(size_t segment, Pass* pass, Component* component);
  void AddRivals(const Request& span, Pass* pass, Component* component);
  void Solve(const RequestPool& pool, const Component& component, const Pass& pass,
             Outcome* outcome);
  double MarginNeeded(const RequestPool& pool, const Request& segment, const Request& span,
                      const Pass& pass);

  std::unordered_map<uint64_t, Model> models_;  // by the numbers of both services
};

// Whether everything that both say is the same.
bool CouldBeOne(const RequestCandidate& segment, const RequestCandidate& span);
// Whether two records do not disagree: one of them may say nothing, which is zero or empty.
template <typename T>
bool AgreeOrUnsaid(const T& a, const T& b) {
  return a == T() || b == T() || a == b;
}
// HOST:PORT of two URLs, where one may lack the port.
bool SameAuthority(std::string_view a, std::string_view b);

}  // namespace skep::join
