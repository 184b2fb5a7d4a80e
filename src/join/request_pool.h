// SPDX-License-Identifier: Apache-2.0
// RequestPool: the requests of a project's last minutes, as OTLP and X-Ray saw them, found by what
// the matchers ask for: same method and path, near a time, in flight at a time. Knows each once,
// however often it is sent. One thread; pointers stay good until Forget.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "join/candidate.h"

namespace skep::join {

struct RequestBucket;

struct Request {
  RequestCandidate facts;
  RequestBucket* bucket = nullptr;
  uint32_t service = 0;   // number of facts.service
  bool settled = false;   // joined, or known to need no join
  bool given_up = false;  // of a segment: its other side did not come
  bool paired = false;    // very likely has its other side here, though perhaps not known which
  bool inner = false;     // of a span: lies within another one of its trace, the same request
  int64_t look_ns = 0;    // of a segment: not judged again before this
};

// Those with one method and path.
struct RequestBucket {
  std::multimap<int64_t, Request*> spans;           // OTLP, by start
  std::multimap<int64_t, Request*> segments;        // X-Ray, by start
  std::unordered_map<uint64_t, int64_t> processes;  // of the spans: when one came last
};

// Those just before and from a place on, as many on either side as there are, up to `each_side`.
struct Neighbours {
  std::multimap<int64_t, Request*>::const_iterator first;
  std::multimap<int64_t, Request*>::const_iterator last;  // behind them
  int count;
};
Neighbours NeighboursOf(const std::multimap<int64_t, Request*>& requests,
                        std::multimap<int64_t, Request*>::const_iterator at, int each_side);

class RequestPool {
 public:
  // False if it is known already.
  bool Add(RequestCandidate candidate);
  // Returns when the last one came that there was no room for; 0: none.
  int64_t Forget(int64_t received_before_ns, size_t requests_max);

  const RequestBucket* Find(const std::string& method, const std::string& path) const;
  // Segments that wait for their span, oldest first.
  const std::deque<Request*>& open_segments() const { return open_segments_; }
  void DropSettled();
  // The first server span of a trace, if it is known.
  const Request* SpanOf(const TraceId& trace) const;

  // Calls f(request) for all spans that were running at `time_ns`, give or take `slack_ns`.
  void ForEachInFlight(int64_t time_ns, int64_t slack_ns,
                       const std::function<void(const Request&)>& f) const;
  int64_t longest_ns() const { return longest_ns_; }
  // OTLP processes with requests here.
  const std::unordered_map<uint64_t, int64_t>& processes() const { return processes_; }
  size_t size() const { return requests_.size(); }

 private:
  struct Trace {
    std::vector<Request*> spans;
    std::vector<Request*> segments;
  };
  void Nest(Request* request, Trace* trace);
  void Remove(Request* request);
  uint32_t NumberOf(const std::string& service);

  std::deque<std::unique_ptr<Request>> requests_;  // as they came
  std::unordered_map<std::string, std::unique_ptr<RequestBucket>> buckets_;
  std::unordered_map<TraceId, Trace, IdHash> traces_;
  std::multimap<int64_t, Request*> by_start_;  // all of both sides
  std::deque<Request*> open_segments_;
  std::unordered_map<uint64_t, int64_t> processes_;
  std::unordered_map<std::string, uint32_t> services_;
  uint32_t last_service_ = 0;
  int64_t longest_ns_ = 0;
};

}  // namespace skep::join
