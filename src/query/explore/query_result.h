// SPDX-License-Identifier: Apache-2.0
// QueryResult: an answer as typed rows: one a group with its summary, the same groups over time,
// and what they add up to. result_json.h writes it for clients; triggers, BubbleUp and tests read
// it as it is. Values; read-only once made.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/query_spec.h"

namespace skep {

// One cell of a HEATMAP's scale: `low <= value < high` (below zero: low < value <= high). Eight
// cells in each doubling, so bounds are the same in every answer and fit durations of any size;
// zero has its own.
struct HeatmapCell {
  double low = 0;
  double high = 0;
  double count = 0;  // weighted
};
// In order of `low`; cells without rows are left out.
using Heatmap = std::vector<HeatmapCell>;

// What a calculation gave. monostate: nothing to calculate on (AVG of no rows).
struct Measure {
  std::variant<std::monostate, double, Heatmap> value;
  double standard_error = 0;  // of a number; 0 when every row was kept, or where none is known
  bool IsNull() const { return std::holds_alternative<std::monostate>(value); }
  double Number(double otherwise = 0) const {
    const auto* number = std::get_if<double>(&value);
    return number == nullptr ? otherwise : *number;
  }
};
using Measures = std::vector<Measure>;

struct ResultRow {
  // A value of each breakdown; a number or a bool when rows of the group had that type, else text.
  std::vector<SpecValue> group;
  Measures measures;
};

struct SeriesPoint {
  int64_t time_s = 0;  // start of its bucket
  size_t row = 0;      // which of `rows`
  Measures measures;
};

struct TotalPoint {
  int64_t time_s = 0;
  Measures measures;
};

struct QueryResult {
  std::vector<std::string> breakdowns;  // names of ResultRow::group
  std::vector<std::string> keys;        // names of the measures: calculations, or formulas
  std::vector<std::optional<CalculationOp>> ops;  // what each is; of a formula nothing

  int64_t start_s = 0;  // inclusive
  int64_t end_s = 0;    // exclusive
  int64_t granularity_s = 0;

  std::vector<ResultRow> rows;      // in order, cut by the limit
  std::vector<SeriesPoint> series;  // by time, then row; buckets without rows are left out
  Measures total;                   // over every group; empty when not asked for
  std::vector<TotalPoint> total_series;
  // What TOTAL has beyond the rows: the groups that the limit or a having cut. Empty when not asked
  // for, or nothing was cut.
  Measures other;
  std::vector<TotalPoint> other_series;

  // The same question, compare_time_offset_seconds earlier, over the same groups; its own times.
  std::shared_ptr<const QueryResult> compare;  // shared: results are handed around whole

  // What it took.
  uint64_t rows_read = 0;
  uint64_t bytes_read = 0;
  int64_t elapsed_ns = 0;
};

}  // namespace skep
