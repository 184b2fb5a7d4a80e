// SPDX-License-Identifier: Apache-2.0
// The statements of a BubbleUp. Rows are read once for many fields: each field is a grouping set of
// its own over the same rows, which costs little more than reading its column, and only values that
// may tell something come back, the others added up. Pure.
//
//   SELECT f, …, sum(sn), sum(bn) FROM (
//     SELECT multiIf(GROUPING(k0) = 0, 0, …) AS f, coalesce(k0, toString(k1), …) AS v, sum(s) AS sn
//     FROM (SELECT … AS s, … AS b, … AS k0, … AS k1 FROM events WHERE …)
//     GROUP BY GROUPING SETS ((k0), (k1), …)) GROUP BY f, part, value
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/statement.h"
#include "query/bubbleup/bubbleup.h"
#include "query/explore/field_sql.h"
#include "query/time_range.h"

namespace skep {

struct BubbleUpPlan {
  const BubbleUpRequest& request;
  const Fields& fields;
  TimeRange range;
  bool sampled = true;  // some row may stand for more than itself
};

// How a field's values are told apart.
enum class BubbleUpKey : uint8_t {
  kText,    // canonical text
  kNumber,  // each number
  kCells,   // eight cells in each doubling
};

struct BubbleUpColumn {
  std::string name;
  BubbleUpKey key = BubbleUpKey::kText;
};

// One row: rows of both sides, what they stand for, and the sum of its squares, selection first.
Statement PlanBubbleUpTotals(const BubbleUpPlan& plan);

// Values with at least so many rows on a side come back one by one; cells always do.
struct BubbleUpThreshold {
  uint64_t selection_rows = 0;
  uint64_t baseline_rows = 0;
};

// Which part of a field's rows an answer's row is.
inline constexpr int64_t kAbsentPart = 0;
inline constexpr int64_t kValuePart = 1;
inline constexpr int64_t kOthersPart = 2;

// Columns: place of the field, part, value, how many values, rows of both sides, and what they
// stand for.
Statement PlanBubbleUpFields(const BubbleUpPlan& plan, std::span<const BubbleUpColumn> columns,
                             const BubbleUpThreshold& threshold);

// The numbers that a cell of kCells holds: low <= value < high (below zero: low < value <= high).
struct NumberCell {
  double low = 0;
  double high = 0;
};
NumberCell CellOf(int64_t code);

// The filters that a selection comes down to.
std::vector<SpecFilter> FiltersOfSelection(const BubbleUpSelection& selection);

}  // namespace skep
