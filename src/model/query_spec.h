// SPDX-License-Identifier: Apache-2.0
// QuerySpec: a question about events, with everything that Honeycomb's query JSON can say, and
// nested and/or/not besides. The one form that the page, Honeycomb's door, saved queries, boards
// and triggers share; query/explore parses, checks, plans and runs it. Plain structs; values.
// https://docs.honeycomb.io/investigate/query/query-specification/
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace skep {

// All datasets of a project.
inline constexpr std::string_view kAllDatasets = "__all__";

// A JSON scalar as the client wrote it; monostate is null.
using SpecValue = std::variant<std::monostate, bool, int64_t, double, std::string>;

enum class SpecFilterOp : uint8_t {
  kEqual,
  kNotEqual,
  kGreater,
  kGreaterOrEqual,
  kLess,
  kLessOrEqual,
  kStartsWith,
  kDoesNotStartWith,
  kEndsWith,
  kDoesNotEndWith,
  kContains,
  kDoesNotContain,
  kExists,
  kDoesNotExist,
  kIn,
  kNotIn,
};

// A condition, or conditions put together.
struct SpecFilter {
  enum class Kind : uint8_t { kCondition, kAnd, kOr, kNot };
  Kind kind = Kind::kCondition;

  // kCondition. `column` may bear a relational prefix: root. parent. child. any. any2. any3. none.
  std::string column;
  SpecFilterOp op = SpecFilterOp::kExists;
  std::vector<SpecValue>
      values;  // none for the exists forms, any number for in and not-in, else one

  std::vector<SpecFilter> parts;  // of kAnd and kOr any number, of kNot one
};

enum class CalculationOp : uint8_t {
  kCount,
  kConcurrency,
  kSum,
  kAvg,
  kCountDistinct,
  kMax,
  kMin,
  kP001,
  kP01,
  kP05,
  kP10,
  kP20,
  kP25,
  kP50,
  kP75,
  kP80,
  kP90,
  kP95,
  kP99,
  kP999,
  kHeatmap,
  kRateAvg,
  kRateSum,
  kRateMax,
};

struct CalculationOpName {
  CalculationOp op;
  std::string_view name;  // as in the JSON
  double quantile;        // of the percentiles; else 0
};
inline constexpr std::array<CalculationOpName, 24> kCalculationOps = {{
    {CalculationOp::kCount, "COUNT", 0},
    {CalculationOp::kConcurrency, "CONCURRENCY", 0},
    {CalculationOp::kSum, "SUM", 0},
    {CalculationOp::kAvg, "AVG", 0},
    {CalculationOp::kCountDistinct, "COUNT_DISTINCT", 0},
    {CalculationOp::kMax, "MAX", 0},
    {CalculationOp::kMin, "MIN", 0},
    {CalculationOp::kP001, "P001", 0.001},
    {CalculationOp::kP01, "P01", 0.01},
    {CalculationOp::kP05, "P05", 0.05},
    {CalculationOp::kP10, "P10", 0.1},
    {CalculationOp::kP20, "P20", 0.2},
    {CalculationOp::kP25, "P25", 0.25},
    {CalculationOp::kP50, "P50", 0.5},
    {CalculationOp::kP75, "P75", 0.75},
    {CalculationOp::kP80, "P80", 0.8},
    {CalculationOp::kP90, "P90", 0.9},
    {CalculationOp::kP95, "P95", 0.95},
    {CalculationOp::kP99, "P99", 0.99},
    {CalculationOp::kP999, "P999", 0.999},
    {CalculationOp::kHeatmap, "HEATMAP", 0},
    {CalculationOp::kRateAvg, "RATE_AVG", 0},
    {CalculationOp::kRateSum, "RATE_SUM", 0},
    {CalculationOp::kRateMax, "RATE_MAX", 0},
}};
inline std::string_view NameOf(CalculationOp op) {
  return kCalculationOps[static_cast<size_t>(op)].name;
}
// 0.95 for P95; 0 for what is no percentile.
inline double QuantileOf(CalculationOp op) {
  return kCalculationOps[static_cast<size_t>(op)].quantile;
}

inline bool IsRate(CalculationOp op) { return op >= CalculationOp::kRateAvg; }

struct Calculation {
  CalculationOp op = CalculationOp::kCount;
  std::optional<std::string> column;
  std::string name;                 // given by the client; empty: Key() is made of op and column
  std::vector<SpecFilter> filters;  // of this calculation alone
  bool any_filter = false;          // filter_combination OR

  // What the answer calls it: its name, or `COUNT`, `P99(duration_ms)`.
  std::string Key() const {
    if (!name.empty()) return name;
    std::string key(NameOf(op));
    if (column) key += "(" + *column + ")";
    return key;
  }
};

// By a breakdown (no op), a calculation (op, and its column where it has one), or a named
// calculation or formula (its name as `column`, no op).
struct SpecOrder {
  std::optional<std::string> column;
  std::optional<CalculationOp> op;
  bool descending = false;
};

struct SpecHaving {
  CalculationOp op = CalculationOp::kCount;
  std::optional<std::string> column;
  SpecFilterOp compare = SpecFilterOp::kGreater;
  double value = 0;
};

// Visible to this query only; the language is query/expression's.
struct CalculatedField {
  std::string name;
  std::string expression;
};

// Over names of calculations; returned in their place.
struct SpecFormula {
  std::string name;
  std::string expression;
};

struct QuerySpec {
  static constexpr int64_t kDefaultRangeSeconds = 7200;
  static constexpr uint32_t kDefaultLimit = 100;

  std::vector<Calculation> calculations;  // none means COUNT
  std::vector<SpecFilter> filters;
  bool any_filter = false;  // filter_combination OR
  std::vector<std::string> breakdowns;
  std::vector<SpecOrder> orders;
  std::vector<SpecHaving> havings;
  std::optional<uint32_t> limit;
  std::vector<CalculatedField> calculated_fields;
  std::vector<SpecFormula> formulas;

  // Any two of the three; a range alone ends now, nothing means the last two hours. Seconds.
  std::optional<int64_t> start_time;
  std::optional<int64_t> end_time;
  std::optional<int64_t> time_range;
  int64_t granularity = 0;  // seconds; 0: chosen by the range
  std::optional<int64_t> compare_time_offset_seconds;
  bool usage_mode = false;  // counts stored rows: no correction by sample rate
};

}  // namespace skep
