// SPDX-License-Identifier: Apache-2.0
// For the property test: random rows and random questions about them. Numbers are multiples of
// quarters, so that sums are exact in whatever order they are added up. Only tests use it.
#pragma once

#include <random>

#include "query/explore/naive_rows.h"

namespace skep::naive {

class Dice {
 public:
  explicit Dice(uint64_t seed) : engine_(seed) {}
  size_t Below(size_t n) { return engine_() % n; }
  bool OneIn(size_t n) { return Below(n) == 0; }
  template <typename T>
  const T& Of(const std::vector<T>& values) {
    return values[Below(values.size())];
  }

 private:
  std::mt19937_64 engine_;
};

inline constexpr int64_t kBaseS = 1'795'521'600;  // 2026-11-24T12:00:00Z
inline constexpr int64_t kLengthS = 600;          // what queries are about

inline const std::vector<std::string> kWords = {"",    "true",  "false", "get",   "Get it", "worf",
                                                "12",  "-1.5",  "1e3",   "x1y22", "é Ä ß",  "日本",
                                                "200", "200.0", "+7",    "0",     "a.b",    "null"};
inline const std::vector<int64_t> kWholes = {0, 1, -1, 2, 3, 7, 12, 200, 500, -42, 1000};
inline const std::vector<double> kReals = {0.25, 0.5, -0.5, 1.0, 2.5, 12.0, -1.5, 200.0, 1000.75};
// Attributes, named after what they hold: m anything, n numbers in all forms.
inline const std::vector<std::string> kAttributes = {
    "m", "m.two", "i", "f", "s", "b", "n", "app.user_handle", "only.here"};
inline const std::vector<std::string> kKnown = {"duration_ms",
                                                "name",
                                                "service.name",
                                                "error",
                                                "status_code",
                                                "span.kind",
                                                "trace.parent_id",
                                                "severity",
                                                "severity_text",
                                                "meta.signal_type",
                                                "meta.annotation_type",
                                                "body",
                                                "signal",
                                                "sample_rate",
                                                "trace.trace_id",
                                                "trace.span_id"};

inline ExpressionValue RandomOf(const std::string& attribute, Dice* dice) {
  if (attribute == "i") return dice->Of(kWholes);
  if (attribute == "f") return dice->Of(kReals);
  if (attribute == "s") return dice->Of(kWords);
  if (attribute == "b") return dice->OneIn(2);
  if (attribute == "app.user_handle")
    return dice->Of(std::vector<std::string>{"worf", "troi", "data", "riker"});
  switch (dice->Below(attribute == "n" ? 3 : 4)) {
    case 0:
      return dice->Of(kWholes);
    case 1:
      return dice->Of(kReals);
    case 2:
      return dice->Of(kWords);
    default:
      return dice->OneIn(2);
  }
}

class RowMaker {
 public:
  RowMaker(Dice* dice, uint32_t first_trace) : dice_(dice), next_trace_(first_trace) {}

  std::vector<Row> Make(size_t count) {
    rates_ = dice_->OneIn(3) ? std::vector<double>{1} : std::vector<double>{1, 1, 2, 10, 1.5};
    while (rows_.size() < count) {
      if (dice_->OneIn(3)) {
        AddAlone();
      } else {
        AddTrace();
      }
    }
    return std::move(rows_);
  }

