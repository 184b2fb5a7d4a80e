// SPDX-License-Identifier: Apache-2.0
// For the property test: the answer to a whole QuerySpec, computed row by row from what the fields
// of the query JSON mean. Slow and plain; shares nothing with the plan but the structs. Only tests
// use it.
#pragma once

#include <charconv>
#include <memory>
#include <utility>

#include "query/explore/naive_measures.h"
#include "query/explore/run_query.h"
#include "query/expression/number_text.h"

namespace skep::naive {

class Query {
 public:
  Query(const QueryRequest& request, const std::vector<Row>& rows)
      : request_(request),
        spec_(request.spec),
        rows_(rows),
        names_(request.spec),
        window_(WindowOf(request.spec, request.now_ns)),
        calculations_(request.spec.calculations) {
    if (calculations_.empty()) calculations_.emplace_back();
    for (const Calculation& each : calculations_)
      is_concurrent_ = is_concurrent_ || each.op == CalculationOp::kConcurrency;
  }

  QueryResult Answer() {
    for (const Row& row : rows_) AddPieces(row);
    ChooseGroups();
    QueryResult now = Assemble(false);
    if (window_.compare_offset_s != 0)
      now.compare = std::make_shared<const QueryResult>(Assemble(true));
    return now;
  }

  // Two groups were so close that the last bit of a sum decides between them; there is no one right
  // answer.
  bool is_ambiguous() const { return is_ambiguous_; }

 private:
  static constexpr int64_t kNs = 1'000'000'000;

  void AddPieces(const Row& row) {
    if (row.signal == Signal::kJoin || row.signal == Signal::kOpenSpan ||
        row.signal == Signal::kRepeat)
      return;
    if (request_.dataset != kAllDatasets && row.dataset != request_.dataset) return;
    if (!PassesWhere(spec_, rows_, row, names_)) return;
    GroupKey key;
    for (const std::string& breakdown : spec_.breakdowns) key.push_back(GroupText(row, breakdown));
    const GroupKey* group = &*keys_.insert(std::move(key)).first;
    for (const bool is_before : {false, true}) {
      if (is_before && window_.compare_offset_s == 0) continue;
      const size_t count = pieces_.size();
      AddPiecesOf(row, is_before, group);
      if (!is_before && pieces_.size() > count) AddTypes(row, group);
    }
  }

  // How rows of the group had its values.
  void AddTypes(const Row& row, const GroupKey* group) {
    std::vector<TypeSet>& types = types_[group];
    types.resize(spec_.breakdowns.size());
    for (size_t i = 0; i < types.size(); ++i) {
      const ExpressionValue value = GroupValue(row, spec_.breakdowns[i]);
      if (std::holds_alternative<bool>(value)) types[i] |= ValueType::kBool;
      if (IsNumber(value)) types[i] |= ValueType::kFloat64;
    }
  }

  void AddPiecesOf(const Row& row, bool is_before, const GroupKey* group) {
    const int64_t begin = row.time_ns + (is_before ? window_.compare_offset_s * kNs : 0);
    const int64_t from = window_.start_s * kNs;
    const int64_t to = window_.end_s * kNs;
    const int64_t step = window_.granularity_s * kNs;
    const bool begins = begin >= from && begin < to;
    if (!is_concurrent_) {
      if (begins) pieces_.push_back({&row, is_before, begin / step, true, 0, group});
      return;
    }
    const int64_t length = row.signal == Signal::kSpan ? static_cast<int64_t>(row.duration_ns) : 0;
    const int64_t end = begin + length;
    if (begin >= to || (!begins && end <= from)) return;
    const int64_t first = std::max(begin, from) / step;
    const int64_t last = std::max(std::min(end, to) - 1, std::max(begin, from)) / step;
    for (int64_t bucket = first; bucket <= last; ++bucket) {
      const int64_t low = std::max({bucket * step, begin, from});
      const int64_t high = std::min({(bucket + 1) * step, end, to});
      pieces_.push_back({&row, is_before, bucket, begins && bucket == begin / step,
                         static_cast<double>(std::max<int64_t>(0, high - low)), group});
    }
  }

