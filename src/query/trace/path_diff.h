// SPDX-License-Identifier: Apache-2.0
// PathDiff: how two groups of traces differ in structure. A span's path is that of its parent with
// its own service and name behind it; each path is one row with what either side says of it: in how
// many of its traces, how many spans, how many failed, how long. Two single traces are two groups
// of one. Bounded by the number of paths. Values; one thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "query/trace/trace_tree.h"

namespace skep {

struct PathSide {
  uint64_t traces = 0;  // that have the path
  uint64_t spans = 0;
  uint64_t errors = 0;
  uint64_t total_ns = 0;
  uint64_t median_ns = 0;
  uint64_t p95_ns = 0;
};

enum class PathChange : uint8_t { kAdded, kRemoved, kMore, kFewer, kSlower, kFaster, kErrors };

struct DiffRow {
  std::string service;
  std::string name;
  uint32_t parent = kNoRow;
  uint32_t depth = 0;
  std::array<PathSide, 2> sides;
  std::vector<PathChange> changes;
};

// One span of a trace, in an order in which parents come first.
struct PathSpan {
  std::string_view service;
  std::string_view name;
  uint32_t parent = kNoRow;  // index among the spans
  uint64_t duration_ns = 0;
  bool error = false;
};

class PathDiff {
 public:
  explicit PathDiff(size_t paths_max = 20'000) : paths_max_(paths_max) {}

  // A trace more for side 0 or 1. False if it has more paths than there is room for; then what it
  // had of known ones is counted.
  bool Add(size_t side, const std::vector<PathSpan>& spans);

  uint64_t traces(size_t side) const { return traces_[side]; }
  // Depth first; children of one path in the order in which they were first seen.
  std::vector<DiffRow> Rows();

 private:
  struct Side {
    PathSide sums;
    uint64_t last_trace = 0;
    std::vector<uint64_t> durations;
  };
  struct Path {
    uint32_t parent;
    uint32_t service;
    uint32_t name;
    std::array<Side, 2> sides;
  };
  struct Key {
    uint32_t parent;
    uint32_t service;
    uint32_t name;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    size_t operator()(const Key& key) const;
  };

  uint32_t Find(const Key& key);

  const size_t paths_max_;
  TextPool texts_;
  std::vector<Path> paths_;
  std::unordered_map<Key, uint32_t, KeyHash> index_;
  std::array<uint64_t, 2> traces_{};
};

// The spans of a tree, whatever the door of its first one tells; X-Ray's tell the same again.
std::vector<PathSpan> SpansOf(const TraceTree& tree);

}  // namespace skep
