// SPDX-License-Identifier: Apache-2.0
// LineMatcher: finds the request of a log line that carries no id. First its twin: the same text at
// the same time from the same process, which came through OTLP with an id; then, if its process had
// just one request in flight when it was written, that request. Learns which log stream is which
// OTLP process from twins. Anything doubtful stays unjoined; one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "join/candidate.h"

namespace skep::join {

class LineMatcher {
 public:
  struct Match {
    const LineCandidate* twin = nullptr;        // same record, or
    const RequestCandidate* request = nullptr;  // the only one in flight
  };

  // What the lines are judged against; both sorted by time. Set before Find, good until the next
  // call.
  void SetWindow(std::vector<const LineCandidate*> lines_with_ids,
                 std::vector<const RequestCandidate*> requests);
  // Decides for lines without ids that are due, in order of time; each twin is taken once.
  std::vector<Match> Find(const std::vector<const LineCandidate*>& due);

 private:
  struct Process {
    uint64_t otlp = 0;  // the OTLP process that this stream's lines come from
    int agreed = 0;
    bool conflict = false;
  };

  const LineCandidate* FindTwin(const LineCandidate& line);
  const RequestCandidate* FindInFlight(const LineCandidate& line) const;
  void LearnProcess(uint64_t stream, uint64_t otlp);
  // The process whose requests a line can belong to; empty when that is not known.
  std::optional<uint64_t> ProcessOf(const LineCandidate& line) const;

  std::unordered_map<uint64_t, Process> processes_;  // by the stream's hash
  std::unordered_multimap<uint64_t, const LineCandidate*> twins_by_text_;
  std::unordered_map<const LineCandidate*, bool> taken_;
  std::vector<const RequestCandidate*> requests_;
  int64_t longest_request_ns_ = 0;
  std::optional<uint64_t> only_process_;  // of all requests in the window, if there is just one
};

}  // namespace skep::join
