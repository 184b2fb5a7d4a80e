// SPDX-License-Identifier: Apache-2.0
#include "query/trace/clock_skew.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

namespace skep {
namespace {

constexpr int64_t kFar = std::numeric_limits<int64_t>::max() / 4;

// What the calls between two places say of the shift of the second against the first.
struct Pair {
  int64_t low_ns = -kFar;
  int64_t high_ns = kFar;
  uint64_t calls = 0;
  uint64_t outside = 0;
  std::vector<int64_t> middles;

  bool consistent() const { return low_ns <= high_ns; }
  int64_t Shift() {
    if (outside == 0) return 0;
    if (!consistent() && !middles.empty()) {
      const auto middle = middles.begin() + static_cast<ptrdiff_t>((middles.size() - 1) / 2);
      std::nth_element(middles.begin(), middle, middles.end());
      return *middle;
    }
    if (low_ns == -kFar) return high_ns;
    if (high_ns == kFar) return low_ns;
    return low_ns + (high_ns - low_ns) / 2;
  }
};

using Pairs = std::map<std::pair<uint32_t, uint32_t>, Pair>;

bool Waits(const TreeRow& caller, const TreeRow& called) {
  return !caller.open && !called.open && caller.span_kind != SpanKind::kProducer &&
         called.span_kind != SpanKind::kConsumer && called.duration_ns <= caller.duration_ns;
}

Pairs PairsOf(const TraceTree& tree) {
  Pairs pairs;
  for (const TreeRow& row : tree.rows()) {
    if (row.kind != TraceRowKind::kSpan || row.parent == kNoRow) continue;
    const TreeRow& caller = tree.row(row.parent);
    if (caller.kind != TraceRowKind::kSpan || caller.place == row.place ||
        row.parent_id != caller.span_id)
      continue;
    int64_t low = caller.time_ns - row.time_ns;
    int64_t high = Waits(caller, row) ? caller.end_ns - row.end_ns : kFar;
    const bool outside = low > 0 || high < 0;
    if (caller.place > row.place) {
      low = -low;
      high = -high;
      std::swap(low, high);
    }
    Pair& pair = pairs[std::minmax(caller.place, row.place)];
    pair.low_ns = std::max(pair.low_ns, low);
    pair.high_ns = std::min(pair.high_ns, high);
    ++pair.calls;
    pair.outside += outside;
    if (low > -kFar && high < kFar) pair.middles.push_back(low + (high - low) / 2);
  }
  return pairs;
}

// Goes from place to place along the calls, adding up.
class SkewWalk {
 public:
  explicit SkewWalk(Pairs pairs) : pairs_(std::move(pairs)) {
    for (const auto& [key, pair] : pairs_) {
      near_[key.first].push_back(key.second);
      near_[key.second].push_back(key.first);
    }
  }

  void From(uint32_t first) {
    if (!seen_.insert(first).second) return;
    std::vector<std::pair<uint32_t, int64_t>> open = {{first, 0}};
    for (size_t i = 0; i < open.size(); ++i) {
      const auto [place, shift] = open[i];
      for (const uint32_t other : near_[place]) {
        if (!seen_.insert(other).second) continue;
        const int64_t whole = shift + Step(place, other, shift);
        open.emplace_back(other, whole);
      }
    }
  }

  std::vector<ClockSkew> Take() { return std::move(skews_); }

 private:
  // The shift of `other` against `place`; noted if the two together have any.
  int64_t Step(uint32_t place, uint32_t other, int64_t before) {
    Pair& pair = pairs_.at(std::minmax(place, other));
    const bool turned = place > other;
    const int64_t step = turned ? -pair.Shift() : pair.Shift();
    if (step + before == 0 && pair.outside == 0) return step;
    ClockSkew skew;
    skew.place = other;
    skew.against = place;
    skew.shift_ns = before + step;
    skew.low_ns = turned ? -pair.high_ns : pair.low_ns;
    const int64_t high = turned ? -pair.low_ns : pair.high_ns;
    if (skew.low_ns <= -kFar) skew.low_ns = high;
    if (high < kFar) skew.high_ns = high;
    skew.consistent = pair.consistent();
    skew.calls = pair.calls;
    skew.outside = pair.outside;
    skews_.push_back(skew);
    return step;
  }

  Pairs pairs_;
  std::map<uint32_t, std::vector<uint32_t>> near_;
  std::set<uint32_t> seen_;
  std::vector<ClockSkew> skews_;
};

}  // namespace

std::vector<ClockSkew> MeasureSkew(const TraceTree& tree) {
  SkewWalk walk(PairsOf(tree));
  for (const TreeRow& row : tree.rows())
    if (row.kind == TraceRowKind::kSpan && row.parent == kNoRow) walk.From(row.place);
  for (const TreeRow& row : tree.rows())
    if (row.kind == TraceRowKind::kSpan) walk.From(row.place);
  return walk.Take();
}

std::unordered_map<uint32_t, int64_t> ShiftsOf(const std::vector<ClockSkew>& skews) {
  std::unordered_map<uint32_t, int64_t> shifts;
  for (const ClockSkew& skew : skews) shifts[skew.place] = skew.shift_ns;
  return shifts;
}

}  // namespace skep
