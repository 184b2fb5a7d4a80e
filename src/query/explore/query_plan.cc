// SPDX-License-Identifier: Apache-2.0
#include "query/explore/query_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "query/explore/measures.h"
#include "query/explore/where_sql.h"

namespace skep {
namespace {

constexpr int64_t kNsPerSecond = 1'000'000'000;

std::string Numbered(char letter, size_t i) { return fmt::format("{}{}", letter, i + 1); }

// Whether a row of the group had it as a number or bool can only be told from rows where it may be
// either.
bool IsMixed(TypeSet types) {
  return types.Has(ValueType::kString) && !types.Is(ValueType::kString);
}

class Planner {
 public:
  Planner(const QueryShape& shape, const Fields& fields)
      : shape_(shape),
        fields_(fields),
        calculations_(CalculationsOf(shape.spec)),
        measures_(calculations_, fields, shape.sampled),
        groups_(shape.spec.breakdowns.size()) {}

  Statement Plan() {
    if (groups_ > 0) {
      sql_.Sql("WITH s AS MATERIALIZED (");
      AppendStates();
      sql_.Sql("),\ntop AS MATERIALIZED (");
      AppendTop();
      sql_.Sql(")\n");
    }
    AppendAnswer();
    return sql_.Take();
  }

 private:
  bool compares() const { return shape_.window.compare_offset_s != 0; }

  void AppendKeys(char letter) {
    for (size_t i = 0; i < groups_; ++i) {
      if (i > 0) sql_.Sql(", ");
      sql_.Identifier(Numbered(letter, i));
    }
  }

  // `p, k1, b`: what rows are grouped by.
  void AppendStateKeys() {
    sql_.Sql("p, b");
    for (size_t i = 0; i < groups_; ++i) sql_.Sql(", ").Identifier(Numbered('k', i));
  }

  void AppendRows() {
    const QueryWindow& window = shape_.window;
    if (compares())
      sql_.Sql("SELECT time < ").BindTime(window.range().from_ns).Sql(" AS p");
    else
      sql_.Sql("SELECT 0 AS p");
    if (shape_.series) {
      sql_.Sql(", intDiv(toUnixTimestamp64Nano(time)");
      if (compares()) sql_.Sql(" + p * ").Bind(window.compare_offset_s * kNsPerSecond);
      sql_.Sql(", ").Bind(window.granularity_s * kNsPerSecond).Sql(") AS b");
    } else {
      sql_.Sql(", 0 AS b");
    }
    for (size_t i = 0; i < groups_; ++i) {
      const std::string& name = shape_.spec.breakdowns[i];
      sql_.Sql(",\n");
      fields_.Append(name, Reading::kText, &sql_);
      sql_.Sql(" AS ").Identifier(Numbered('k', i));
      if (!IsMixed(fields_.TypesOf(name))) continue;
      sql_.Sql(",\n");
      fields_.AppendTyped(name, ValueType::kString, &sql_);
      sql_.Sql(" IS NULL AS ").Identifier(Numbered('m', i));
    }
    if (measures_.sampled()) sql_.Sql(",\nsample_rate AS w");
    measures_.AppendInputs(&sql_);
    sql_.Sql("\nFROM events\nWHERE ");
    AppendWhere({shape_.project, window.range(), window.compare_range()}, shape_.spec, fields_,
                &sql_);
  }

  void AppendMixed() {
    for (size_t i = 0; i < groups_; ++i) {
      const std::string name = Numbered('m', i);
      if (IsMixed(fields_.TypesOf(shape_.spec.breakdowns[i])))
        sql_.Sql(", max(").Identifier(name).Sql(") AS ").Identifier(name);
    }
  }

