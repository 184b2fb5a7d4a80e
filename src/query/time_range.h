// SPDX-License-Identifier: Apache-2.0
// TimeRange: where in time a statement looks. The table is sorted by time, so a narrow range is
// what makes a question cheap. Values; pure.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "query/sql_writer.h"

namespace skep {

struct TimeRange {
  int64_t from_ns = 0;  // inclusive
  int64_t to_ns = 0;    // exclusive

  TimeRange Widened(int64_t before_ns, int64_t after_ns) const;
};

// In order, overlapping ones made one; of more than `ranges_max` the nearest neighbours are made
// one.
std::vector<TimeRange> Merge(std::vector<TimeRange> ranges, size_t ranges_max = 128);

// `project = ... AND time >= ... AND time < ...`: what every statement over `events` begins with.
void AppendProjectAndTime(std::string_view project, const TimeRange& range, SqlWriter* sql);
// The same for times in any of the ranges, of which there must be one at least.
void AppendProjectAndTimes(std::string_view project, const std::vector<TimeRange>& ranges,
                           SqlWriter* sql);

}  // namespace skep
