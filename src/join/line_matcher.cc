// SPDX-License-Identifier: Apache-2.0
#include "join/line_matcher.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "join/request_matcher.h"

namespace skep::join {
namespace {

constexpr int64_t kTwinToleranceNs = 5 * kNsPerMs;
constexpr int kAgreedEnough = 3;
constexpr int kTwinsEnough = 5;
constexpr size_t kTextMin = 8;  // a shorter text within another says nothing
constexpr size_t kStreamsMax = 65'536;

enum class Likeness : uint8_t { kNone, kHolds, kEqual };

bool Holds(std::string_view outer, std::string_view inner) {
  return inner.size() >= kTextMin && outer.find(inner) != std::string_view::npos;
}

// A formatter may put more around the message, or make it a field of a JSON line.
Likeness Compare(const LineCandidate& line, const LineCandidate& otlp) {
  if (line.text == otlp.text) return Likeness::kEqual;
  if (!line.message.empty() && (line.message == otlp.text || line.message == otlp.message))
    return Likeness::kEqual;
  if (!otlp.message.empty() && otlp.message == line.text) return Likeness::kEqual;
  return Holds(line.text, otlp.text) || Holds(otlp.text, line.text) ? Likeness::kHolds
                                                                    : Likeness::kNone;
}

// CloudWatch times are whole milliseconds, cut by most clients.
bool SameMillisecond(const LineCandidate& a, const LineCandidate& b) {
  return a.time_ns / kNsPerMs == b.time_ns / kNsPerMs;
}

}  // namespace

void LineMatcher::Add(LineCandidate line) {
  auto owned = std::make_unique<Line>();
  owned->facts = std::move(line);
  const LineCandidate& facts = owned->facts;
  const bool otlp = facts.door != Door::kCloudWatch;
  if (otlp) {
    processes_[facts.process] = facts.receive_ns;
    if (!facts.trace_id.empty()) with_ids_[facts.process] = facts.receive_ns;
  } else {
    heard_streams_[facts.process] = facts.receive_ns;
  }
  if (facts.trace_id.empty()) undecided_.push_back(owned.get());
  (otlp ? otlp_ : loose_).emplace(facts.time_ns, std::move(owned));
}

const LineMatcher::Stream* LineMatcher::StreamOf(const LineCandidate& line) const {
  const auto found = streams_.find(line.process);
  return found == streams_.end() ? nullptr : &found->second;
}

LineMatcher::Twin LineMatcher::FindTwin(const Line& line) const {
  const Stream* stream = StreamOf(line.facts);
  if (stream != nullptr && stream->agreed >= kAgreedEnough && !stream->shared) {
    const Twin own = FindAmong(line, stream->process);
    if (own.line != nullptr || own.several) return own;
  }
  return FindAmong(line, 0);
}

// `process` 0: any.
LineMatcher::Twin LineMatcher::FindAmong(const Line& line, uint64_t process) const {
  const Stream* stream = StreamOf(line.facts);
  const bool cut = stream != nullptr && stream->twins >= kTwinsEnough &&
                   stream->exact * 200 >= stream->twins * 199;
  int found = 0;
  int alike = 0;
  auto best = std::pair(Likeness::kNone, false);
  Line* twin = nullptr;
  auto at = otlp_.lower_bound(line.facts.time_ns - kTwinToleranceNs);
  for (; at != otlp_.end() && at->first <= line.facts.time_ns + kTwinToleranceNs; ++at) {
    Line& other = *at->second;
    if (other.taken || (process != 0 && other.facts.process != process)) continue;
    const Likeness likeness = Compare(line.facts, other.facts);
    if (likeness == Likeness::kNone) continue;
    ++alike;
    const auto rank = std::pair(likeness, cut && SameMillisecond(line.facts, other.facts));
    if (rank > best) {
      best = rank;
      found = 0;
    }
    if (rank == best) {
      ++found;
      twin = &other;
    }
  }
  if (found != 1) return {nullptr, false, found > 1};
  return {twin, alike == 1, false};
}

bool LineMatcher::OnlyTwinOf(const Line& otlp, const Line& line) const {
  auto at = loose_.lower_bound(otlp.facts.time_ns - kTwinToleranceNs);
  for (; at != loose_.end() && at->first <= otlp.facts.time_ns + kTwinToleranceNs; ++at) {
    const Line& other = *at->second;
    if (&other == &line || other.taken) continue;
    if (Compare(other.facts, otlp.facts) == Likeness::kNone) continue;
    // It would rather be the twin of another line.
    const Twin its = FindTwin(other);
    if (its.line != nullptr && its.line != &otlp) continue;
    return false;
  }
  return true;
}

void LineMatcher::Learn(const Twin& twin, Line* line) {
  if (line->learned || !twin.alone || line->facts.text.size() < kTextMin) return;
  line->learned = true;
  if (streams_.size() > kStreamsMax) streams_.clear();
  Stream& stream = streams_[line->facts.process];
  ++stream.twins;
  if (SameMillisecond(twin.line->facts, line->facts)) ++stream.exact;
  const uint64_t process = twin.line->facts.process;
  if (stream.process == process) {
    ++stream.agreed;
    return;
  }
  // A program started again writes on to the same stream; two at once go to and fro.
  stream.shared = stream.shared || process == stream.before;
  stream.before = std::exchange(stream.process, process);
  stream.agreed = 1;
}

bool LineMatcher::Trusted(const RequestPool& pool, const LineCandidate& line,
                          const LineCandidate& otlp) const {
  const Stream* stream = StreamOf(line);
  if (stream != nullptr && stream->shared) return false;
  const auto& others = pool.processes();
  const bool only_process = others.empty() || (others.size() == 1 && others.contains(otlp.process));
  if (processes_.size() == 1 && heard_streams_.size() == 1 && only_process) return true;
  return stream != nullptr && stream->process == otlp.process && stream->agreed >= kAgreedEnough;
}

std::optional<uint64_t> LineMatcher::ProcessOf(const RequestPool& pool,
                                               const LineCandidate& line) const {
  if (line.door != Door::kCloudWatch) return line.process;
  const Stream* stream = StreamOf(line);
  if (stream != nullptr && stream->shared) return std::nullopt;
  if (stream != nullptr && stream->agreed >= kAgreedEnough) return stream->process;
  if (pool.processes().size() == 1) return pool.processes().begin()->first;
  return std::nullopt;
}

const Request* LineMatcher::OnlyInFlight(const RequestPool& pool, const LineCandidate& line) const {
  const std::optional<uint64_t> process = ProcessOf(pool, line);
  if (!process) return nullptr;
  const Request* only = nullptr;
  std::vector<const Request*> open;
  bool several = false;
  pool.ForEachInFlight(line.time_ns, kNsPerMs, [&](const Request& request) {
    if (request.inner) return;
    if (request.facts.door == Door::kXRay) {
      if (!request.settled) open.push_back(&request);
    } else if (request.facts.process == *process) {
      several = several || only != nullptr;
      only = &request;
    }
  });
  if (only == nullptr || several) return nullptr;
  // A segment whose span is not known may be another request of this process.
  for (const Request* segment : open) {
    if (!SameAuthority(segment->facts.authority, only->facts.authority)) continue;
    const bool its_own = segment->bucket == only->bucket &&
                         segment->facts.start_ns >= only->facts.start_ns &&
                         segment->facts.end_ns <= only->facts.end_ns;
    if (!its_own) return nullptr;
  }
  return only;
}

bool LineMatcher::DecideTwin(const RequestPool& pool, int64_t now_ns, Line* line,
                             std::vector<Join>* joins, bool* has_twin) {
  const Twin twin = FindTwin(*line);
  if (twin.line == nullptr || !OnlyTwinOf(*twin.line, *line)) return false;
  *has_twin = true;
  Learn(twin, line);
  const LineCandidate& otlp = twin.line->facts;
  // Others that are alike may still be on their way.
  if (now_ns < std::max(line->facts.receive_ns, otlp.receive_ns) + options_.again_ns) return false;
  if (!Trusted(pool, line->facts, otlp))
    return now_ns > line->facts.receive_ns + options_.give_up_ns;
  line->taken = twin.line->taken = true;
  if (otlp.trace_id.empty()) return true;  // written outside any span
  const Request* root = pool.SpanOf(otlp.trace_id);
  joins->push_back({.kind = JoinKind::kSameRecord,
                    .door = line->facts.door,
                    .trace_id = otlp.trace_id,
                    .span_id = otlp.span_id,
                    .root_ns = root != nullptr ? root->facts.start_ns : otlp.time_ns,
                    .guest_trace_id = {},
                    .guest_span_id = {},
                    .event_id = line->facts.event_id,
                    .event_ns = line->facts.time_ns,
                    .evidence = "the same line came through OpenTelemetry with this trace's id"});
  return true;
}

bool LineMatcher::DecideInFlight(const RequestPool& pool, int64_t now_ns, const Line& line,
                                 std::vector<Join>* joins) const {
  const LineCandidate& facts = line.facts;
  // In a process whose lines carry ids, one without was written outside any request.
  if (facts.door != Door::kCloudWatch && with_ids_.contains(facts.process)) return true;
  // A long request that ran then is known only when it has ended.
  const int64_t wait_ns =
      std::min(options_.grace_ns + pool.longest_ns(), options_.retention_ns / 2);
  if (now_ns < facts.receive_ns + wait_ns) return false;
  const Request* request = OnlyInFlight(pool, facts);
  if (request == nullptr) return true;
  joins->push_back({.kind = JoinKind::kEvidence,
                    .door = facts.door,
                    .trace_id = request->facts.trace_id,
                    .span_id = request->facts.span_id,
                    .root_ns = request->facts.start_ns,
                    .guest_trace_id = {},
                    .guest_span_id = {},
                    .event_id = facts.event_id,
                    .event_ns = facts.time_ns,
                    .evidence = "the only request in flight in its process when it was written"});
  return true;
}

void LineMatcher::Decide(const RequestPool& pool, int64_t now_ns,
                         const std::function<bool(int64_t)>& in_gap, std::vector<Join>* joins) {
  std::erase_if(undecided_, [&](Line* line) {
    if (now_ns < line->look_ns) return false;
    if (in_gap(line->facts.receive_ns)) return true;
    bool has_twin = false;
    if (line->facts.door == Door::kCloudWatch && DecideTwin(pool, now_ns, line, joins, &has_twin))
      return true;
    if (!has_twin && DecideInFlight(pool, now_ns, *line, joins)) return true;
    line->look_ns = now_ns + options_.again_ns / 2;
    return false;
  });
}

int64_t LineMatcher::Forget(int64_t received_before_ns, size_t lines_max) {
  int64_t no_room_ns = 0;
  for (Lines* lines : {&otlp_, &loose_}) {
    // By time they are about in the order in which they came.
    size_t too_many = lines->size() - std::min(lines->size(), lines_max);
    for (auto& [time_ns, line] : *lines) {
      line->old = line->facts.receive_ns < received_before_ns || too_many != 0;
      if (too_many == 0) continue;
      --too_many;
      if (line->facts.receive_ns >= received_before_ns)
        no_room_ns = std::max(no_room_ns, line->facts.receive_ns);
    }
  }
  std::erase_if(undecided_, [](const Line* line) { return line->old; });
  for (Lines* lines : {&otlp_, &loose_})
    std::erase_if(*lines, [](const auto& entry) { return entry.second->old; });
  for (LastHeard* heard : {&processes_, &with_ids_, &heard_streams_})
    std::erase_if(*heard, [&](const auto& entry) { return entry.second < received_before_ns; });
  return no_room_ns;
}

}  // namespace skep::join
