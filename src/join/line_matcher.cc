// SPDX-License-Identifier: Apache-2.0
#include "join/line_matcher.h"

#include <algorithm>
#include <cstdlib>

#include "base/clock.h"

namespace skep::join {
namespace {

constexpr int64_t kTwinToleranceNs = 5 * kNsPerMs;
constexpr int kAgreedEnough = 3;
constexpr size_t kProcessesMax = 65'536;

// CloudWatch times are whole milliseconds: a line of 12.7 ms says 12.
bool SameMillisecond(int64_t a_ns, int64_t b_ns) { return a_ns / kNsPerMs == b_ns / kNsPerMs; }

}  // namespace

void LineMatcher::SetWindow(std::vector<const LineCandidate*> lines_with_ids,
                            std::vector<const RequestCandidate*> requests) {
  twins_by_text_.clear();
  taken_.clear();
  for (const LineCandidate* line : lines_with_ids) twins_by_text_.emplace(line->text, line);
  requests_ = std::move(requests);
  longest_request_ns_ = 0;
  only_process_.reset();
  bool several = false;
  for (const RequestCandidate* request : requests_) {
    longest_request_ns_ = std::max(longest_request_ns_, request->end_ns - request->start_ns);
    several = several || (only_process_ && *only_process_ != request->process);
    only_process_ = request->process;
  }
  if (several) only_process_.reset();
}

std::vector<LineMatcher::Match> LineMatcher::Find(const std::vector<const LineCandidate*>& due) {
  std::vector<Match> matches;
  matches.reserve(due.size());
  for (const LineCandidate* line : due) {
    Match match;
    match.twin = FindTwin(*line);
    if (match.twin == nullptr) match.request = FindInFlight(*line);
    matches.push_back(match);
  }
  return matches;
}

const LineCandidate* LineMatcher::FindTwin(const LineCandidate& line) {
  const auto known = processes_.find(line.process);
  const LineCandidate* exact = nullptr;
  const LineCandidate* near = nullptr;
  int exact_count = 0;
  int near_count = 0;
  const auto [begin, end] = twins_by_text_.equal_range(line.text);
  for (auto at = begin; at != end; ++at) {
    const LineCandidate* twin = at->second;
    if (std::abs(twin->time_ns - line.time_ns) > kTwinToleranceNs || taken_.contains(twin))
      continue;
    if (known != processes_.end() && known->second.agreed >= kAgreedEnough &&
        !known->second.conflict && known->second.otlp != twin->process)
      continue;
    ++near_count;
    near = twin;
    if (SameMillisecond(twin->time_ns, line.time_ns)) {
      ++exact_count;
      exact = twin;
    }
  }
  const LineCandidate* chosen = exact_count == 1                      ? exact
                                : exact_count == 0 && near_count == 1 ? near
                                                                      : nullptr;
  if (chosen == nullptr) return nullptr;
  taken_[chosen] = true;
  LearnProcess(line.process, chosen->process);
  return chosen;
}

void LineMatcher::LearnProcess(uint64_t stream, uint64_t otlp) {
  if (processes_.size() > kProcessesMax) processes_.clear();
  Process& process = processes_[stream];
  if (process.agreed == 0) process.otlp = otlp;
  if (process.otlp == otlp) {
    ++process.agreed;
  } else {
    process.conflict = true;  // one stream, several processes: twins must then stand for themselves
  }
}

std::optional<uint64_t> LineMatcher::ProcessOf(const LineCandidate& line) const {
  const auto known = processes_.find(line.process);
  if (known != processes_.end()) {
    if (known->second.conflict) return std::nullopt;
    return known->second.otlp;
  }
  if (line.door != Door::kCloudWatch) return line.process;
  return only_process_;
}

const RequestCandidate* LineMatcher::FindInFlight(const LineCandidate& line) const {
  const std::optional<uint64_t> process = ProcessOf(line);
  if (!process) return nullptr;
  const RequestCandidate* only = nullptr;
  // Sorted by start: those that can still run at the line's time began at most the longest request
  // before it.
  auto at = std::lower_bound(
      requests_.begin(), requests_.end(), line.time_ns - longest_request_ns_ - kNsPerMs,
      [](const RequestCandidate* request, int64_t time_ns) { return request->start_ns < time_ns; });
  for (; at != requests_.end() && (*at)->start_ns < line.time_ns + kNsPerMs; ++at) {
    if ((*at)->process != *process || (*at)->end_ns < line.time_ns) continue;
    if (only != nullptr) return nullptr;
    only = *at;
  }
  return only;
}

}  // namespace skep::join