  // The text by which rows are grouped.
  std::optional<std::string> GroupText(const Row& row, const std::string& breakdown) const {
    const RelatedName related = SplitRelation(breakdown);
    if (related.relation == Relation::kSelf) return names_.Text(row, breakdown);
    const auto spans = RelatedSpans(rows_, row, related.relation, spec_.filters, names_);
    return spans.empty() ? std::nullopt : names_.Text(*spans.front(), related.name);
  }
  ExpressionValue GroupValue(const Row& row, const std::string& breakdown) const {
    const RelatedName related = SplitRelation(breakdown);
    if (related.relation == Relation::kSelf) return names_.Value(row, breakdown);
    const auto spans = RelatedSpans(rows_, row, related.relation, spec_.filters, names_);
    return spans.empty() ? ExpressionValue() : names_.Value(*spans.front(), related.name);
  }

  // --- Groups ---

  Pieces PiecesIn(bool is_before, const GroupKey* group, bool is_other) const {
    Pieces of;
    for (const Piece& piece : pieces_) {
      if (piece.is_before != is_before) continue;
      if (group != nullptr && piece.group != group) continue;
      if (is_other && shown_.contains(piece.group)) continue;
      of.push_back(&piece);
    }
    return of;
  }

  // A group's or everything's measures, whole and by bucket, with steps and formulas.
  struct Line {
    Measures whole;
    std::map<int64_t, Measures> points;  // by start in seconds
  };
  Line LineOf(const Pieces& pieces, int64_t offset_s) const {
    Line line;
    std::map<int64_t, Pieces> buckets;
    for (const Piece* piece : pieces) buckets[piece->bucket].push_back(piece);
    for (const Calculation& calculation : calculations_)
      line.whole.push_back(measurer_.MeasureOf(calculation, pieces, true));
    for (const auto& [bucket, of] : buckets) {
      Measures& point = line.points[bucket * window_.granularity_s - offset_s];
      for (const Calculation& calculation : calculations_)
        point.push_back(measurer_.MeasureOf(calculation, of, false));
    }
    for (size_t i = 0; i < calculations_.size(); ++i) {
      if (calculations_[i].op >= CalculationOp::kRateAvg) Step(i, &line);
    }
    AddFormulas(&line.whole);
    for (auto& [time, point] : line.points) AddFormulas(&point);
    return line;
  }

  // RATE_x: from the neighbouring bucket to this one; on the whole the mean step.
  static void Step(size_t i, Line* line) {
    std::optional<double> last;
    double sum = 0;
    int steps = 0;
    for (auto& [time, point] : line->points) {
      if (point[i].IsNull()) continue;
      const double value = point[i].Number();
      point[i] = Measure();
      if (last) {
        point[i].value = value - *last;
        sum += value - *last;
        ++steps;
      }
      last = value;
    }
    line->whole[i] = Measure();
    if (steps > 0) line->whole[i].value = sum / steps;
  }

  class MeasureNames : public ExpressionRow {
   public:
    MeasureNames(const std::vector<Calculation>* calculations, const Measures* measures)
        : calculations_(calculations), measures_(measures) {}
    ExpressionValue Column(std::string_view column) const override {
      for (size_t i = 0; i < calculations_->size(); ++i) {
        if ((*calculations_)[i].Key() != column || (*measures_)[i].IsNull()) continue;
        return (*measures_)[i].Number();
      }
      return {};
    }
    int64_t EventTimeNs() const override { return 0; }
    int64_t IngestTimeNs() const override { return 0; }

   private:
    const std::vector<Calculation>* calculations_;
    const Measures* measures_;
  };

  void AddFormulas(Measures* measures) const {
    for (const SpecFormula& formula : spec_.formulas) {
      const auto parsed = ParseExpression(formula.expression, nullptr);
      Measure measure;
      if (parsed) {
        const ExpressionValue value = Evaluate(*parsed, MeasureNames(&calculations_, measures));
        const auto* flag = std::get_if<bool>(&value);
        if (flag != nullptr) measure.value = *flag ? 1.0 : 0.0;
        if (IsNumber(value) && std::isfinite(*NumberIn(value))) measure.value = *NumberIn(value);
      }
      measures->push_back(measure);
    }
  }

  // --- Orders ---

