// SPDX-License-Identifier: Apache-2.0
// PlanQuery: a checked spec as one statement, which reads the rows once if it may. Rows become
// states per group and bucket of time (MeasurePlan), kept by the engine as a table of the
// statement's own; the groups to show are chosen from it, and it is merged into groups, their
// series, OTHER and TOTAL. Pure; query_answer.h reads what comes back.
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
#include "query/explore/formulas.h"
#include "query/explore/query_shape.h"

namespace skep {

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

Statement PlanQuery(const QueryShape& shape, const Fields& fields, const Formulas& formulas);

// The statement that RunQuery runs for a checked request.
Statement StatementOf(const QueryRequest& request, const FieldTypes& types, bool sampled,
                      Looks looks = Looks::kOnce);

// Whether any row stands for more than itself: an answer without rows means none does.
Statement PlanSampledProbe(const QueryShape& shape, const Fields& fields);

// Whether it has RATE_x, whose steps are those of its series.
bool HasRate(const QuerySpec& spec);
// The calculations of a spec: COUNT where it names none.
std::vector<Calculation> CalculationsOf(const QuerySpec& spec);

// What groups are ordered by.
struct OrderKey {
  enum class Kind : uint8_t { kBreakdown, kCalculation, kFormula };
  Kind kind = Kind::kBreakdown;
  size_t index = 0;
  bool descending = false;
};
// The orders, or what stands for none: the first formula or calculation that is a number, from
// above.
std::vector<OrderKey> OrdersOf(const QuerySpec& spec);

}  // namespace skep
