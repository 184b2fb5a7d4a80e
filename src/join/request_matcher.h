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
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
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
  // A segment waited in vain: where that is common, coincidence is likelier.
  void LeaveAlone();

 private:
  struct Model {
    GapModel start;
    GapModel end;
  };
  struct Edge {
    size_t segment;
    size_t span;
    double cost;
    int64_t start_gap_ns;
    int64_t end_gap_ns;
    Model* model;
  };
  struct Component;

  Model& ModelFor(const RequestCandidate& segment, const RequestCandidate& span);
  // How likely it is, as a logarithm, that both sides of a pair are alone and met by chance: what a
  // pair is weighed against.
  double ChanceOf(const Request& segment, double span_alone) const;
  // Without its indexes; nothing if chance is likelier.
  std::optional<Edge> EdgeOf(const Request& segment, const Request& span, double chance);
  // All that hangs together with `seed`.
  Component Gather(Request* seed, double span_alone);
  void AddEdges(size_t segment, double span_alone, Component* component);
  void AddRivals(const Request& span, double span_alone, Component* component);
  void Solve(const Component& component, std::vector<RequestMatch>* matches);

  std::map<std::pair<std::string, std::string>, Model> models_;
  double segment_alone_share_ = 0.02;
};

// Whether everything that both say is the same.
bool CouldBeOne(const RequestCandidate& segment, const RequestCandidate& span);
// HOST:PORT of two URLs, where one may lack the port.
bool SameAuthority(std::string_view a, std::string_view b);

}  // namespace skep::join