  // -1, 0, 1; nothing is last either way.
  int CompareNumbers(std::optional<double> a, std::optional<double> b, bool descending) {
    if (!a || !b) return static_cast<int>(!a) - static_cast<int>(!b);
    if (*a == *b) return 0;
    if (std::fabs(*a - *b) <= 1e-9 * std::max(std::fabs(*a), std::fabs(*b))) is_ambiguous_ = true;
    return (*a < *b) != descending ? -1 : 1;
  }
  // Numbers by size, before text; nothing last.
  static int CompareTexts(const std::optional<std::string>& a, const std::optional<std::string>& b,
                          bool descending) {
    if (!a || !b) return static_cast<int>(!a) - static_cast<int>(!b);
    const auto number_a = NumberOf(*a);
    const auto number_b = NumberOf(*b);
    if (!number_a || !number_b) {
      if (number_a || number_b) return number_a ? -1 : 1;
    } else if (*number_a != *number_b) {
      return (*number_a < *number_b) != descending ? -1 : 1;
    }
    const int order = a->compare(*b);
    return descending ? -order : order;
  }

  std::optional<double> OrderNumber(const Measures& measures, const SpecOrder& order) const {
    const auto number = [&](size_t i) {
      return measures[i].IsNull() ? std::nullopt : std::optional(measures[i].Number());
    };
    for (size_t i = 0; i < spec_.formulas.size(); ++i) {
      if (!order.op && spec_.formulas[i].name == order.column)
        return number(calculations_.size() + i);
    }
    for (size_t i = 0; i < calculations_.size(); ++i) {
      const Calculation& each = calculations_[i];
      const bool is_it = order.op ? each.op == order.op && each.column == order.column
                                  : !each.name.empty() && each.name == order.column;
      if (is_it) return number(i);
    }
    return std::nullopt;
  }

  std::vector<SpecOrder> Orders() const {
    if (!spec_.orders.empty()) return spec_.orders;
    if (!spec_.formulas.empty()) return {{spec_.formulas.front().name, std::nullopt, true}};
    for (const Calculation& each : calculations_) {
      if (each.op == CalculationOp::kHeatmap) continue;
      if (!each.name.empty()) return {{each.name, std::nullopt, true}};
      return {{each.column, each.op, true}};
    }
    return {};
  }

  int CompareGroups(const GroupKey& a, const Line& of_a, const GroupKey& b, const Line& of_b) {
    for (const SpecOrder& order : Orders()) {
      const auto name =
          std::find(spec_.breakdowns.begin(), spec_.breakdowns.end(), order.column.value_or(""));
      const bool is_named = !order.op && IsNamed(order.column.value_or(""));
      int by = 0;
      if (!order.op && !is_named && name != spec_.breakdowns.end()) {
        const auto i = static_cast<size_t>(name - spec_.breakdowns.begin());
        by = CompareTexts(a[i], b[i], order.descending);
      } else {
        by = CompareNumbers(OrderNumber(of_a.whole, order), OrderNumber(of_b.whole, order),
                            order.descending);
      }
      if (by != 0) return by;
    }
    for (size_t i = 0; i < a.size(); ++i) {
      if (const int by = CompareTexts(a[i], b[i], false)) return by;
    }
    return 0;
  }
  bool IsNamed(const std::string& name) const {
    for (const SpecFormula& formula : spec_.formulas) {
      if (formula.name == name) return true;
    }
    return std::any_of(calculations_.begin(), calculations_.end(), [&](const Calculation& each) {
      return !each.name.empty() && each.name == name;
    });
  }

  bool PassesHavings(const Measures& measures) {
    for (const SpecHaving& having : spec_.havings) {
      const auto value = OrderNumber(measures, {having.column, having.op, false});
      if (!value) return false;
      if (*value != having.value &&
          std::fabs(*value - having.value) <= 1e-9 * std::fabs(having.value))
        is_ambiguous_ = true;
      const bool holds = having.compare == SpecFilterOp::kEqual            ? *value == having.value
                         : having.compare == SpecFilterOp::kNotEqual       ? *value != having.value
                         : having.compare == SpecFilterOp::kGreater        ? *value > having.value
                         : having.compare == SpecFilterOp::kGreaterOrEqual ? *value >= having.value
                         : having.compare == SpecFilterOp::kLess           ? *value < having.value
                                                                           : *value <= having.value;
      if (!holds) return false;
    }
    return true;
  }

