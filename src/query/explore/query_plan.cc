// SPDX-License-Identifier: Apache-2.0
#include "query/explore/query_plan.h"

#include <algorithm>

#include "query/explore/measures.h"
#include "query/explore/numbered.h"
#include "query/explore/row_select.h"

namespace skep {
namespace {

// Whether groups with their values are all that is asked for.
bool IsTable(const QueryShape& shape) {
  const bool has_heatmap =
      std::any_of(shape.spec.calculations.begin(), shape.spec.calculations.end(),
                  [](const Calculation& each) { return each.op == CalculationOp::kHeatmap; });
  return !shape.spec.breakdowns.empty() && !shape.series && !shape.total && !shape.other &&
         shape.window.compare_offset_s == 0 && !has_heatmap;
}

// The calculations by which groups are chosen; in the others' places stand cheap ones. Looking
// once, and in a table, they are those of the answer.
std::vector<Calculation> RankedBy(const QueryShape& shape,
                                  const std::vector<Calculation>& calculations) {
  if (shape.looks == Looks::kOnce || IsTable(shape)) return calculations;
  std::vector<bool> needed(calculations.size(), !shape.spec.formulas.empty());
  for (const OrderKey& order : OrdersOf(shape.spec))
    if (order.kind == OrderKey::Kind::kCalculation) needed[order.index] = true;
  for (size_t i = 0; i < calculations.size(); ++i)
    for (const SpecHaving& having : shape.spec.havings)
      if (having.op == calculations[i].op && having.column == calculations[i].column)
        needed[i] = true;
  std::vector<Calculation> ranked = calculations;
  for (size_t i = 0; i < ranked.size(); ++i)
    if (!needed[i] || ranked[i].op == CalculationOp::kHeatmap) ranked[i] = Calculation();
  return ranked;
}

// Looking twice for groups of one breakdown, their texts are turned into numbers, which rows are
// grouped by several times faster.
bool NumbersGroups(const QueryShape& shape) {
  return shape.looks == Looks::kTwice && shape.spec.breakdowns.size() == 1 && !IsTable(shape);
}

MeasurePlan::Values ValuesOf(bool from_rows) {
  return from_rows ? MeasurePlan::Values::kOverRows : MeasurePlan::Values::kOverStates;
}

class Planner {
 public:
  Planner(const QueryShape& shape, const Fields& fields, const Formulas& formulas)
      : shape_(shape),
        fields_(fields),
        formulas_(formulas),
        calculations_(CalculationsOf(shape.spec)),
        is_table_(IsTable(shape)),
        numbered_(NumbersGroups(shape)),
        measures_(calculations_, fields, shape.sampled, ValuesOf(is_table_)),
        ranks_(RankedBy(shape, calculations_), fields, shape.sampled,
               ValuesOf(is_table_ || numbered_)),
        groups_(shape.spec.breakdowns.size()) {}

  Statement Plan() {
    if (is_table_) {
      AppendTable();
      return sql_.Take();
    }
    if (groups_ > 0 && shape_.looks == Looks::kOnce) {
      sql_.Sql("WITH s AS MATERIALIZED (");
      AppendStates(shape_, measures_);
      sql_.Sql("),\ntop AS MATERIALIZED (");
      AppendTop();
      sql_.Sql(")\n");
    } else if (numbered_) {
      sql_.Sql(
          "WITH (SELECT (groupArrayIf(assumeNotNull(`k1`), `k1` IS NOT NULL), countIf(`k1` IS "
          "NULL) > 0)\nFROM (");
      AppendFirstLook();
      sql_.Sql(")) AS top\n");
    } else if (groups_ > 0) {
      sql_.Sql("WITH top AS MATERIALIZED (");
      AppendTop();
      sql_.Sql(")\n");
    }
    AppendAnswer();
    return sql_.Take();
  }

 private:
  void AppendKeys(char letter) {
    for (size_t i = 0; i < groups_; ++i) {
      if (i > 0) sql_.Sql(", ");
      sql_.Identifier(Numbered(letter, i));
    }
  }

  bool compares() const { return shape_.window.compare_offset_s != 0; }

  // Looking twice, rows are grouped by the groups to show from the start.
  bool chosen(const MeasurePlan& measures) const {
    return groups_ > 0 && shape_.looks == Looks::kTwice && &measures == &measures_;
  }

