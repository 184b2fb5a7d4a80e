// SPDX-License-Identifier: Apache-2.0
// QueryWindow: which time a query is about and how it is cut into buckets. Buckets begin at
// multiples of the granularity since 1970, so that the same question a minute later has the same
// ones; the first and the last may reach over the range's ends. Pure.
#pragma once

#include <cstdint>
#include <span>

#include "model/query_spec.h"
#include "query/time_range.h"

namespace skep {

struct QueryWindow {
  int64_t start_s = 0;  // inclusive
  int64_t end_s = 0;    // exclusive
  int64_t granularity_s = 1;
  int64_t compare_offset_s = 0;  // 0: nothing to compare with

  int64_t length_s() const { return end_s - start_s; }
  // Buckets are numbered since 1970.
  int64_t first_bucket() const { return start_s / granularity_s; }
  int64_t buckets() const { return (end_s - 1) / granularity_s - first_bucket() + 1; }
  TimeRange range() const;
  TimeRange compare_range() const;  // empty without
};

// Steps of the automatic choice: the least one with at most kBucketsWanted buckets.
std::span<const int64_t> GranularityLadder();
inline constexpr int64_t kBucketsWanted = 120;
// Of a granularity that is asked for.
inline constexpr int64_t kBucketsMax = 1000;
int64_t ChooseGranularity(int64_t length_s);

// `spec` must have passed ParseQuerySpec.
QueryWindow WindowOf(const QuerySpec& spec, int64_t now_ns);

}  // namespace skep