  // Rows to states per period, bucket and group; by heatmaps' cells first.
  void AppendStates() {
    sql_.Sql("SELECT ");
    AppendStateKeys();
    AppendMixed();
    if (measures_.has_heatmap()) {
      measures_.AppendStates(MeasurePlan::Step::kAgain, &sql_);
      measures_.AppendHistograms(MeasurePlan::Step::kFromRows, &sql_);
      sql_.Sql("\nFROM (SELECT ");
      AppendStateKeys();
      AppendMixed();
      measures_.AppendCells(&sql_);
      measures_.AppendCellWeight(&sql_);
    }
    measures_.AppendStates(MeasurePlan::Step::kFromRows, &sql_);
    sql_.Sql("\nFROM (");
    AppendRows();
    sql_.Sql(")\nGROUP BY ");
    AppendStateKeys();
    if (!measures_.has_heatmap()) return;
    measures_.AppendCells(&sql_);
    sql_.Sql(")\nGROUP BY ");
    AppendStateKeys();
  }

  void AppendTop() {
    sql_.Sql("SELECT ");
    AppendKeys('k');
    sql_.Sql("\nFROM s\nWHERE p = 0\nGROUP BY ");
    AppendKeys('k');
    AppendHavings();
    sql_.Sql("\nORDER BY ");
    for (const SpecOrder& order : OrdersOf(shape_.spec)) AppendOrder(order);
    AppendKeys('k');
    sql_.Sql("\nLIMIT ").Bind(static_cast<uint64_t>(shape_.limit));
  }

  void AppendHavings() {
    bool first = true;
    for (const SpecHaving& having : shape_.spec.havings) {
      const auto calculation = CalculationOf({having.column, having.op, false}, calculations_);
      if (!calculation) continue;
      sql_.Sql(first ? SqlText("\nHAVING (") : SqlText(" AND ("));
      first = false;
      measures_.AppendValue(*calculation, &sql_);
      sql_.Sql(CompareSql(having.compare)).Bind(having.value).Sql(")");
    }
  }

  static SqlText CompareSql(SpecFilterOp op) {
    switch (op) {
      case SpecFilterOp::kEqual:
        return " = ";
      case SpecFilterOp::kNotEqual:
        return " != ";
      case SpecFilterOp::kGreaterOrEqual:
        return " >= ";
      case SpecFilterOp::kLess:
        return " < ";
      case SpecFilterOp::kLessOrEqual:
        return " <= ";
      default:
        return " > ";
    }
  }

  void AppendOrder(const SpecOrder& order) {
    const SqlText direction =
        order.descending ? SqlText(" DESC NULLS LAST, ") : SqlText(" ASC NULLS LAST, ");
    if (const auto calculation = CalculationOf(order, calculations_)) {
      measures_.AppendValue(*calculation, &sql_);
      sql_.Sql(direction);
      return;
    }
    const auto& names = shape_.spec.breakdowns;
    const auto found = std::find(names.begin(), names.end(), order.column.value_or(""));
    if (found == names.end()) return;
    // Numbers by their size, before text.
    const std::string key = Numbered('k', static_cast<size_t>(found - names.begin()));
    sql_.Sql("toFloat64OrNull(").Identifier(key).Sql(")").Sql(direction);
    sql_.Identifier(key).Sql(direction);
  }

  void AppendMeasures() {
    for (size_t i = 0; i < calculations_.size(); ++i) {
      sql_.Sql(",\n");
      if (calculations_[i].op == CalculationOp::kHeatmap) {
        measures_.AppendHistogramValue(i, &sql_);
        continue;
      }
      measures_.AppendValue(i, &sql_);
      sql_.Sql(", ");
      measures_.AppendError(i, &sql_);
    }
  }