  // What rows are grouped by; what is the same in all of them is no key.
  std::vector<std::string> StateKeys(const QueryShape& shape, const MeasurePlan& measures) const {
    std::vector<std::string> keys;
    if (compares()) keys.emplace_back("p");
    const bool is_chosen = chosen(measures);
    if (is_chosen) keys.emplace_back(numbered_ ? "n" : "shown");
    for (size_t i = 0; i < groups_ && !(is_chosen && numbered_); ++i)
      keys.push_back(Numbered(is_chosen ? 'g' : 'k', i));
    if (shape.series || measures.concurrent() || keys.empty()) keys.emplace_back("b");
    return keys;
  }
  void AppendList(const std::vector<std::string>& names) {
    for (size_t i = 0; i < names.size(); ++i) {
      if (i > 0) sql_.Sql(", ");
      sql_.Identifier(names[i]);
    }
  }

  void AppendMixed() {
    for (size_t i = 0; i < groups_; ++i) {
      const std::string name = Numbered('m', i);
      if (IsMixed(BreakdownTypes(shape_.spec.breakdowns[i], fields_)))
        sql_.Sql(", max(").Identifier(name).Sql(") AS ").Identifier(name);
    }
  }

  // Rows to states per period, bucket and group; by heatmaps' cells first.
  void AppendStates(const QueryShape& shape, const MeasurePlan& measures) {
    const std::vector<std::string> keys = StateKeys(shape, measures);
    sql_.Sql(compares() ? SqlText("SELECT ") : SqlText("SELECT 0 AS p, "));
    AppendList(keys);
    AppendMixed();
    if (measures.has_heatmap()) {
      measures.AppendStates(MeasurePlan::Step::kAgain, &sql_);
      measures.AppendHistograms(MeasurePlan::Step::kFromRows, &sql_);
      sql_.Sql("\nFROM (SELECT ");
      AppendList(keys);
      AppendMixed();
      measures.AppendCells(&sql_);
      measures.AppendCellWeight(&sql_);
    }
    measures.AppendStates(MeasurePlan::Step::kFromRows, &sql_);
    sql_.Sql("\nFROM (");
    if (chosen(measures)) AppendShown();
    if (chosen(measures)) sql_.Sql("(");
    AppendRowSelect(shape, fields_, measures, &sql_);
    if (chosen(measures)) sql_.Sql(")");
    if (chosen(measures)) AppendOnlyShown();
    sql_.Sql(")\nGROUP BY ");
    AppendList(keys);
    if (!measures.has_heatmap()) return;
    measures.AppendCells(&sql_);
    sql_.Sql(")\nGROUP BY ");
    AppendList(keys);
  }

  void AppendTop() {
    sql_.Sql("SELECT ");
    AppendKeys('k');
    sql_.Sql("\nFROM ");
    if (shape_.looks == Looks::kOnce) {
      sql_.Sql("s");
    } else {
      QueryShape whole = shape_;
      whole.series = false;
      sql_.Sql("(");
      AppendStates(whole, ranks_);
      sql_.Sql(")");
    }
    sql_.Sql(compares() ? SqlText("\nWHERE p = 0\nGROUP BY ") : SqlText("\nGROUP BY "));
    AppendKeys('k');
    AppendRanking();
  }

  void AppendRanking() {
    AppendHavings();
    sql_.Sql("\nORDER BY ");
    for (const OrderKey& order : OrdersOf(shape_.spec)) AppendOrder(order);
    // Last by the groups themselves, so that nothing is left to chance.
    for (size_t i = 0; i < groups_; ++i) {
      if (i > 0) sql_.Sql(", ");
      const std::string key = Numbered('k', i);
      sql_.Sql("toFloat64OrNull(").Identifier(key).Sql(") NULLS LAST, ");
      sql_.Identifier(key).Sql(" NULLS LAST");
    }
    sql_.Sql("\nLIMIT ").Bind(static_cast<uint64_t>(shape_.limit));
  }

