// SPDX-License-Identifier: Apache-2.0
// LineMatcher: finds the trace of a log line that carries no id. First its twin: the same line,
// which came through OTLP as well, with an id; the texts are equal, or one holds the other, as
// formatters add to it. Then, if its process had just one request in flight when it was written,
// that request. Learns from twins which log stream is which OTLP process, and whether the stream's
// times are cut to whole milliseconds. What is doubtful stays where it is. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "join/candidate.h"
#include "join/request_pool.h"
#include "join/window_options.h"

namespace skep::join {

class LineMatcher {
 public:
  explicit LineMatcher(const WindowOptions& options) : options_(options) {}

  void Add(LineCandidate line);
  // Decides what is due. `in_gap` says that something received around then was left out.
  void Decide(const RequestPool& pool, int64_t now_ns, const std::function<bool(int64_t)>& in_gap,
              std::vector<Join>* joins);
  // Returns when the last one came that there was no room for; 0: none.
  int64_t Forget(int64_t received_before_ns, size_t lines_max);

  size_t size() const { return otlp_.size() + loose_.size(); }

 private:
  struct Line {
    LineCandidate facts;
    bool taken = false;    // as the twin of another, or having one
    bool learned = false;  // what its twin says of the stream is known
    bool old = false;      // about to be forgotten
    int64_t look_ns = 0;
  };
  using Lines = std::multimap<int64_t, std::unique_ptr<Line>>;  // by time
  // What is known of a log stream.
  struct Stream {
    uint64_t process = 0;  // the OTLP process that its lines come from
    uint64_t before = 0;   // and before that: a program that was started again
    int agreed = 0;
    bool shared = false;  // several processes write to it
    int twins = 0;
    int exact = 0;  // twins within the same millisecond
  };
  struct Twin {
    Line* line = nullptr;
    bool alone = false;    // no other line is like it within the tolerance
    bool several = false;  // there is none, because there is more than one
  };

  Twin FindTwin(const Line& line) const;
  Twin FindAmong(const Line& line, uint64_t process) const;
  bool OnlyTwinOf(const Line& otlp, const Line& line) const;
  const Stream* StreamOf(const LineCandidate& line) const;
  void Learn(const Twin& twin, Line* line);
  bool Trusted(const RequestPool& pool, const LineCandidate& line, const LineCandidate& otlp) const;
  std::optional<uint64_t> ProcessOf(const RequestPool& pool, const LineCandidate& line) const;
  const Request* OnlyInFlight(const RequestPool& pool, const LineCandidate& line) const;
  // Each true when the line needs no further look.
  bool DecideTwin(const RequestPool& pool, int64_t now_ns, Line* line, std::vector<Join>* joins,
                  bool* has_twin);
  bool DecideInFlight(const RequestPool& pool, int64_t now_ns, const Line& line,
                      std::vector<Join>* joins) const;

  // All by the hash of the process, or of the stream, and when something came from it last.
  using LastHeard = std::unordered_map<uint64_t, int64_t>;

  const WindowOptions options_;
  Lines otlp_;
  Lines loose_;  // of streams, without ids
  std::vector<Line*> undecided_;
  std::unordered_map<uint64_t, Stream> streams_;
  LastHeard processes_;      // of OTLP lines
  LastHeard with_ids_;       // those of them whose lines carry ids where they can
  LastHeard heard_streams_;  // of loose lines
};

}  // namespace skep::join
