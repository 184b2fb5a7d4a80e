// SPDX-License-Identifier: Apache-2.0
#include "query/twin_lines.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include "base/clock.h"

namespace skep {
namespace {

// CloudWatch has whole milliseconds, and the two handlers take the time one after the other.
constexpr int64_t kApartMaxNs = 5 * kNsPerMs;

bool SaysTheSame(const EventRow& shown, const EventRow& other) {
  if (shown.body.empty()) return false;
  if (shown.body == other.body) return true;
  return !shown.span_id.empty() && shown.span_id == other.span_id &&
         other.body.starts_with(shown.body + " ") &&
         other.body.find(shown.trace_id.Hex(), shown.body.size()) != std::string::npos;
}

}  // namespace

std::vector<std::pair<size_t, size_t>> FindTwinLines(const std::vector<EventRow>& rows) {
  std::vector<size_t> shown;
  std::vector<size_t> others;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].signal != Signal::kLog) continue;
    if (rows[i].door == Door::kOtlp) shown.push_back(i);
    if (rows[i].door == Door::kCloudWatch) others.push_back(i);
  }
  const auto by_time = [&](size_t a, size_t b) {
    return std::tie(rows[a].time_ns, rows[a].event_id, a) <
           std::tie(rows[b].time_ns, rows[b].event_id, b);
  };
  std::sort(shown.begin(), shown.end(), by_time);
  std::sort(others.begin(), others.end(), by_time);

  std::vector<bool> taken(rows.size());
  std::vector<std::pair<size_t, size_t>> pairs;
  size_t first = 0;
  for (const size_t other : others) {
    const int64_t time_ns = rows[other].time_ns;
    while (first < shown.size() && rows[shown[first]].time_ns < time_ns - kApartMaxNs) ++first;
    size_t best = rows.size();
    for (size_t i = first; i < shown.size(); ++i) {
      const size_t line = shown[i];
      if (rows[line].time_ns > time_ns + kApartMaxNs) break;
      if (taken[line] || !SaysTheSame(rows[line], rows[other])) continue;
      if (best == rows.size() ||
          std::abs(rows[line].time_ns - time_ns) < std::abs(rows[best].time_ns - time_ns))
        best = line;
    }
    if (best == rows.size()) continue;
    taken[best] = true;
    pairs.emplace_back(best, other);
  }
  return pairs;
}

}  // namespace skep
