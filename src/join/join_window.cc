// SPDX-License-Identifier: Apache-2.0
#include "join/join_window.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace skep::join {
namespace {

double Ms(int64_t ns) { return static_cast<double>(ns) / static_cast<double>(kNsPerMs); }

std::string SegmentEvidence(const RequestCandidate& segment, const RequestCandidate& span,
                            const RequestMatch& match) {
  std::string text = "same method, path and status";
  if (!segment.client.empty() && segment.client == span.client) text += ", same client";
  if (segment.pid != 0 && segment.pid == span.pid) text += ", same process";
  text += fmt::format("; starts {:.2f} ms apart, ends {:.2f} ms apart",
                      std::abs(Ms(match.start_gap_ns)), std::abs(Ms(match.end_gap_ns)));
  text += match.next_gap_ns == 0
              ? "; no other candidate"
              : fmt::format("; next candidate {:.1f} ms away", Ms(match.next_gap_ns));
  return text;
}

std::string ErrorEvidence(const ErrorMatch& match) {
  return fmt::format(
      "same method and path{}; arrived {:.1f} ms after the {}; no other request fits",
      match.same_exception ? ", same exception" : "", Ms(match.distance_ns),
      match.same_exception ? "exception" : "end of the request");
}

template <typename T>
void SortByStart(std::vector<const T*>* list) {
  std::sort(list->begin(), list->end(),
            [](const T* a, const T* b) { return a->start_ns < b->start_ns; });
}

}  // namespace

void JoinWindow::Add(Candidates candidates) {
  for (RequestCandidate& request : candidates.requests) {
    auto& side = request.door == Door::kXRay ? segments_ : spans_;
    const bool joined = request.door == Door::kXRay && joined_traces_.contains(request.trace_id);
    side.push_back({std::move(request), joined, false});
  }
  for (const LineCandidate& line : candidates.lines)
    lines_.push_back({line, !line.trace_id.empty() || joined_events_.contains(line.event_id)});
  for (ErrorCandidate& error : candidates.errors) {
    const bool decided = joined_events_.contains(error.event_id);
    errors_.push_back({std::move(error), decided});
  }
}

void JoinWindow::AlreadyJoined(const TraceId& other_trace_id, uint64_t event_id) {
  if (!other_trace_id.empty()) joined_traces_.insert(other_trace_id);
  if (event_id != 0) joined_events_.insert(event_id);
}

std::vector<Join> JoinWindow::Decide(int64_t now_ns) {
  std::vector<Join> joins;
  JoinSegments(now_ns, &joins);
  JoinLines(now_ns, &joins);
  JoinErrors(now_ns, &joins);
  Forget(now_ns);
  return joins;
}

void JoinWindow::JoinSegments(int64_t now_ns, std::vector<Join>* joins) {
  const int64_t due_ns = now_ns - options_.grace_ns;
  const bool any_due = std::any_of(segments_.begin(), segments_.end(), [&](const Request& segment) {
    return !segment.joined && !segment.given_up && segment.facts.end_ns <= due_ns;
  });
  if (!any_due) return;
  std::unordered_set<TraceId, IdHash> otlp_traces;
  for (const Request& span : spans_) otlp_traces.insert(span.facts.trace_id);
  std::vector<Request*> open_segments;
  std::vector<Request*> open_spans;
  std::vector<const RequestCandidate*> segment_facts;
  std::vector<const RequestCandidate*> span_facts;
  for (Request& segment : segments_) {
    // The same id on both sides: they are one trace already.
    if (!segment.joined && otlp_traces.contains(segment.facts.trace_id)) segment.joined = true;
    if (segment.joined || segment.given_up) continue;
    open_segments.push_back(&segment);
    segment_facts.push_back(&segment.facts);
  }
  for (Request& span : spans_) {
    if (span.joined) continue;
    open_spans.push_back(&span);
    span_facts.push_back(&span.facts);
  }
  for (const RequestMatch& match : request_matcher_.Match(segment_facts, span_facts)) {
    Request& segment = *open_segments[match.segment];
    // Not yet due: it took part as a rival only, and is judged again when everything around it is
    // there.
    if (segment.facts.end_ns > due_ns) continue;
    Request& span = *open_spans[match.span];
    segment.joined = span.joined = true;
    joined_traces_.insert(segment.facts.trace_id);
    joins->push_back({.kind = JoinKind::kEvidence,
                      .door = Door::kXRay,
                      .trace_id = span.facts.trace_id,
                      .span_id = span.facts.span_id,
                      .root_ns = span.facts.start_ns,
                      .other_trace_id = segment.facts.trace_id,
                      .other_span_id = segment.facts.span_id,
                      .event_id = 0,
                      .event_ns = segment.facts.start_ns,
                      .evidence = SegmentEvidence(segment.facts, span.facts, match)});
  }
}