 private:
  Row Begin() {
    Row row;
    row.door = dice_->OneIn(2) ? Door::kHoneycomb : Door::kOtlp;
    row.dataset = dice_->Of(std::vector<std::string>{"shop", "db", ""});
    row.sample_rate = dice_->Of(rates_);
    // Mostly in the middle, some before and after, some in a period to compare with.
    int64_t second = kBaseS + static_cast<int64_t>(dice_->Below(kLengthS));
    if (dice_->OneIn(5)) second -= dice_->OneIn(2) ? 1800 : 700;
    if (dice_->OneIn(12)) second += kLengthS;
    row.time_ns = second * 1'000'000'000;
    if (!dice_->OneIn(4)) row.time_ns += static_cast<int64_t>(dice_->Below(1'000'000'000));
    for (const std::string& attribute : kAttributes) {
      if (!dice_->OneIn(3)) row.attributes[attribute] = RandomOf(attribute, dice_);
    }
    if (dice_->OneIn(6))
      row.attributes[dice_->Of(std::vector<std::string>{
          "duration_ms", "name", "error", "status_code", "severity"})] = RandomOf("m", dice_);
    return row;
  }

  void AddAlone() {
    Row row = Begin();
    row.signal = dice_->Of(std::vector<Signal>{Signal::kEvent, Signal::kLog, Signal::kError,
                                               Signal::kJoin, Signal::kOpenSpan, Signal::kRepeat});
    row.severity = static_cast<Severity>(dice_->Below(25));
    row.name = dice_->Of(kWords);
    row.body = dice_->Of(kWords);
    rows_.push_back(std::move(row));
  }

  void AddTrace() {
    const uint32_t trace = next_trace_++;
    const size_t count = 1 + dice_->Below(6);
    const bool is_rootless = dice_->OneIn(8);
    for (uint32_t i = 1; i <= count; ++i) {
      Row row = Begin();
      row.trace = trace;
      row.span = trace * 16 + i;
      if (i > 1 || is_rootless)
        row.parent = trace * 16 + static_cast<uint32_t>(i == 1 ? 15 : 1 + dice_->Below(i - 1));
      row.kind = dice_->OneIn(2) ? SpanKind::kServer : SpanKind::kInternal;
      row.status = dice_->Of(
          std::vector<SpanStatus>{SpanStatus::kUnset, SpanStatus::kOk, SpanStatus::kError});
      row.name = dice_->Of(std::vector<std::string>{"get", "GET /", "query", "é"});
      row.duration_ns = dice_->OneIn(6) ? 0 : (1 + dice_->Below(400)) * 250'000'000;
      rows_.push_back(std::move(row));
    }
    if (!dice_->OneIn(3)) return;
    Row inside = Begin();
    inside.trace = trace;
    inside.span = trace * 16 + 1;
    inside.signal = dice_->Of(
        std::vector<Signal>{Signal::kLog, Signal::kSpanEvent, Signal::kSpanLink, Signal::kError});
    inside.severity = static_cast<Severity>(dice_->Below(25));
    inside.body = dice_->Of(kWords);
    rows_.push_back(std::move(inside));
  }

  Dice* dice_;
  uint32_t next_trace_;
  std::vector<double> rates_;
  std::vector<Row> rows_;
};

class SpecMaker {
 public:
  explicit SpecMaker(Dice* dice) : dice_(dice) {}

  QuerySpec Make() {
    spec_ = QuerySpec();
    MakeTimes();
    if (dice_->OneIn(4)) MakeCalculatedFields();
    const size_t calculations = dice_->Below(4);
    for (size_t i = 0; i < calculations; ++i) AddCalculation();
    const bool has_relations = dice_->OneIn(5);
    const size_t filters = dice_->OneIn(3) ? 0 : 1 + dice_->Below(3);
    for (size_t i = 0; i < filters; ++i) spec_.filters.push_back(MakeFilter(2, has_relations));
    spec_.any_filter = !has_relations && filters > 1 && dice_->OneIn(3);
    const size_t breakdowns = dice_->Below(4);
    for (size_t i = 0; i < breakdowns; ++i) AddBreakdown(has_relations);
    if (!spec_.calculations.empty() && dice_->OneIn(5)) MakeFormulas();
    MakeOrders();
    if (!spec_.breakdowns.empty() && dice_->OneIn(4)) MakeHavings();
    if (dice_->OneIn(2)) spec_.limit = 1 + static_cast<uint32_t>(dice_->Below(6));
    spec_.usage_mode = dice_->OneIn(6);
    return spec_;
  }

 private:
  void MakeTimes() {
    const int64_t length =
        dice_->OneIn(4) ? 60 + static_cast<int64_t>(dice_->Below(500)) : kLengthS;
    switch (dice_->Below(3)) {
      case 0:
        spec_.start_time = kBaseS;
        spec_.time_range = length;
        break;
      case 1:
        spec_.end_time = kBaseS + kLengthS;
        spec_.time_range = length;
        break;
      default:
        spec_.start_time = kBaseS + kLengthS - length;
        spec_.end_time = kBaseS + kLengthS;
    }
    if (dice_->OneIn(2)) spec_.granularity = dice_->Of(std::vector<int64_t>{1, 7, 30, 60});
    if (dice_->OneIn(5)) spec_.compare_time_offset_seconds = 1800;
  }

  void MakeCalculatedFields() {
    static const std::vector<std::string> kExpressions = {
        "IF($i > 2, \"big\", $m)",
        "COALESCE($s, $m, \"none\")",
        "$i + $n",
        "$m = $i",
        "IF($error, 1, 0)",
        "BUCKET($duration_ms, 10000, 0, 60000)",
        "CONCAT($app.user_handle, \"-\", $b)",
        "SWITCH($app.user_handle, \"worf\", 1, \"troi\", 2.5, \"data\", true)",
        "MIN($m, $i, $f)",
        "LENGTH($s)",
        "REG_VALUE($s, `[0-9]+`)",
        "!EXISTS($only.here)",
        "IF(!EXISTS($trace.parent_id) AND EXISTS($duration_ms), $duration_ms <= 30000)",
        "INT($m * 2)",
        "$status_code",
    };
    spec_.calculated_fields.push_back({"dc.one", dice_->Of(kExpressions)});
    if (dice_->OneIn(2)) spec_.calculated_fields.push_back({"dc two", dice_->Of(kExpressions)});
    if (dice_->OneIn(3))
      spec_.calculated_fields.push_back({"m.two", "COALESCE($dc.one, $m.two, false)"});
  }

  std::string Column() {
    if (!spec_.calculated_fields.empty() && dice_->OneIn(2))
      return dice_->Of(spec_.calculated_fields).name;
    return dice_->OneIn(3) ? dice_->Of(kKnown) : dice_->Of(kAttributes);
  }

  SpecValue Literal() {
    switch (dice_->Below(4)) {
      case 0:
        return dice_->Of(kWholes);
      case 1:
        return dice_->Of(kReals);
      case 2:
        return dice_->Of(
            std::vector<std::string>{"worf", "server", "error", "span", "get", "trace"});
      default:
        return dice_->Of(kWords);
    }
  }

  SpecFilter MakeFilter(int depth, bool may_relate) {
    SpecFilter filter;
    if (depth > 0 && dice_->OneIn(4)) {
      filter.kind = dice_->Of(std::vector<SpecFilter::Kind>{
          SpecFilter::Kind::kAnd, SpecFilter::Kind::kOr, SpecFilter::Kind::kNot});
      const size_t parts = filter.kind == SpecFilter::Kind::kNot ? 1
                           : dice_->OneIn(8)                     ? 0
                                                                 : 1 + dice_->Below(3);
      for (size_t i = 0; i < parts; ++i) filter.parts.push_back(MakeFilter(depth - 1, false));
      return filter;
    }
    filter.column = Column();
    if (may_relate && dice_->OneIn(2))
      filter.column = dice_->Of(std::vector<std::string>{"root.", "parent.", "child.", "any.",
                                                         "any2.", "none."}) +
                      filter.column;
    filter.op = static_cast<SpecFilterOp>(dice_->Below(16));
    switch (filter.op) {
      case SpecFilterOp::kExists:
      case SpecFilterOp::kDoesNotExist:
        return filter;
      case SpecFilterOp::kIn:
      case SpecFilterOp::kNotIn:
        for (size_t i = 0; i < dice_->Below(5); ++i) filter.values.push_back(Any());
        return filter;
      case SpecFilterOp::kEqual:
      case SpecFilterOp::kNotEqual:
        filter.values.push_back(Any());
        return filter;
      default:
        filter.values.push_back(Literal());
        return filter;
    }
  }
  SpecValue Any() { return dice_->OneIn(5) ? SpecValue(dice_->OneIn(2)) : Literal(); }

  void AddCalculation() {
    Calculation calculation;
    calculation.op = kCalculationOps[dice_->Below(kCalculationOps.size())].op;
    const bool needs_none = calculation.op == CalculationOp::kConcurrency;
    const bool needs_column = calculation.op != CalculationOp::kCount && !needs_none;
    if (needs_column || (!needs_none && dice_->OneIn(2))) calculation.column = Column();
    if (dice_->OneIn(3)) {
      calculation.name = fmt::format("calc {}", spec_.calculations.size());
      const size_t filters = dice_->Below(3);
      for (size_t i = 0; i < filters; ++i) calculation.filters.push_back(MakeFilter(1, false));
      calculation.any_filter = filters > 1 && dice_->OneIn(2);
    }
    for (const Calculation& each : spec_.calculations) {
      if (each.Key() == calculation.Key()) return;
    }
    spec_.calculations.push_back(std::move(calculation));
  }

  void AddBreakdown(bool may_relate) {
    std::string column = Column();
    if (may_relate && dice_->OneIn(2))
      column = dice_->Of(std::vector<std::string>{"root.", "parent.", "child.", "any."}) + column;
    for (const std::string& each : spec_.breakdowns) {
      if (each == column) return;
    }
    spec_.breakdowns.push_back(std::move(column));
  }

  void MakeFormulas() {
    std::vector<std::string> names;
    for (const Calculation& each : spec_.calculations) {
      if (each.op != CalculationOp::kHeatmap) names.push_back("$\"" + each.Key() + "\"");
    }
    if (names.empty()) return;
    spec_.formulas.push_back(
        {"sum", fmt::format("{} + {} * 2", dice_->Of(names), dice_->Of(names))});
    if (dice_->OneIn(2))
      spec_.formulas.push_back({"some", fmt::format("IF({} > 1, {} / {})", dice_->Of(names),
                                                    dice_->Of(names), dice_->Of(names))});
    if (dice_->OneIn(3)) spec_.formulas.push_back({"flag", fmt::format("{} = 2", names[0])});
  }

  void MakeOrders() {
    for (const std::string& breakdown : spec_.breakdowns) {
      if (dice_->OneIn(4)) spec_.orders.push_back({breakdown, std::nullopt, dice_->OneIn(2)});
    }
    for (const Calculation& each : spec_.calculations) {
      if (each.op == CalculationOp::kHeatmap || !dice_->OneIn(3)) continue;
      if (each.name.empty()) {
        spec_.orders.push_back({each.column, each.op, dice_->OneIn(2)});
      } else {
        spec_.orders.push_back({each.name, std::nullopt, dice_->OneIn(2)});
      }
    }
    for (const SpecFormula& formula : spec_.formulas) {
      if (dice_->OneIn(3)) spec_.orders.push_back({formula.name, std::nullopt, dice_->OneIn(2)});
    }
    if (dice_->OneIn(2)) std::reverse(spec_.orders.begin(), spec_.orders.end());
  }

  void MakeHavings() {
    for (const Calculation& each : spec_.calculations) {
      if (each.op == CalculationOp::kHeatmap || !dice_->OneIn(2)) continue;
      SpecHaving having;
      having.op = each.op;
      having.column = each.column;
      having.compare = static_cast<SpecFilterOp>(dice_->Below(6));
      having.value = dice_->OneIn(2) ? static_cast<double>(dice_->Below(5)) : dice_->Of(kReals);
      spec_.havings.push_back(having);
    }
  }

  Dice* dice_;
  QuerySpec spec_;
};

}  // namespace skep::naive
