// SPDX-License-Identifier: Apache-2.0
// For the property test: one calculation over the rows of a group, weighted by sample rate. Only
// tests use it.
#pragma once

#include <bit>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "query/explore/naive_filter.h"
#include "query/explore/query_result.h"
#include "query/explore/query_window.h"

namespace skep::naive {

using GroupKey = std::vector<std::optional<std::string>>;

// A row's part in a question: all of it where it begins, and what it covers of each bucket.
struct Piece {
  const Row* row = nullptr;
  bool is_before = false;  // of the period compared with
  int64_t bucket = 0;
  bool begins = true;
  double overlap_ns = 0;
  const GroupKey* group = nullptr;  // one for all rows of the group
};
using Pieces = std::vector<const Piece*>;

class Measurer {
 public:
  // All must outlive it.
  Measurer(const QuerySpec* spec, const QueryWindow* window, const Names* names)
      : spec_(spec), window_(window), names_(names) {}

  // Of RATE_x the value of x.
  Measure MeasureOf(const Calculation& calculation, const Pieces& pieces, bool is_whole) const {
    Measure measure;
    if (calculation.op == CalculationOp::kCountDistinct) {
      std::set<std::string> texts;
      for (const Piece* piece : pieces) {
        if (!piece->begins ||
            !Passes(calculation.filters, calculation.any_filter, *piece->row, *names_))
          continue;
        if (const auto text = names_->Text(*piece->row, *calculation.column)) texts.insert(*text);
      }
      measure.value = static_cast<double>(texts.size());
      return measure;
    }
    const std::vector<Weighted> numbers = NumbersOf(calculation, pieces);
    const auto by_value = [](const Weighted& a, const Weighted& b) { return a.value < b.value; };
    switch (calculation.op) {
      case CalculationOp::kCount:
        measure.value = Sum(numbers);
        measure.standard_error = ErrorOfSum(numbers, 0);
        return measure;
      case CalculationOp::kConcurrency: {
        const double length =
            static_cast<double>((is_whole ? window_->length_s() : window_->granularity_s) * kNs);
        if (!numbers.empty() || pieces.empty()) measure.value = Sum(numbers) / length;
        measure.standard_error = ErrorOfSum(numbers, 0) / length;
        return measure;
      }
      case CalculationOp::kSum:
      case CalculationOp::kRateSum:
        if (!numbers.empty()) measure.value = Sum(numbers);
        measure.standard_error = ErrorOfSum(numbers, 0);
        return measure;
      case CalculationOp::kAvg:
      case CalculationOp::kRateAvg:
        return Average(numbers);
      case CalculationOp::kMin:
        if (!numbers.empty())
          measure.value = std::min_element(numbers.begin(), numbers.end(), by_value)->value;
        return measure;
      case CalculationOp::kMax:
      case CalculationOp::kRateMax:
        if (!numbers.empty())
          measure.value = std::max_element(numbers.begin(), numbers.end(), by_value)->value;
        return measure;
      case CalculationOp::kHeatmap:
        measure.value = HeatmapOf(numbers);
        return measure;
      default:
        return Quantile(numbers, QuantileOf(calculation.op));
    }
  }

 private:
  static constexpr int64_t kNs = 1'000'000'000;

  double WeightOf(const Row& row) const { return spec_->usage_mode ? 1 : row.sample_rate; }

  struct Weighted {
    double value = 0;
    double weight = 1;
  };
  // What a calculation's column is in the rows that it counts.
  std::vector<Weighted> NumbersOf(const Calculation& calculation, const Pieces& pieces) const {
    std::vector<Weighted> numbers;
    for (const Piece* piece : pieces) {
      if (!Passes(calculation.filters, calculation.any_filter, *piece->row, *names_)) continue;
      if (calculation.op == CalculationOp::kConcurrency) {
        numbers.push_back({piece->overlap_ns, WeightOf(*piece->row)});
        continue;
      }
      if (!piece->begins) continue;
      if (calculation.op == CalculationOp::kCount) {
        if (!calculation.column || names_->Text(*piece->row, *calculation.column))
          numbers.push_back({1, WeightOf(*piece->row)});
      } else if (const auto number = names_->Number(*piece->row, *calculation.column)) {
        numbers.push_back({*number, WeightOf(*piece->row)});
      }
    }
    return numbers;
  }

  static double Sum(const std::vector<Weighted>& numbers) {
    double sum = 0;
    for (const Weighted& each : numbers) sum += each.value * each.weight;
    return sum;
  }
  // Of the sum of what is that far from `center`: a row kept with chance 1/w varies by w(w-1).
  static double ErrorOfSum(const std::vector<Weighted>& numbers, double center) {
    double variance = 0;
    for (const Weighted& each : numbers)
      variance += each.weight * (each.weight - 1) * (each.value - center) * (each.value - center);
    return std::sqrt(std::max(0.0, variance));
  }

  static Measure Average(const std::vector<Weighted>& numbers) {
    double weight = 0;
    for (const Weighted& each : numbers) weight += each.weight;
    Measure measure;
    if (weight == 0) return measure;
    const double average = Sum(numbers) / weight;
    measure.value = average;
    measure.standard_error = ErrorOfSum(numbers, average) / weight;
    return measure;
  }

  // The least number with more than `quantile` of the weight at or below it.
  static Measure Quantile(std::vector<Weighted> numbers, double quantile) {
    Measure measure;
    if (numbers.empty()) return measure;
    std::sort(numbers.begin(), numbers.end(),
              [](const Weighted& a, const Weighted& b) { return a.value < b.value; });
    const auto parts = [](double weight) {
      return static_cast<__int128>(std::llround(weight * 65536));
    };
    __int128 all = 0;
    for (const Weighted& each : numbers) all += parts(each.weight);
    const __int128 thousandths = std::llround(quantile * 1000);
    __int128 below = 0;
    for (const Weighted& each : numbers) {
      below += parts(each.weight);
      measure.value = each.value;
      if (below * 1000 > all * thousandths) break;
    }
    return measure;
  }

  static Heatmap HeatmapOf(const std::vector<Weighted>& numbers) {
    std::map<double, HeatmapCell> cells;
    for (const Weighted& each : numbers) {
      HeatmapCell cell = CellOf(std::fabs(each.value));
      if (each.value < 0) cell = {-cell.high, -cell.low, 0};
      cells.emplace(cell.low, cell).first->second.count += each.weight;
    }
    Heatmap heatmap;
    for (const auto& [low, cell] : cells) heatmap.push_back(cell);
    return heatmap;
  }
  // Eight cells in each doubling; below the smallest normal number there are no doublings.
  static HeatmapCell CellOf(double size) {
    if (size < std::numeric_limits<double>::min())
      return {0, std::bit_cast<double>(uint64_t{1} << 49), 0};
    int exponent = 0;
    const double fraction = std::frexp(size, &exponent);  // 0.5 to 1
    const double eighth = std::floor((fraction - 0.5) * 16);
    return {std::ldexp(0.5 + eighth / 16, exponent), std::ldexp(0.5 + (eighth + 1) / 16, exponent),
            0};
  }

  const QuerySpec* spec_;
  const QueryWindow* window_;
  const Names* names_;
};

}  // namespace skep::naive