  void ChooseGroups() {
    if (spec_.breakdowns.empty()) return;
    std::set<const GroupKey*> keys;
    for (const Piece& piece : pieces_) {
      if (!piece.is_before) keys.insert(piece.group);
    }
    std::vector<std::pair<const GroupKey*, Line>> groups;
    for (const GroupKey* key : keys) {
      Line line = LineOf(PiecesIn(false, key, false), 0);
      if (PassesHavings(line.whole)) groups.emplace_back(key, std::move(line));
    }
    std::sort(groups.begin(), groups.end(), [this](const auto& a, const auto& b) {
      return CompareGroups(*a.first, a.second, *b.first, b.second) < 0;
    });
    const size_t limit = request_.limit.value_or(spec_.limit.value_or(QuerySpec::kDefaultLimit));
    if (groups.size() > limit) groups.resize(limit);
    for (auto& [key, line] : groups) {
      order_.push_back(key);
      shown_.insert(key);
    }
  }

  // A number or bool where some row of the group had it as one.
  SpecValue ShownValue(const GroupKey& key, size_t i) const {
    if (!key[i]) return {};
    const TypeSet types = types_.at(&key)[i];
    const std::string& text = *key[i];
    if (types.Has(ValueType::kBool)) return text == "true";
    if (types.IsEmpty()) return text;
    int64_t whole = 0;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, whole);
    if (read.ec == std::errc() && read.ptr == end) return whole;
    return *NumberOf(text);
  }

  // --- The answer ---

  Measures Shown(Measures measures) const {
    if (!spec_.formulas.empty())
      measures.erase(measures.begin(),
                     measures.begin() + static_cast<ptrdiff_t>(calculations_.size()));
    return measures;
  }

  QueryResult Assemble(bool is_before) const {
    const int64_t offset = is_before ? window_.compare_offset_s : 0;
    QueryResult result;
    result.breakdowns = spec_.breakdowns;
    for (const SpecFormula& formula : spec_.formulas) result.keys.push_back(formula.name);
    if (spec_.formulas.empty()) {
      for (const Calculation& each : calculations_) result.keys.push_back(each.Key());
    }
    result.start_s = window_.start_s - offset;
    result.end_s = window_.end_s - offset;
    result.granularity_s = window_.granularity_s;
    const Line all = LineOf(PiecesIn(is_before, nullptr, false), offset);
    const bool is_one = spec_.breakdowns.empty();
    const GroupKey everything;
    const auto groups = is_one ? std::vector<const GroupKey*>{&everything} : order_;
    for (const GroupKey* key : groups) {
      const Line line = is_one ? all : LineOf(PiecesIn(is_before, key, false), offset);
      ResultRow row;
      for (size_t i = 0; i < key->size(); ++i) row.group.push_back(ShownValue(*key, i));
      row.measures = Shown(line.whole);
      for (const auto& [time, point] : line.points) {
        if (request_.series) result.series.push_back({time, result.rows.size(), Shown(point)});
      }
      result.rows.push_back(std::move(row));
    }
    std::sort(result.series.begin(), result.series.end(), [](const auto& a, const auto& b) {
      return std::pair(a.time_s, a.row) < std::pair(b.time_s, b.row);
    });
    if (request_.total) AddTotal(all, &result.total, &result.total_series);
    const Pieces others = PiecesIn(is_before, nullptr, true);
    if (request_.other && !is_one && !others.empty())
      AddTotal(LineOf(others, offset), &result.other, &result.other_series);
    return result;
  }

  void AddTotal(const Line& line, Measures* whole, std::vector<TotalPoint>* series) const {
    *whole = Shown(line.whole);
    for (const auto& [time, point] : line.points) {
      if (request_.series) series->push_back({time, Shown(point)});
    }
  }

  const QueryRequest& request_;
  const QuerySpec& spec_;
  const std::vector<Row>& rows_;
  const Names names_;
  const QueryWindow window_;
  const Measurer measurer_{&spec_, &window_, &names_};
  std::vector<Calculation> calculations_;
  bool is_concurrent_ = false;
  bool is_ambiguous_ = false;
  std::vector<Piece> pieces_;
  std::set<GroupKey> keys_;
  std::map<const GroupKey*, std::vector<TypeSet>> types_;
  std::vector<const GroupKey*> order_;
  std::set<const GroupKey*> shown_;
};

}  // namespace skep::naive
