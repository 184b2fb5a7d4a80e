// SPDX-License-Identifier: Apache-2.0
#include "query/explore/query_answer.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "query/explore/row_select.h"
#include "query/expression/number_text.h"

namespace skep {
namespace {

constexpr double kNsPerSecond = 1e9;
constexpr int kCellShift = 49;  // of a double's bits: its sign, exponent and three bits more

double BoundOf(int64_t cell) {
  const double bound = std::bit_cast<double>(static_cast<uint64_t>(cell) << kCellShift);
  return std::isfinite(bound) ? bound : std::numeric_limits<double>::max();
}

bool ReadNumber(std::string_view text, SpecValue* value) {
  const char* const end = text.data() + text.size();
  int64_t whole = 0;
  if (const auto read = std::from_chars(text.data(), end, whole);
      read.ec == std::errc() && read.ptr == end) {
    *value = whole;
    return true;
  }
  double real = 0;
  const auto read = std::from_chars(text.data(), end, real);
  if (read.ec != std::errc() || read.ptr != end || !std::isfinite(real)) return false;
  *value = real;
  return true;
}

// The value that a group's text stands for, where rows had it as something else than text.
SpecValue GroupValue(std::string_view text, TypeSet types, bool was_no_text) {
  SpecValue value = std::string(text);
  if (!was_no_text) return value;
  if (types.Has(ValueType::kBool) && (text == "true" || text == "false")) return text == "true";
  ReadNumber(text, &value);
  return value;
}

// By size, numbers before text, nothing last; as the statement chooses what to show.
double NumberOf(const SpecValue& value) {
  if (const auto* whole = std::get_if<int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? kNone : skep::NumberOf(*text).value_or(kNone);
}

std::string TextOf(const SpecValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* whole = std::get_if<int64_t>(&value)) return std::to_string(*whole);
  if (const auto* real = std::get_if<double>(&value)) return FloatText(*real);
  return {};
}

// -1, 0, 1; what is missing is last whichever way it goes.
int Compare(double a, double b, bool descending) {
  if (std::isnan(a) || std::isnan(b))
    return static_cast<int>(std::isnan(a)) - static_cast<int>(std::isnan(b));
  if (a == b) return 0;
  return (a < b) != descending ? -1 : 1;
}

int Compare(const SpecValue& a, const SpecValue& b, bool descending) {
  if (const int by_number = Compare(NumberOf(a), NumberOf(b), descending)) return by_number;
  const bool no_a = std::holds_alternative<std::monostate>(a);
  const bool no_b = std::holds_alternative<std::monostate>(b);
  if (no_a || no_b) return static_cast<int>(no_a) - static_cast<int>(no_b);
  const int by_text = TextOf(a).compare(TextOf(b));
  return descending ? -by_text : by_text;
}

class Assembler {
 public:
  Assembler(const QueryShape& shape, const Fields& fields, const Formulas& formulas,
            const ResultTable& table)
      : shape_(shape),
        fields_(fields),
        formulas_(formulas),
        table_(table),
        calculations_(CalculationsOf(shape.spec)),
        groups_(shape.spec.breakdowns.size()) {}

  QueryResult Assemble() {
    QueryResult now;
    Describe(0, &now);
    FindGroups(&now);
    std::shared_ptr<QueryResult> before;
    if (shape_.window.compare_offset_s != 0) {
      before = std::make_shared<QueryResult>();
      Describe(shape_.window.compare_offset_s, before.get());
      for (const ResultRow& row : now.rows) before->rows.push_back({row.group, {}});
    }
    for (size_t i = 0; i < table_.rows; ++i)
      Take(i, UInt(i, QueryColumns::kPeriod) != 0 && before ? before.get() : &now);
    Complete(&now);
    if (before) Complete(before.get());
    const std::vector<size_t> order = OrderOf(now);
    Finish(order, &now);
    if (before) {
      Finish(order, before.get());
      now.compare = std::move(before);
    }
    now.rows_read = table_.rows_read;
    now.bytes_read = table_.bytes_read;
    now.elapsed_ns = table_.elapsed_ns;
    return now;
  }

