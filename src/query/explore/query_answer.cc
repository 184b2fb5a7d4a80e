// SPDX-License-Identifier: Apache-2.0
#include "query/explore/query_answer.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

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
  SpecValue read;
  if (const auto* text = std::get_if<std::string>(&value);
      text != nullptr && ReadNumber(*text, &read))
    return NumberOf(read);
  return std::numeric_limits<double>::quiet_NaN();
}

std::string TextOf(const SpecValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
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
  Assembler(const QueryShape& shape, const Fields& fields, const ResultTable& table)
      : shape_(shape),
        fields_(fields),
        table_(table),
        calculations_(CalculationsOf(shape.spec)),
        groups_(shape.spec.breakdowns.size()) {}

  QueryResult Assemble() {
    auto compared = shape_.window.compare_offset_s != 0 ? std::make_shared<QueryResult>() : nullptr;
    QueryResult now;
    Describe(0, &now);
    if (compared) Describe(shape_.window.compare_offset_s, compared.get());
    FindGroups(&now);
    if (compared) {
      for (const ResultRow& row : now.rows) compared->rows.push_back({row.group, {}});
    }
    for (size_t i = 0; i < table_.rows; ++i)
      Take(i, UInt(i, QueryColumns::kPeriod) != 0 && compared ? compared.get() : &now);
    Finish(&now);
    if (compared) {
      Finish(compared.get());
      now.compare = std::move(compared);
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
    for (const Calculation& calculation : calculations_) {
      result->keys.push_back(calculation.Key());
      result->ops.emplace_back(calculation.op);
    }
    result->start_s = window.start_s - offset_s;
    result->end_s = window.end_s - offset_s;
    result->granularity_s = window.granularity_s;
  }

  std::string KeyOf(size_t row) const {
    std::string key;
    for (size_t i = 0; i < groups_; ++i) {
      const ResultColumn& column = table_.column(QueryColumns::kGroup + 2 * i);
      key += column.IsNull(row) ? '-' : '+';
      if (!column.IsNull(row)) key += column.Text(row);
      key += '\0';
    }
    return key;
  }

  ResultRow RowOf(size_t row) const {
    ResultRow made;
    for (size_t i = 0; i < groups_; ++i) {
      const ResultColumn& text = table_.column(QueryColumns::kGroup + 2 * i);
      if (text.IsNull(row)) {
        made.group.emplace_back();
        continue;
      }
      const TypeSet types = fields_.TypesOf(shape_.spec.breakdowns[i]);
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
    std::vector<std::pair<std::string, ResultRow>> found;
    for (size_t i = 0; i < table_.rows; ++i)
      if (IsGroup(i) && UInt(i, QueryColumns::kIsWhole) != 0 && UInt(i, QueryColumns::kPeriod) == 0)
        found.emplace_back(KeyOf(i), RowOf(i));
    std::sort(found.begin(), found.end(), [this](const auto& a, const auto& b) {
      const int order = Order(a.second, b.second);
      return order != 0 ? order < 0 : a.first < b.first;
    });
    for (auto& [key, row] : found) {
      row_of_.emplace(std::move(key), result->rows.size());
      result->rows.push_back(std::move(row));
    }
  }

  int Order(const ResultRow& a, const ResultRow& b) const {
    for (const SpecOrder& order : OrdersOf(shape_.spec)) {
      int by = 0;
      if (const auto calculation = CalculationOf(order, calculations_)) {
        const double none = std::numeric_limits<double>::quiet_NaN();
        by = Compare(a.measures[*calculation].Number(none), b.measures[*calculation].Number(none),
                     order.descending);
      } else {
        const auto& names = shape_.spec.breakdowns;
        const auto name = std::find(names.begin(), names.end(), order.column.value_or(""));
        if (name == names.end()) continue;
        const auto i = static_cast<size_t>(name - names.begin());
        by = Compare(a.group[i], b.group[i], order.descending);
      }
      if (by != 0) return by;
    }
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

  void Finish(QueryResult* result) const {
    const auto by_time = [](const auto& a, const auto& b) { return a.time_s < b.time_s; };
    std::sort(result->series.begin(), result->series.end(),
              [](const SeriesPoint& a, const SeriesPoint& b) {
                return std::pair(a.time_s, a.row) < std::pair(b.time_s, b.row);
              });
    std::sort(result->total_series.begin(), result->total_series.end(), by_time);
    std::sort(result->other_series.begin(), result->other_series.end(), by_time);
    if (result->total.empty()) result->total = Nothing();
    for (ResultRow& row : result->rows)
      if (row.measures.empty()) row.measures = Nothing();
    if (groups_ == 0) {
      // The only group is everything.
      result->rows.push_back({{}, result->total});
      for (const TotalPoint& point : result->total_series)
        result->series.push_back({point.time_s, 0, point.measures});
    }
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
  const ResultTable& table_;
  const std::vector<Calculation> calculations_;
  const size_t groups_;
  std::map<std::string, size_t> row_of_;
};

}  // namespace

HeatmapCell HeatmapCellOf(int64_t number) {
  if (number >= 0) return {BoundOf(number), BoundOf(number + 1), 0};
  const int64_t mirrored = -1 - number;
  return {-BoundOf(mirrored + 1), -BoundOf(mirrored), 0};
}

QueryResult AssembleAnswer(const QueryShape& shape, const Fields& fields,
                           const ResultTable& table) {
  return Assembler(shape, fields, table).Assemble();
}

}  // namespace skep