  void AppendHavings() {
    bool first = true;
    for (const SpecHaving& having : shape_.spec.havings) {
      const auto of = std::find_if(calculations_.begin(), calculations_.end(), [&](const auto& c) {
        return c.op == having.op && c.column == having.column;
      });
      if (of == calculations_.end()) continue;
      sql_.Sql(first ? SqlText("\nHAVING (") : SqlText(" AND ("));
      first = false;
      AppendRank(static_cast<size_t>(of - calculations_.begin()), &sql_);
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

  // As the answer has it, which is what havings and formulas speak of.
  void AppendRank(size_t i, SqlWriter* sql) const {
    ranks_.AppendOrderValue(i, sql);
    if (calculations_[i].op != CalculationOp::kConcurrency) return;
    sql->Sql(" / ").Bind(static_cast<double>(shape_.window.length_s() * kNsPerS));
  }

  void AppendOrder(const OrderKey& order) {
    const SqlText direction =
        order.descending ? SqlText(" DESC NULLS LAST, ") : SqlText(" ASC NULLS LAST, ");
    const auto append_measure = [this](size_t i, SqlWriter* sql) { AppendRank(i, sql); };
    switch (order.kind) {
      case OrderKey::Kind::kCalculation:
        append_measure(order.index, &sql_);
        break;
      case OrderKey::Kind::kFormula:
        formulas_.Append(order.index, append_measure, &sql_);
        break;
      case OrderKey::Kind::kBreakdown:
        // Numbers by their size, before text.
        sql_.Sql("toFloat64OrNull(").Identifier(Numbered('k', order.index)).Sql(")");
        sql_.Sql(direction).Identifier(Numbered('k', order.index));
        break;
    }
    sql_.Sql(direction);
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

  void AppendGroup(char letter) {
    for (size_t i = 0; i < groups_; ++i) {
      const std::string mixed = Numbered('m', i);
      sql_.Sql(",\n");
      if (numbered_ && letter == 'g')
        sql_.Sql("if(n BETWEEN 1 AND ")
            .Bind(uint64_t{shape_.limit})
            .Sql(", arrayElement(top.1, n), NULL)");
      else
        sql_.Identifier(Numbered(letter, i));
      if (IsMixed(BreakdownTypes(shape_.spec.breakdowns[i], fields_)))
        sql_.Sql(", max(").Identifier(mixed).Sql(")");
      else
        sql_.Sql(", 0");
    }
  }

  // Groups and their values, nothing over time and nothing else: no states are kept.
  void AppendTable() {
    sql_.Sql("SELECT 0 AS is_total, 1 AS is_whole, 0 AS p, 1 AS shown, 0 AS b");
    AppendGroup('k');
    AppendMeasures();
    AppendRanked(shape_);
    AppendSettings();
  }

  // Since 1970, as spans that cover several buckets have them from the start.
  void AppendBucket() {
    sql_.Sql(shape_.series ? SqlText("b") : SqlText("0 AS b"));
    if (shape_.series && !measures_.concurrent())
      sql_.Sql(" + ").Bind(shape_.window.first_bucket());
  }

  void AppendAnswer() {
    sql_.Sql(groups_ == 0 ? SqlText("SELECT 1 AS is_total, ")
             : numbered_  ? SqlText("SELECT GROUPING(n) AS is_total, ")
                          : SqlText("SELECT GROUPING(shown) AS is_total, "));
    sql_.Sql(shape_.series ? SqlText("GROUPING(b)") : SqlText("1")).Sql(" AS is_whole, p, ");
    sql_.Sql(groups_ == 0 ? SqlText("0 AS shown, ")
             : numbered_  ? SqlText("n > 0 AS shown, ")
                          : SqlText("shown, "));
    AppendBucket();
    AppendGroup('g');
    AppendMeasures();
    sql_.Sql("\nFROM (");
    if (groups_ > 0 && shape_.looks == Looks::kOnce) {
      AppendShown();
      sql_.Sql("s");
      AppendOnlyShown();
    } else {
      AppendStates(shape_, measures_);
    }
    sql_.Sql(")\nGROUP BY GROUPING SETS (");
    AppendSets();
    sql_.Sql(")");
    AppendSettings();
  }

  void AppendSettings() {
    bool first = true;
    const auto set = [&](SqlText setting) {
      sql_.Sql(first ? SqlText("\nSETTINGS ") : SqlText(", ")).Sql(setting);
      first = false;
    };
    if (groups_ > 0 && !is_table_ && !numbered_)
      set("enable_materialized_cte = 1, transform_null_in = 1");
    // A large set of traces is in every block: the index would be asked for nothing.
    if (LooksAtTraces(shape_.spec)) set("use_index_for_in_with_subqueries = 0");
    if (MeetsMostRows(shape_)) set("optimize_move_to_prewhere = 0");
  }

  // The groups to show in their order, from the rows themselves.
  void AppendFirstLook() {
    QueryShape whole = shape_;
    whole.series = false;
    whole.window.compare_offset_s = 0;
    sql_.Sql("SELECT `k1`");
    AppendRanked(whole);
  }

  // The groups to show in their order, of rows.
  void AppendRanked(const QueryShape& shape) {
    sql_.Sql("\nFROM (");
    AppendRowSelect(shape, fields_, ranks_, &sql_);
    sql_.Sql(")\nGROUP BY ");
    AppendKeys('k');
    AppendRanking();
  }

  // Rows with the number of their group: from 1 for those to show, the last one for rows without
  // the field if these are to show, 0 for all others.
  void AppendNumber() {
    const uint64_t last = uint64_t{shape_.limit} + 1;
    const SqlText number = last <= UINT8_MAX ? SqlText("toUInt8(") : SqlText("toUInt16(");
    sql_.Sql("SELECT *, ").Sql(number).Sql("if(`k1` IS NULL, if(top.2, ").Bind(last);
    sql_.Sql(
        ", 0),\ntransform(assumeNotNull(`k1`), if(empty(top.1), [''], top.1), if(empty(top.1), "
        "[0], "
        "range(1, length(top.1) + 1)), 0))) AS n\nFROM ");
  }

  // The groups to show by their keys, all others as one. `shown` is made in a look of its own: it
  // names every key, and written into each of them it takes the engine a minute to read 100 keys.
  void AppendShown() {
    if (numbered_) return AppendNumber();
    sql_.Sql("SELECT *");
    for (size_t i = 0; i < groups_; ++i)
      sql_.Sql(", if(shown, ")
          .Identifier(Numbered('k', i))
          .Sql(", NULL) AS ")
          .Identifier(Numbered('g', i));
    sql_.Sql("\nFROM (SELECT *, (");
    AppendKeys('k');
    sql_.Sql(") IN (SELECT ");
    AppendKeys('k');
    sql_.Sql(" FROM top) AS shown\nFROM ");
  }
  void AppendOnlyShown() {
    if (!numbered_) sql_.Sql(")");
    if (!shape_.other && !shape_.total)
      sql_.Sql(numbered_ ? SqlText("\nWHERE n > 0") : SqlText("\nWHERE shown"));
  }

  void AppendSets() {
    if (groups_ > 0) {
      const auto append_group = [this] {
        if (numbered_) {
          sql_.Sql("n)");
          return;
        }
        sql_.Sql("shown, ");
        AppendKeys('g');
        sql_.Sql(")");
      };
      sql_.Sql("(p, ");
      append_group();
      if (shape_.series) {
        sql_.Sql(", (p, b, ");
        append_group();
      }
      if (!shape_.total) return;
      sql_.Sql(", ");
    }
    sql_.Sql("(p)");
    if (shape_.series) sql_.Sql(", (p, b)");
  }

  const QueryShape& shape_;
  const Fields& fields_;
  const Formulas& formulas_;
  const std::vector<Calculation> calculations_;
  const bool is_table_;
  const bool numbered_;
  const MeasurePlan measures_;
  const MeasurePlan ranks_;  // what the groups to show are chosen by
  const size_t groups_;
  SqlWriter sql_;
};

}  // namespace

Statement PlanQuery(const QueryShape& shape, const Fields& fields, const Formulas& formulas) {
  return Planner(shape, fields, formulas).Plan();
}

Statement StatementOf(const QueryRequest& request, const FieldTypes& types, bool sampled,
                      Looks looks) {
  QueryShape shape = ShapeOf(request);
  shape.sampled = sampled;
  shape.looks = looks;
  return PlanQuery(shape, NamesOf(request, types), FormulasOf(request));
}

Statement PlanSampledProbe(const QueryShape& shape, const Fields& fields) {
  SqlWriter sql;
  sql.Sql("SELECT 1\nFROM events\nWHERE ");
  AppendWhere(ScopeOf(shape), QuerySpec(), fields, &sql);
  sql.Sql("\nAND sample_rate != 1\nLIMIT 1");
  return sql.Take();
}

bool HasRate(const QuerySpec& spec) {
  return std::any_of(spec.calculations.begin(), spec.calculations.end(),
                     [](const Calculation& each) { return IsRate(each.op); });
}

std::vector<Calculation> CalculationsOf(const QuerySpec& spec) {
  if (!spec.calculations.empty()) return spec.calculations;
  return {Calculation{}};
}

std::vector<OrderKey> OrdersOf(const QuerySpec& spec) {
  using Kind = OrderKey::Kind;
  const std::vector<Calculation> calculations = CalculationsOf(spec);
  std::vector<OrderKey> keys;
  const auto named = [&](Kind kind, const auto& list, bool descending, const auto& is_it) {
    const auto found = std::find_if(list.begin(), list.end(), is_it);
    if (found == list.end()) return false;
    keys.push_back({kind, static_cast<size_t>(found - list.begin()), descending});
    return true;
  };
  for (const SpecOrder& order : spec.orders) {
    const std::string name = order.column.value_or("");
    const bool down = order.descending;
    const auto of_name = [&](const auto& each) { return each.name == name; };
    if (order.op) {
      named(Kind::kCalculation, calculations, down, [&](const Calculation& each) {
        return each.op == *order.op && each.column == order.column;
      });
    } else if (!named(Kind::kFormula, spec.formulas, down, of_name) &&
               !named(Kind::kCalculation, calculations, down, of_name)) {
      named(Kind::kBreakdown, spec.breakdowns, down,
            [&](const std::string& each) { return each == name; });
    }
  }
  if (!spec.orders.empty()) return keys;
  if (!spec.formulas.empty()) return {{Kind::kFormula, 0, true}};
  named(Kind::kCalculation, calculations, true,
        [](const Calculation& each) { return each.op != CalculationOp::kHeatmap; });
  return keys;
}

}  // namespace skep
