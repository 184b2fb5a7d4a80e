// SPDX-License-Identifier: Apache-2.0
// PlanQuery: a checked spec as one statement that reads the rows once. Rows become states per group
// and bucket of time (MeasurePlan), kept by the engine as a table of the statement's own; the
// groups to show are chosen from it, and it is merged into groups, their series, OTHER and TOTAL.
// Pure; query_answer.h reads what comes back.
//
//   WITH s AS MATERIALIZED (SELECT p, k1, b, … FROM (SELECT … FROM events WHERE …) GROUP BY p, k1,
//   b),
//        top AS MATERIALIZED (SELECT k1, … FROM s GROUP BY k1 HAVING … ORDER BY … LIMIT n)
//   SELECT … FROM (SELECT …, k1 IN top AS shown FROM s) GROUP BY GROUPING SETS (…)
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/query_spec.h"
#include "model/statement.h"
#include "query/explore/field_sql.h"
#include "query/explore/query_window.h"

namespace skep {

struct QueryShape {
  QuerySpec spec;
  std::string project = "default";
  QueryWindow window;
  uint32_t limit = QuerySpec::kDefaultLimit;
  bool series = true;
  bool total = true;
  bool other = true;
  bool sampled = true;  // some row may stand for more than itself
};

// What an answer's columns are, from left to right: `is_total`, `is_whole` (no bucket), `p` (1: the
// period compared with), `shown`, `b`, then for each breakdown its text and whether a row had it as
// no text, then for each calculation its value and standard error (of a heatmap cells and counts).
struct QueryColumns {
  static constexpr size_t kIsTotal = 0;
  static constexpr size_t kIsWhole = 1;
  static constexpr size_t kPeriod = 2;
  static constexpr size_t kShown = 3;
  static constexpr size_t kBucket = 4;
  static constexpr size_t kGroup = 5;
};

Statement PlanQuery(const QueryShape& shape, const Fields& fields);

// Whether any row stands for more than itself: an answer without rows means none does.
Statement PlanSampledProbe(const QueryShape& shape, const Fields& fields);

// The calculations of a spec: COUNT where it names none.
std::vector<Calculation> CalculationsOf(const QuerySpec& spec);
// The orders, or those that stand for none: the first calculation that is a number, from above.
std::vector<SpecOrder> OrdersOf(const QuerySpec& spec);
// Which calculation an order or a having means; nothing for a breakdown.
std::optional<size_t> CalculationOf(const SpecOrder& order,
                                    const std::vector<Calculation>& calculations);

}  // namespace skep