 private:
  uint64_t UInt(size_t row, size_t column) const { return table_.column(column).UInt(row); }
  bool IsGroup(size_t row) const {
    return groups_ > 0 && UInt(row, QueryColumns::kIsTotal) == 0 &&
           UInt(row, QueryColumns::kShown) != 0;
  }

  void Describe(int64_t offset_s, QueryResult* result) const {
    const QueryWindow& window = shape_.window;
    result->breakdowns = shape_.spec.breakdowns;
    for (const SpecFormula& formula : shape_.spec.formulas) {
      result->keys.push_back(formula.name);
      result->ops.emplace_back();
    }
    if (result->keys.empty())
      for (const Calculation& calculation : calculations_) {
        result->keys.push_back(calculation.Key());
        result->ops.emplace_back(calculation.op);
      }
    result->start_s = window.start_s - offset_s;
    result->end_s = window.end_s - offset_s;
    result->granularity_s = window.granularity_s;
  }

  const std::string& KeyOf(size_t row) {
    key_.clear();
    for (size_t i = 0; i < groups_; ++i) {
      const ResultColumn& column = table_.column(QueryColumns::kGroup + 2 * i);
      key_ += column.IsNull(row) ? '-' : '+';
      if (!column.IsNull(row)) key_ += column.Text(row);
      key_ += '\0';
    }
    return key_;
  }

  ResultRow RowOf(size_t row) const {
    ResultRow made;
    for (size_t i = 0; i < groups_; ++i) {
      const ResultColumn& text = table_.column(QueryColumns::kGroup + 2 * i);
      if (text.IsNull(row)) {
        made.group.emplace_back();
        continue;
      }
      const TypeSet types = BreakdownTypes(shape_.spec.breakdowns[i], fields_);
      const bool no_text =
          !types.Has(ValueType::kString) || UInt(row, QueryColumns::kGroup + 2 * i + 1) != 0;
      made.group.push_back(GroupValue(text.Text(row), types, no_text));
    }
    made.measures = MeasuresOf(row, true);
    return made;
  }

  Measures MeasuresOf(size_t row, bool whole) const {
    Measures measures;
    for (size_t i = 0; i < calculations_.size(); ++i) {
      const size_t at = QueryColumns::kGroup + 2 * groups_ + 2 * i;
      Measure& measure = measures.emplace_back();
      if (calculations_[i].op == CalculationOp::kHeatmap) {
        measure.value = HeatmapOf(row, at);
        continue;
      }
      const ResultColumn& value = table_.column(at);
      if (value.IsNull(row) || std::isnan(value.Float(row))) continue;
      const ResultColumn& error = table_.column(at + 1);
      const double scale = ScaleOf(calculations_[i].op, whole);
      measure.value = value.Float(row) / scale;
      if (!error.IsNull(row) && std::isfinite(error.Float(row)))
        measure.standard_error = error.Float(row) / scale;
    }
    return measures;
  }

  // CONCURRENCY comes as nanoseconds of spans in the bucket, or in the range.
  double ScaleOf(CalculationOp op, bool whole) const {
    if (op != CalculationOp::kConcurrency) return 1;
    const QueryWindow& window = shape_.window;
    return static_cast<double>(whole ? window.length_s() : window.granularity_s) * kNsPerSecond;
  }

  Heatmap HeatmapOf(size_t row, size_t at) const {
    Heatmap heatmap;
    const ArrayData& cells = table_.column(at).Array();
    const ArrayData& counts = table_.column(at + 1).Array();
    const uint64_t begin = row == 0 ? 0 : cells.offsets[row - 1];
    for (uint64_t i = begin; i < cells.offsets[row]; ++i) {
      heatmap.push_back(HeatmapCellOf(cells.elements->Int(i)));
      heatmap.back().count = counts.elements->Float(i);
    }
    return heatmap;
  }

