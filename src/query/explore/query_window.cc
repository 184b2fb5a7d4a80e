// SPDX-License-Identifier: Apache-2.0
#include "query/explore/query_window.h"

#include <algorithm>
#include <array>

namespace skep {
namespace {

constexpr int64_t kNsPerSecond = 1'000'000'000;

constexpr std::array<int64_t, 21> kLadder = {1,     5,     10,    15,    30,     60,     120,
                                             300,   600,   900,   1800,  3600,   7200,   10800,
                                             14400, 21600, 43200, 86400, 172800, 259200, 604800};

TimeRange RangeOf(int64_t start_s, int64_t end_s) {
  return {start_s * kNsPerSecond, end_s * kNsPerSecond};
}

}  // namespace

std::span<const int64_t> GranularityLadder() { return kLadder; }

TimeRange QueryWindow::range() const { return RangeOf(start_s, end_s); }

TimeRange QueryWindow::compare_range() const {
  if (compare_offset_s == 0) return {};
  return RangeOf(start_s - compare_offset_s, end_s - compare_offset_s);
}

int64_t ChooseGranularity(int64_t length_s) {
  for (const int64_t step : kLadder)
    if (length_s <= step * kBucketsWanted) return step;
  // Years: whole weeks.
  const int64_t week = kLadder.back();
  const int64_t step = (length_s + kBucketsWanted - 1) / kBucketsWanted;
  return (step + week - 1) / week * week;
}

QueryWindow WindowOf(const QuerySpec& spec, int64_t now_ns) {
  QueryWindow window;
  const int64_t range = spec.time_range.value_or(QuerySpec::kDefaultRangeSeconds);
  if (spec.start_time) {
    window.start_s = *spec.start_time;
    window.end_s = spec.end_time.value_or(*spec.start_time + range);
  } else {
    // The second that is now is part of what ends now.
    window.end_s = spec.end_time.value_or(now_ns / kNsPerSecond + 1);
    window.start_s = window.end_s - range;
  }
  window.granularity_s =
      spec.granularity > 0 ? spec.granularity : ChooseGranularity(window.length_s());
  window.compare_offset_s = spec.compare_time_offset_seconds.value_or(0);
  return window;
}

}  // namespace skep
