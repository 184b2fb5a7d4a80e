// SPDX-License-Identifier: Apache-2.0
// Scores: what a field's values on both sides come to. The score is the largest difference that
// cannot well be chance, so that it ranks by how much differs and not by how many rows there are,
// and a selection of a handful of rows does not put luck first. Pure.
//
// Shares of one value: what is left between the two sides' bounds by Chernoff's inequality, which
// hold for any number of rows, wide enough for all values of all fields together (the normal
// distribution's are too narrow where a handful of rows is expected). Numbers: the largest
// difference of the two distribution functions, less what the inequality of Dvoretzky, Kiefer and
// Wolfowitz allows for chance on either side.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "query/bubbleup/bubbleup.h"

namespace skep {

// Of one side: all of its rows.
struct SideTotals {
  uint64_t rows = 0;
  double weight = 0;   // what they stand for
  double squares = 0;  // sum of the rows' weights squared
  // As many rows of equal weight would tell as much (Kish).
  double EffectiveRows() const { return squares > 0 ? weight * weight / squares : 0; }
};

struct BothTotals {
  SideTotals selection;
  SideTotals baseline;
};

struct SideCounts {
  uint64_t selection_rows = 0;
  uint64_t baseline_rows = 0;
  double selection_weight = 0;
  double baseline_weight = 0;
};

// A value, or a number's cell (one number: low == high).
struct CountedValue {
  std::string text;  // of a category
  double low = 0;    // of a number
  double high = 0;
  SideCounts counts;
};

struct CountedField {
  std::string name;
  BubbleUpKind kind = BubbleUpKind::kCategory;
  std::vector<CountedValue> values;
  SideCounts others;  // values that are not counted one by one
  SideCounts absent;
  uint64_t distinct = 0;
};

// `fields`: how many are compared in all.
BubbleUpField Score(CountedField field, const BothTotals& totals, size_t fields);

// Values that an answer lists, and bins of a number.
inline constexpr size_t kBubbleUpValues = 20;
inline constexpr size_t kBubbleUpBins = 24;

}  // namespace skep