std::vector<const RequestCandidate*> JoinWindow::AllRequests() const {
  std::vector<const RequestCandidate*> all;
  for (const Request& span : spans_) all.push_back(&span.facts);
  for (const Request& segment : segments_)
    if (!segment.joined) all.push_back(&segment.facts);
  SortByStart(&all);
  return all;
}

void JoinWindow::JoinLines(int64_t now_ns, std::vector<Join>* joins) {
  const int64_t due_ns = now_ns - options_.grace_ns;
  std::vector<const LineCandidate*> due;
  std::vector<const LineCandidate*> with_ids;
  for (Line& line : lines_) {
    if (!line.facts.trace_id.empty()) with_ids.push_back(&line.facts);
    if (line.decided || line.facts.time_ns > due_ns) continue;
    line.decided = true;
    due.push_back(&line.facts);
  }
  if (due.empty()) return;
  std::vector<const RequestCandidate*> requests;
  for (const Request& span : spans_) requests.push_back(&span.facts);
  if (requests.empty()) {
    for (const Request& segment : segments_) requests.push_back(&segment.facts);
  }
  SortByStart(&requests);
  line_matcher_.SetWindow(std::move(with_ids), std::move(requests));
  const std::vector<LineMatcher::Match> matches = line_matcher_.Find(due);
  for (size_t i = 0; i < due.size(); ++i) {
    const LineMatcher::Match& match = matches[i];
    if (match.twin == nullptr && match.request == nullptr) continue;
    const bool twin = match.twin != nullptr;
    joined_events_.insert(due[i]->event_id);
    joins->push_back({.kind = twin ? JoinKind::kSameRecord : JoinKind::kEvidence,
                      .door = due[i]->door,
                      .trace_id = twin ? match.twin->trace_id : match.request->trace_id,
                      .span_id = twin ? match.twin->span_id : match.request->span_id,
                      .root_ns = twin ? match.twin->time_ns : match.request->start_ns,
                      .other_trace_id = {},
                      .other_span_id = {},
                      .event_id = due[i]->event_id,
                      .event_ns = due[i]->time_ns,
                      .evidence = twin ? "the same line came by OTLP with this trace's id"
                                       : "the only request in flight in its process"});
  }
}

void JoinWindow::JoinErrors(int64_t now_ns, std::vector<Join>* joins) {
  const int64_t due_ns = now_ns - options_.grace_ns;
  std::vector<const RequestCandidate*> requests;
  for (Error& error : errors_) {
    if (error.decided || error.facts.receive_ns > due_ns) continue;
    error.decided = true;
    if (requests.empty()) requests = AllRequests();
    const ErrorMatch match = MatchError(error.facts, requests);
    if (match.request == nullptr) continue;
    joined_events_.insert(error.facts.event_id);
    joins->push_back({.kind = JoinKind::kEvidence,
                      .door = Door::kRollbar,
                      .trace_id = match.request->trace_id,
                      .span_id = match.request->span_id,
                      .root_ns = match.request->start_ns,
                      .other_trace_id = {},
                      .other_span_id = {},
                      .event_id = error.facts.event_id,
                      .event_ns = error.facts.time_ns,
                      .evidence = ErrorEvidence(match)});
  }
}

void JoinWindow::Forget(int64_t now_ns) {
  const int64_t old_ns = now_ns - options_.retention_ns;
  const auto trim = [&](auto* list, auto time_of, auto undecided) {
    while (!list->empty() &&
           (time_of(list->front()) < old_ns || list->size() > options_.candidates_max)) {
      if (time_of(list->front()) >= old_ns && undecided(list->front())) ++forgotten_;
      list->pop_front();
    }
  };
  const auto end = [](const Request& request) { return request.facts.end_ns; };
  const auto unjoined = [](const Request& request) { return !request.joined; };
  trim(&spans_, end, unjoined);
  // Segments whose span never came stop costing a look.
  for (Request& segment : segments_)
    if (segment.facts.end_ns < now_ns - options_.give_up_ns) segment.given_up = true;
  trim(&segments_, end, unjoined);
  trim(
      &lines_, [](const Line& line) { return line.facts.time_ns; },
      [](const Line& line) { return !line.decided; });
  trim(
      &errors_, [](const Error& error) { return error.facts.receive_ns; },
      [](const Error& error) { return !error.decided; });
  if (joined_traces_.size() > options_.candidates_max) joined_traces_.clear();
  if (joined_events_.size() > options_.candidates_max) joined_events_.clear();
}

}  // namespace skep::join
