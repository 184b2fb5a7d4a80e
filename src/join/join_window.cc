// SPDX-License-Identifier: Apache-2.0
#include "join/join_window.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>

namespace skep::join {
namespace {

constexpr int64_t kForgetEveryNs = 5 * kNsPerS;
constexpr int64_t kGapReachNs = 10 * kNsPerS;  // what was left out may have competed with these

double Ms(int64_t ns) { return static_cast<double>(ns) / static_cast<double>(kNsPerMs); }

std::string SegmentEvidence(const RequestCandidate& segment, const RequestCandidate& span,
                            const RequestMatch& match) {
  std::string text = "same method and path";
  if (segment.status != 0 && segment.status == span.status) text += ", same status";
  if (!segment.client.empty() && (segment.client == span.client || segment.client == span.peer))
    text += ", same client";
  if (segment.pid != 0 && segment.pid == span.pid) text += ", same process";
  text += fmt::format("; starts {:.2f} ms and ends {:.2f} ms apart",
                      std::abs(Ms(match.start_gap_ns)), std::abs(Ms(match.end_gap_ns)));
  text += match.next_gap_ns == 0
              ? "; nothing else fits"
              : fmt::format("; what fits next is {:.1f} ms away", Ms(match.next_gap_ns));
  return text;
}

std::string ErrorEvidence(const ErrorMatch& match) {
  // A client may send before its span has noted the exception or ended.
  return fmt::format("same method and path{}; arrived {:.1f} ms {} {}; {}",
                     match.same_exception ? ", same exception" : "", std::abs(Ms(match.delay_ns)),
                     match.delay_ns < 0 ? "before" : "after",
                     match.same_exception ? "the span noted it" : "the request's end",
                     match.only_one ? "no other request fits" : "the next request fits far worse");
}

}  // namespace

bool JoinWindow::IsNew(uint64_t event_id, int64_t receive_ns) {
  return !joined_events_.contains(event_id) && seen_events_.emplace(event_id, receive_ns).second;
}

void JoinWindow::Add(Candidates candidates, int64_t away_ns) {
  for (RequestCandidate& request : candidates.requests) {
    request.receive_ns += away_ns;
    pool_.Add(std::move(request));
  }
  for (LineCandidate& line : candidates.lines) {
    line.receive_ns += away_ns;
    if (IsNew(line.event_id, line.receive_ns)) lines_.Add(std::move(line));
  }
  for (ErrorCandidate& error : candidates.errors) {
    const int64_t arrived_ns = error.receive_ns + away_ns;
    if (IsNew(error.event_id, arrived_ns)) errors_.push_back({std::move(error), arrived_ns});
  }
  for (const auto& [process, receive_ns] : candidates.heard) {
    int64_t& last_ns = heard_[process];
    last_ns = std::max(last_ns, receive_ns);
  }
}

void JoinWindow::AddGap(int64_t receive_ns) {
  if (gaps_.empty() || receive_ns > gaps_.back() + kNsPerS) gaps_.push_back(receive_ns);
}

bool JoinWindow::InGap(int64_t receive_ns) const {
  return std::any_of(gaps_.begin(), gaps_.end(),
                     [&](int64_t gap_ns) { return std::abs(gap_ns - receive_ns) <= kGapReachNs; });
}

void JoinWindow::AlreadyJoined(const TraceId& guest_trace_id, uint64_t event_id, int64_t now_ns) {
  if (!guest_trace_id.empty()) joined_traces_[guest_trace_id] = now_ns;
  if (event_id != 0) joined_events_[event_id] = now_ns;
}

bool JoinWindow::Complete(const RequestBucket* bucket, int64_t receive_ns, int64_t now_ns) const {
  if (now_ns >= receive_ns + options_.grace_ns) return true;
  if (bucket == nullptr || bucket->processes.empty()) return false;
  return std::all_of(bucket->processes.begin(), bucket->processes.end(), [&](const auto& process) {
    const auto heard = heard_.find(process.first);
    return heard != heard_.end() && heard->second >= receive_ns + options_.settle_ns;
  });
}

std::vector<Join> JoinWindow::Decide(int64_t now_ns) {
  std::vector<Join> joins;
  JoinSegments(now_ns, &joins);
  lines_.Decide(pool_, now_ns, [this](int64_t receive_ns) { return InGap(receive_ns); }, &joins);
  JoinErrors(now_ns, &joins);
  for (const Join& join : joins)
    if (join.event_id != 0) joined_events_[join.event_id] = now_ns;
  if (now_ns >= forget_ns_) {
    Forget(now_ns);
    forget_ns_ = now_ns + kForgetEveryNs;
  }
  return joins;
}

void JoinWindow::JoinSegments(int64_t now_ns, std::vector<Join>* joins) {
  std::vector<Request*> due;
  for (Request* segment : pool_.open_segments()) {
    const RequestCandidate& facts = segment->facts;
    // One trace of X-Ray's may have many segments; it is joined once.
    if (joined_traces_.contains(facts.trace_id)) segment->settled = true;
    if (now_ns > facts.receive_ns + options_.give_up_ns || InGap(facts.receive_ns))
      segment->given_up = true;
    if (segment->settled || segment->given_up || now_ns < segment->look_ns) continue;
    if (Complete(segment->bucket, facts.receive_ns, now_ns)) due.push_back(segment);
  }
  for (const RequestMatch& match : request_matcher_.Match(pool_, due)) {
    const RequestCandidate& segment = match.segment->facts;
    const RequestCandidate& span = match.span->facts;
    match.segment->settled = match.span->settled = true;
    if (!joined_traces_.emplace(segment.trace_id, now_ns).second) continue;
    joins->push_back({.kind = JoinKind::kEvidence,
                      .door = Door::kXRay,
                      .trace_id = span.trace_id,
                      .span_id = span.span_id,
                      .root_ns = span.start_ns,
                      .guest_trace_id = segment.trace_id,
                      .guest_span_id = segment.span_id,
                      .event_id = 0,
                      .event_ns = 0,
                      .evidence = SegmentEvidence(segment, span, match)});
  }
  // What could not be told apart at once hardly can soon.
  for (Request* segment : due)
    segment->look_ns =
        now_ns + std::max(options_.again_ns, (now_ns - segment->facts.receive_ns) / 3);
  pool_.DropSettled();
}

void JoinWindow::JoinErrors(int64_t now_ns, std::vector<Join>* joins) {
  std::vector<OpenError> open;
  bool any_due = false;
  for (WaitingError& error : errors_) {
    const bool due =
        now_ns >= error.look_ns && !InGap(error.arrived_ns) &&
        Complete(pool_.Find(error.facts.method, error.facts.path), error.arrived_ns, now_ns);
    // What could not be told apart at once hardly can soon.
    if (due) error.look_ns = now_ns + std::max(options_.again_ns, (now_ns - error.arrived_ns) / 3);
    any_due = any_due || due;
    open.push_back({&error.facts, due});
  }
  if (any_due) JoinDueErrors(open, joins);
  std::erase_if(errors_, [&](const WaitingError& error) {
    if (error.joined) return true;
    if (InGap(error.arrived_ns)) return true;
    if (now_ns <= error.arrived_ns + options_.give_up_ns) return false;
    error_matcher_.GiveUp(error.facts);
    return true;
  });
}

void JoinWindow::JoinDueErrors(const std::vector<OpenError>& open, std::vector<Join>* joins) {
  const std::vector<ErrorMatch> matches = error_matcher_.Match(pool_, open);
  for (size_t i = 0; i < open.size(); ++i) {
    if (matches[i].request == nullptr) continue;
    const RequestCandidate& host = matches[i].request->facts;
    joins->push_back({.kind = JoinKind::kEvidence,
                      .door = Door::kRollbar,
                      .trace_id = host.trace_id,
                      .span_id = host.span_id,
                      .root_ns = host.start_ns,
                      .guest_trace_id = {},
                      .guest_span_id = {},
                      .event_id = open[i].error->event_id,
                      .event_ns = open[i].error->time_ns,
                      .evidence = ErrorEvidence(matches[i])});
    errors_[i].joined = true;
  }
}

void JoinWindow::Forget(int64_t now_ns) {
  const int64_t old_ns = now_ns - options_.retention_ns;
  for (const int64_t no_room_ns : {pool_.Forget(old_ns, options_.candidates_max),
                                   lines_.Forget(old_ns, options_.candidates_max)})
    if (no_room_ns != 0) AddGap(no_room_ns);
  error_matcher_.Forget(old_ns);
  while (errors_.size() > options_.candidates_max) errors_.pop_front();
  while (!gaps_.empty() && gaps_.front() < old_ns) gaps_.pop_front();
  // Known for longer than what they are about: it may be read back from the store.
  const auto old = [&](const auto& entry) { return entry.second < old_ns - options_.retention_ns; };
  std::erase_if(joined_traces_, old);
  std::erase_if(joined_events_, old);
  std::erase_if(seen_events_, [&](const auto& entry) { return entry.second < old_ns; });
  // What is read back from the store may then be taken twice; what is joined is still known.
  if (seen_events_.size() > 4 * options_.candidates_max) seen_events_.clear();
  std::erase_if(heard_, old);
}

}  // namespace skep::join
