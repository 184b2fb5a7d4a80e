// SPDX-License-Identifier: Apache-2.0
// TraceCache: long traces as they were read a moment ago, so that scrolling through one does not
// read it again for each page. Holds no more than a fixed number of rows and lets the oldest go. A
// trace has a version: who asks for one that is no longer there gets the newer one and sees so. Few
// are assembled at a time, since that takes memory. Thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <semaphore>
#include <vector>

#include "base/guarded.h"
#include "query/trace/clock_skew.h"
#include "query/trace/trace_view.h"
#include "query/trace_reader.h"

namespace skep {

struct LongTrace {
  LongTrace(Trace read, std::vector<ClockSkew> measured, TraceTree tree)
      : header(std::move(read)), skews(std::move(measured)), analysis(std::move(tree)) {}

  Trace header;  // without its rows
  std::vector<ClockSkew> skews;
  TraceAnalysis analysis;
  uint64_t version = 0;
};

// What the rows of a trace depend on.
struct LongTraceKey {
  TraceId trace_id;  // as asked
  bool by_evidence = true;
  bool corrected = false;  // the clocks are
  bool operator==(const LongTraceKey&) const = default;
};

class TraceCache {
 public:
  explicit TraceCache(size_t rows_max = 1'500'000) : rows_max_(rows_max) {}

  // Null if it is not there (any more). `version` 0: whichever is there.
  std::shared_ptr<const LongTrace> Find(const LongTraceKey& key, uint64_t version) const;
  // Gives it its version.
  std::shared_ptr<const LongTrace> Keep(const LongTraceKey& key, std::unique_ptr<LongTrace> trace);

  // Held while a long trace is assembled.
  std::counting_semaphore<>& slots() { return slots_; }

 private:
  struct Entry {
    LongTraceKey key;
    std::shared_ptr<const LongTrace> trace;  // shared: with answers that are being written
  };
  struct State {
    std::deque<Entry> entries;  // the newest last
    size_t rows = 0;
    uint64_t versions = 0;
  };
  const size_t rows_max_;
  Guarded<State> state_;
  std::counting_semaphore<> slots_{1};
};

}  // namespace skep