  void FindGroups(QueryResult* result) {
    for (size_t i = 0; i < table_.rows; ++i) {
      if (!IsGroup(i) || UInt(i, QueryColumns::kIsWhole) == 0 ||
          UInt(i, QueryColumns::kPeriod) != 0)
        continue;
      row_of_.emplace(KeyOf(i), result->rows.size());
      result->rows.push_back(RowOf(i));
    }
  }

  // The rows in the order asked for.
  std::vector<size_t> OrderOf(const QueryResult& result) const {
    std::vector<size_t> order(result.rows.size());
    std::iota(order.begin(), order.end(), size_t{0});
    const std::vector<OrderKey> keys = OrdersOf(shape_.spec);
    std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
      return Compare(keys, result.rows[a], result.rows[b]) < 0;
    });
    return order;
  }

  int Compare(const std::vector<OrderKey>& keys, const ResultRow& a, const ResultRow& b) const {
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    for (const OrderKey& key : keys) {
      const bool formula = key.kind == OrderKey::Kind::kFormula;
      const size_t at = key.index + (formula ? calculations_.size() : 0);
      const int by = key.kind == OrderKey::Kind::kBreakdown
                         ? skep::Compare(a.group[at], b.group[at], key.descending)
                         : skep::Compare(a.measures[at].Number(kNone), b.measures[at].Number(kNone),
                                         key.descending);
      if (by != 0) return by;
    }
    for (size_t i = 0; i < groups_; ++i)
      if (const int by = skep::Compare(a.group[i], b.group[i], false)) return by;
    return 0;
  }

  void Take(size_t i, QueryResult* result) {
    const bool whole = UInt(i, QueryColumns::kIsWhole) != 0;
    const bool is_total = UInt(i, QueryColumns::kIsTotal) != 0;
    const int64_t time_s =
        table_.column(QueryColumns::kBucket).Int(i) * shape_.window.granularity_s -
        (shape_.window.start_s - result->start_s);
    if (is_total) {
      if (whole)
        result->total = MeasuresOf(i, true);
      else
        result->total_series.push_back({time_s, MeasuresOf(i, false)});
      return;
    }
    if (!IsGroup(i)) {
      if (whole)
        result->other = MeasuresOf(i, true);
      else
        result->other_series.push_back({time_s, MeasuresOf(i, false)});
      return;
    }
    const auto row = row_of_.find(KeyOf(i));
    if (row == row_of_.end()) return;
    if (whole)
      result->rows[row->second].measures = MeasuresOf(i, true);
    else
      result->series.push_back({time_s, row->second, MeasuresOf(i, false)});
  }

  // What no row gave: counts are 0, all else is nothing.
  Measures Nothing() const {
    Measures measures(calculations_.size());
    for (size_t i = 0; i < calculations_.size(); ++i) {
      const CalculationOp op = calculations_[i].op;
      if (op == CalculationOp::kHeatmap) measures[i].value = Heatmap();
      if (op == CalculationOp::kCount || op == CalculationOp::kConcurrency ||
          op == CalculationOp::kCountDistinct)
        measures[i].value = 0.0;
    }
    return measures;
  }

  // What is missing, RATE_x, and the formulas, behind the calculations.
  void Complete(QueryResult* result) const {
    const auto by_time = [](const auto& a, const auto& b) { return a.time_s < b.time_s; };
    std::sort(result->series.begin(), result->series.end(), by_time);
    std::sort(result->total_series.begin(), result->total_series.end(), by_time);
    std::sort(result->other_series.begin(), result->other_series.end(), by_time);
    if (result->total.empty()) result->total = Nothing();
    for (ResultRow& row : result->rows)
      if (row.measures.empty()) row.measures = Nothing();
    for (size_t i = 0; i < calculations_.size(); ++i)
      if (IsRate(calculations_[i].op)) StepAll(i, result);
    if (formulas_.size() == 0) return;
    for (ResultRow& row : result->rows) AddFormulas(&row.measures);
    for (SeriesPoint& point : result->series) AddFormulas(&point.measures);
    AddFormulas(&result->total);
    for (TotalPoint& point : result->total_series) AddFormulas(&point.measures);
    if (!result->other.empty()) AddFormulas(&result->other);
    for (TotalPoint& point : result->other_series) AddFormulas(&point.measures);
  }

