// SPDX-License-Identifier: Apache-2.0
#include "join/request_pool.h"

#include <algorithm>
#include <utility>

namespace skep::join {
namespace {

constexpr size_t kServicesMax = 65'536;

std::string KeyOf(const std::string& method, const std::string& path) {
  return method + ' ' + path;
}

template <typename Map>
void EraseFrom(Map* map, int64_t start_ns, const Request* request) {
  auto [at, end] = map->equal_range(start_ns);
  for (; at != end; ++at) {
    if (at->second != request) continue;
    map->erase(at);
    return;
  }
}

bool Contains(const RequestCandidate& outer, const RequestCandidate& inner) {
  return outer.start_ns <= inner.start_ns && inner.end_ns <= outer.end_ns &&
         outer.process == inner.process;
}

}  // namespace

Neighbours NeighboursOf(const std::multimap<int64_t, Request*>& requests,
                        std::multimap<int64_t, Request*>::const_iterator at, int each_side) {
  Neighbours around{at, at, 0};
  for (int i = 0; i < each_side && around.first != requests.begin(); ++i, ++around.count)
    --around.first;
  for (int i = 0; i < each_side && around.last != requests.end(); ++i, ++around.count)
    ++around.last;
  return around;
}

bool RequestPool::Add(RequestCandidate candidate) {
  const bool segment = candidate.door == Door::kXRay;
  Trace& trace = traces_[candidate.trace_id];
  auto& side = segment ? trace.segments : trace.spans;
  for (const Request* known : side)
    if (known->facts.span_id == candidate.span_id) return false;

  auto& bucket = buckets_[KeyOf(candidate.method, candidate.path)];
  if (bucket == nullptr) bucket = std::make_unique<RequestBucket>();
  Request* request = requests_.emplace_back(std::make_unique<Request>()).get();
  request->facts = std::move(candidate);
  request->bucket = bucket.get();
  request->service = NumberOf(request->facts.service);
  const RequestCandidate& facts = request->facts;
  (segment ? bucket->segments : bucket->spans).emplace(facts.start_ns, request);
  by_start_.emplace(facts.start_ns, request);
  longest_ns_ = std::max(longest_ns_, facts.end_ns - facts.start_ns);
  if (segment) {
    open_segments_.push_back(request);
  } else {
    bucket->processes[facts.process] = facts.receive_ns;
    processes_[facts.process] = facts.receive_ns;
    Nest(request, &trace);
  }
  side.push_back(request);
  // The same id through both doors: one trace already.
  if (!trace.spans.empty() && !trace.segments.empty()) {
    for (Request* both : trace.spans) both->settled = true;
    for (Request* both : trace.segments) both->settled = true;
  }
  return true;
}

// Never the same again for another name.
uint32_t RequestPool::NumberOf(const std::string& service) {
  if (services_.size() > kServicesMax) services_.clear();
  const auto [at, added] = services_.try_emplace(service, last_service_ + 1);
  if (added) ++last_service_;
  return at->second;
}

// Two layers of one server (a gateway interface and a framework) may each make a server span.
void RequestPool::Nest(Request* request, Trace* trace) {
  for (Request* other : trace->spans) {
    if (other->bucket != request->bucket) continue;
    if (Contains(other->facts, request->facts)) {
      request->inner = true;
    } else if (Contains(request->facts, other->facts)) {
      other->inner = true;
    }
  }
}

const Request* RequestPool::SpanOf(const TraceId& trace) const {
  const auto found = traces_.find(trace);
  if (found == traces_.end() || found->second.spans.empty()) return nullptr;
  return *std::min_element(
      found->second.spans.begin(), found->second.spans.end(),
      [](const Request* a, const Request* b) { return a->facts.start_ns < b->facts.start_ns; });
}

const RequestBucket* RequestPool::Find(const std::string& method, const std::string& path) const {
  const auto found = buckets_.find(KeyOf(method, path));
  return found == buckets_.end() ? nullptr : found->second.get();
}

void RequestPool::DropSettled() {
  std::erase_if(open_segments_,
                [](const Request* segment) { return segment->settled || segment->given_up; });
}

void RequestPool::ForEachInFlight(int64_t time_ns, int64_t slack_ns,
                                  const std::function<void(const Request&)>& f) const {
  auto at = by_start_.lower_bound(time_ns - longest_ns_ - slack_ns);
  for (; at != by_start_.end() && at->first <= time_ns + slack_ns; ++at)
    if (at->second->facts.end_ns >= time_ns - slack_ns) f(*at->second);
}

void RequestPool::Remove(Request* request) {
  const RequestCandidate& facts = request->facts;
  const bool segment = facts.door == Door::kXRay;
  EraseFrom(segment ? &request->bucket->segments : &request->bucket->spans, facts.start_ns,
            request);
  EraseFrom(&by_start_, facts.start_ns, request);
  if (const auto trace = traces_.find(facts.trace_id); trace != traces_.end()) {
    std::erase(segment ? trace->second.segments : trace->second.spans, request);
    if (trace->second.spans.empty() && trace->second.segments.empty()) traces_.erase(trace);
  }
  if (segment && !request->settled && !request->given_up) std::erase(open_segments_, request);
  if (request->bucket->spans.empty() && request->bucket->segments.empty())
    buckets_.erase(KeyOf(facts.method, facts.path));
}

int64_t RequestPool::Forget(int64_t received_before_ns, size_t requests_max) {
  DropSettled();
  bool removed = false;
  int64_t no_room_ns = 0;
  while (!requests_.empty() && (requests_.front()->facts.receive_ns < received_before_ns ||
                                requests_.size() > requests_max)) {
    const int64_t receive_ns = requests_.front()->facts.receive_ns;
    if (receive_ns >= received_before_ns) no_room_ns = receive_ns;
    Remove(requests_.front().get());
    requests_.pop_front();
    removed = true;
  }
  if (!removed) return 0;
  longest_ns_ = 0;
  for (const auto& [start_ns, request] : by_start_)
    longest_ns_ = std::max(longest_ns_, request->facts.end_ns - start_ns);
  const auto old = [&](const auto& process) { return process.second < received_before_ns; };
  std::erase_if(processes_, old);
  for (auto& [key, bucket] : buckets_) std::erase_if(bucket->processes, old);
  return no_room_ns;
}

}  // namespace skep::join