  void AppendAnswer() {
    sql_.Sql(groups_ > 0 ? SqlText("SELECT GROUPING(shown) AS is_total, ")
                         : SqlText("SELECT 1 AS is_total, "));
    sql_.Sql(shape_.series ? SqlText("GROUPING(b)") : SqlText("1")).Sql(" AS is_whole, p, ");
    sql_.Sql(groups_ > 0 ? SqlText("shown, ") : SqlText("0 AS shown, "));
    sql_.Sql(shape_.series ? SqlText("b") : SqlText("0 AS b"));
    for (size_t i = 0; i < groups_; ++i) {
      const std::string mixed = Numbered('m', i);
      sql_.Sql(",\n").Identifier(Numbered('g', i));
      if (IsMixed(fields_.TypesOf(shape_.spec.breakdowns[i])))
        sql_.Sql(", max(").Identifier(mixed).Sql(")");
      else
        sql_.Sql(", 0");
    }
    AppendMeasures();
    sql_.Sql("\nFROM (");
    if (groups_ > 0)
      AppendShown();
    else
      AppendStates();
    sql_.Sql(")\nGROUP BY GROUPING SETS (");
    AppendSets();
    sql_.Sql(")");
    if (groups_ > 0) sql_.Sql("\nSETTINGS enable_materialized_cte = 1, transform_null_in = 1");
  }

  // The groups to show by their keys, all others as one.
  void AppendShown() {
    sql_.Sql("SELECT *, (");
    AppendKeys('k');
    sql_.Sql(") IN (SELECT ");
    AppendKeys('k');
    sql_.Sql(" FROM top) AS shown");
    for (size_t i = 0; i < groups_; ++i)
      sql_.Sql(", if(shown, ")
          .Identifier(Numbered('k', i))
          .Sql(", NULL) AS ")
          .Identifier(Numbered('g', i));
    sql_.Sql("\nFROM s");
    if (!shape_.other && !shape_.total) sql_.Sql("\nWHERE shown");
  }

  void AppendSets() {
    if (groups_ > 0) {
      sql_.Sql("(p, shown, ");
      AppendKeys('g');
      sql_.Sql(")");
      if (shape_.series) {
        sql_.Sql(", (p, shown, b, ");
        AppendKeys('g');
        sql_.Sql(")");
      }
      if (!shape_.total) return;
      sql_.Sql(", ");
    }
    sql_.Sql("(p)");
    if (shape_.series) sql_.Sql(", (p, b)");
  }

  const QueryShape& shape_;
  const Fields& fields_;
  const std::vector<Calculation> calculations_;
  const MeasurePlan measures_;
  const size_t groups_;
  SqlWriter sql_;
};

}  // namespace

Statement PlanQuery(const QueryShape& shape, const Fields& fields) {
  return Planner(shape, fields).Plan();
}

Statement PlanSampledProbe(const QueryShape& shape, const Fields& fields) {
  SqlWriter sql;
  sql.Sql("SELECT 1\nFROM events\nWHERE ");
  QuerySpec all;
  AppendWhere({shape.project, shape.window.range(), shape.window.compare_range()}, all, fields,
              &sql);
  sql.Sql("\nAND sample_rate != 1\nLIMIT 1");
  return sql.Take();
}

std::vector<Calculation> CalculationsOf(const QuerySpec& spec) {
  if (!spec.calculations.empty()) return spec.calculations;
  return {Calculation{}};
}

std::vector<SpecOrder> OrdersOf(const QuerySpec& spec) {
  if (!spec.orders.empty()) return spec.orders;
  for (const Calculation& calculation : CalculationsOf(spec))
    if (calculation.op != CalculationOp::kHeatmap) {
      SpecOrder order{calculation.column, calculation.op, true};
      if (!calculation.name.empty()) order = {calculation.name, std::nullopt, true};
      return {order};
    }
  return {};
}

std::optional<size_t> CalculationOf(const SpecOrder& order,
                                    const std::vector<Calculation>& calculations) {
  for (size_t i = 0; i < calculations.size(); ++i) {
    const Calculation& each = calculations[i];
    if (order.op ? each.op == *order.op && each.column == order.column
                 : !each.name.empty() && order.column && each.name == *order.column)
      return i;
  }
  return std::nullopt;
}

}  // namespace skep