  void StepAll(size_t calculation, QueryResult* result) const {
    std::vector<std::vector<Measures*>> of_row(result->rows.size());
    for (SeriesPoint& point : result->series) of_row[point.row].push_back(&point.measures);
    for (size_t i = 0; i < of_row.size(); ++i)
      Step(calculation, of_row[i], &result->rows[i].measures);
    std::vector<Measures*> points;
    for (TotalPoint& point : result->total_series) points.push_back(&point.measures);
    Step(calculation, points, &result->total);
    points.clear();
    for (TotalPoint& point : result->other_series) points.push_back(&point.measures);
    if (!result->other.empty()) Step(calculation, points, &result->other);
  }

  // Each point's value becomes the step from the one before that has a value; the whole, their
  // mean.
  static void Step(size_t calculation, const std::vector<Measures*>& points, Measures* whole) {
    std::optional<double> last;
    double sum = 0;
    size_t steps = 0;
    for (Measures* point : points) {
      Measure& measure = (*point)[calculation];
      if (measure.IsNull()) continue;
      const double value = measure.Number();
      measure = Measure();
      if (last) {
        measure.value = value - *last;
        sum += value - *last;
        ++steps;
      }
      last = value;
    }
    (*whole)[calculation] = Measure();
    if (steps > 0) (*whole)[calculation].value = sum / static_cast<double>(steps);
  }

  void AddFormulas(Measures* measures) const {
    for (size_t i = 0; i < formulas_.size(); ++i)
      measures->push_back(formulas_.Compute(i, *measures));
  }

  // Formulas stand in place of the calculations.
  void Strip(Measures* measures) const {
    if (formulas_.size() > 0 && !measures->empty())
      measures->erase(measures->begin(),
                      measures->begin() + static_cast<ptrdiff_t>(calculations_.size()));
  }

  void Finish(const std::vector<size_t>& order, QueryResult* result) const {
    std::vector<ResultRow> rows;
    std::vector<size_t> place(order.size());
    for (const size_t from : order) {
      place[from] = rows.size();
      rows.push_back(std::move(result->rows[from]));
    }
    result->rows = std::move(rows);
    for (SeriesPoint& point : result->series) point.row = place[point.row];
    std::sort(result->series.begin(), result->series.end(),
              [](const SeriesPoint& a, const SeriesPoint& b) {
                return std::pair(a.time_s, a.row) < std::pair(b.time_s, b.row);
              });
    if (groups_ == 0) {
      // The only group is everything.
      result->rows.push_back({{}, result->total});
      for (const TotalPoint& point : result->total_series)
        result->series.push_back({point.time_s, 0, point.measures});
    }
    for (ResultRow& row : result->rows) Strip(&row.measures);
    for (SeriesPoint& point : result->series) Strip(&point.measures);
    Strip(&result->total);
    for (TotalPoint& point : result->total_series) Strip(&point.measures);
    Strip(&result->other);
    for (TotalPoint& point : result->other_series) Strip(&point.measures);
    if (!shape_.total) {
      result->total.clear();
      result->total_series.clear();
    }
    if (!shape_.other) {
      result->other.clear();
      result->other_series.clear();
    }
  }

  const QueryShape& shape_;
  const Fields& fields_;
  const Formulas& formulas_;
  const ResultTable& table_;
  const std::vector<Calculation> calculations_;
  const size_t groups_;
  std::unordered_map<std::string, size_t> row_of_;
  std::string key_;  // kept from row to row
};

}  // namespace

HeatmapCell HeatmapCellOf(int64_t number) {
  if (number >= 0) return {BoundOf(number), BoundOf(number + 1), 0};
  const int64_t mirrored = -1 - number;
  return {-BoundOf(mirrored + 1), -BoundOf(mirrored), 0};
}

QueryResult AssembleAnswer(const QueryShape& shape, const Fields& fields, const Formulas& formulas,
                           const ResultTable& table) {
  return Assembler(shape, fields, formulas, table).Assemble();
}

}  // namespace skep
