// SPDX-License-Identifier: Apache-2.0
#include "query/trace/own_time.h"

#include <algorithm>

namespace skep {
namespace {

constexpr double kShortest = 1.0 / 1000;

}  // namespace

std::vector<std::pair<double, double>> OwnTime(const TraceTree& tree, uint32_t at) {
  const TreeRow& row = tree.row(at);
  if (!row.IsSpan()) return {};
  if (row.end_ns <= row.time_ns) return {{0, 1}};
  std::vector<std::pair<int64_t, int64_t>> children;
  for (uint32_t child = tree.FirstChild(at); child != kNoRow; child = tree.NextSibling(child)) {
    const TreeRow& under = tree.row(child);
    if (under.IsSpan() && under.door == row.door)
      children.emplace_back(under.time_ns, under.end_ns);
  }
  std::sort(children.begin(), children.end());
  std::vector<std::pair<double, double>> parts;
  const auto length = static_cast<double>(row.end_ns - row.time_ns);
  const auto add = [&](int64_t from_ns, int64_t to_ns) {
    const double from = static_cast<double>(from_ns - row.time_ns) / length;
    const double to = static_cast<double>(to_ns - row.time_ns) / length;
    if (to - from >= kShortest) parts.emplace_back(from, to);
  };
  int64_t cursor = row.time_ns;
  for (const auto& [start_ns, end_ns] : children) {
    if (start_ns > cursor) add(cursor, std::min(start_ns, row.end_ns));
    cursor = std::max(cursor, end_ns);
  }
  if (cursor < row.end_ns) add(cursor, row.end_ns);
  return parts;
}

}  // namespace skep
