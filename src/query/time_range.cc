// SPDX-License-Identifier: Apache-2.0
#include "query/time_range.h"

#include <algorithm>
#include <limits>

#include "base/check.h"
#include "base/clock.h"

namespace skep {
namespace {

int64_t AddSaturating(int64_t a, int64_t b) {
  int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return b > 0 ? std::numeric_limits<int64_t>::max() : std::numeric_limits<int64_t>::min();
}

void AppendTime(const TimeRange& range, SqlWriter* sql) {
  const bool whole_seconds = range.from_ns % kNsPerS == 0 && range.to_ns % kNsPerS == 0;
  // The hint looks `time` up in the index and does not read it.
  if (whole_seconds) sql->Sql("indexHint(");
  sql->Sql("time >= ").BindTime(range.from_ns).Sql(" AND time < ").BindTime(range.to_ns);
  if (!whole_seconds) return;
  sql->Sql(") AND time_s >= ").Bind(range.from_ns / kNsPerS);
  sql->Sql(" AND time_s < ").Bind(range.to_ns / kNsPerS);
}

// Ranges in order: those that are at most `gap_ns` apart become one.
std::vector<TimeRange> JoinNear(const std::vector<TimeRange>& ranges, int64_t gap_ns) {
  std::vector<TimeRange> joined;
  for (const TimeRange& range : ranges) {
    if (joined.empty() || range.from_ns > AddSaturating(joined.back().to_ns, gap_ns)) {
      joined.push_back(range);
    } else {
      joined.back().to_ns = std::max(joined.back().to_ns, range.to_ns);
    }
  }
  return joined;
}

}  // namespace

TimeRange TimeRange::Widened(int64_t before_ns, int64_t after_ns) const {
  return {AddSaturating(from_ns, -before_ns), AddSaturating(to_ns, after_ns)};
}

std::vector<TimeRange> Merge(std::vector<TimeRange> ranges, size_t ranges_max) {
  std::sort(ranges.begin(), ranges.end(),
            [](const TimeRange& a, const TimeRange& b) { return a.from_ns < b.from_ns; });
  ranges = JoinNear(ranges, 0);
  if (ranges.size() <= ranges_max) return ranges;
  std::vector<int64_t> gaps;
  for (size_t i = 1; i < ranges.size(); ++i)
    gaps.push_back(ranges[i].from_ns - ranges[i - 1].to_ns);
  // All but the widest gaps are bridged.
  const auto bridged = gaps.begin() + static_cast<ptrdiff_t>(gaps.size() - ranges_max);
  std::nth_element(gaps.begin(), bridged, gaps.end());
  return JoinNear(ranges, *bridged);
}

void AppendProjectAndTime(std::string_view project, const TimeRange& range, SqlWriter* sql) {
  sql->Sql("project = ").Bind(project).Sql(" AND ");
  AppendTime(range, sql);
}

void AppendProjectAndTimes(std::string_view project, const std::vector<TimeRange>& ranges,
                           SqlWriter* sql) {
  SKEP_CHECK(!ranges.empty());
  sql->Sql("project = ").Bind(project).Sql(" AND (");
  for (size_t i = 0; i < ranges.size(); ++i) {
    if (i > 0) sql->Sql(" OR ");
    sql->Sql("(");
    AppendTime(ranges[i], sql);
    sql->Sql(")");
  }
  sql->Sql(")");
}

}  // namespace skep
