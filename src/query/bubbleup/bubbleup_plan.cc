// SPDX-License-Identifier: Apache-2.0
#include "query/bubbleup/bubbleup_plan.h"

#include <fmt/format.h>

#include <bit>

#include "query/explore/filter_sql.h"
#include "query/explore/where_sql.h"

namespace skep {
namespace {

constexpr int kCellShift = 49;  // of a double's bits: sign, exponent and three bits of the fraction

std::string Key(size_t i) { return fmt::format("k{}", i); }

SpecFilter Condition(std::string column, SpecFilterOp op, SpecValue value) {
  SpecFilter filter;
  filter.column = std::move(column);
  filter.op = op;
  filter.values.push_back(std::move(value));
  return filter;
}

SpecFilter GroupCondition(const std::string& column, const SpecValue& value) {
  if (!std::holds_alternative<std::monostate>(value))
    return Condition(column, SpecFilterOp::kEqual, value);
  SpecFilter filter;
  filter.column = column;
  filter.op = SpecFilterOp::kDoesNotExist;
  return filter;
}

class Planner {
 public:
  explicit Planner(const BubbleUpPlan& plan) : plan_(plan) {}

  Statement Totals() {
    sql_.Sql("SELECT sum(s), sum(b)");
    if (plan_.sampled)
      sql_.Sql(", sum(if(s, w, 0)), sum(if(b, w, 0)), sum(if(s, w * w, 0)), sum(if(b, w * w, 0))");
    AppendRows({});
    return sql_.Take();
  }

  Statement Columns(std::span<const BubbleUpColumn> columns, const BubbleUpThreshold& threshold) {
    sql_.Sql("SELECT f, multiIf(v IS NULL, 0, sn >= ").Bind(threshold.selection_rows);
    sql_.Sql(" OR bn >= ").Bind(threshold.baseline_rows);
    for (size_t i = 0; i < columns.size(); ++i)
      if (columns[i].key == BubbleUpKey::kCells)
        sql_.Sql(" OR f = ").Bind(static_cast<uint64_t>(i));
    sql_.Sql(", 1, 2) AS part, if(part = 1, v, NULL) AS value,\ncount(), sum(sn), sum(bn)");
    if (plan_.sampled) sql_.Sql(", sum(sw), sum(bw)");
    sql_.Sql("\nFROM (SELECT ");
    AppendPlace(columns);
    sql_.Sql(" AS f,\n");
    AppendValue(columns);
    sql_.Sql(" AS v,\nsum(s) AS sn, sum(b) AS bn");
    if (plan_.sampled) sql_.Sql(", sum(if(s, w, 0)) AS sw, sum(if(b, w, 0)) AS bw");
    AppendRows(columns);
    sql_.Sql("\nGROUP BY GROUPING SETS (");
    for (size_t i = 0; i < columns.size(); ++i)
      sql_.Sql(i == 0 ? SqlText("(") : SqlText(", (")).Identifier(Key(i)).Sql(")");
    sql_.Sql("))\nGROUP BY f, part, value");
    return sql_.Take();
  }

 private:
  // Which of the keys a group is of.
  void AppendPlace(std::span<const BubbleUpColumn> columns) {
    sql_.Sql("multiIf(");
    for (size_t i = 0; i < columns.size(); ++i) {
      sql_.Sql("GROUPING(").Identifier(Key(i)).Sql(") = 0, ");
      sql_.Bind(static_cast<uint64_t>(i)).Sql(", ");
    }
    sql_.Bind(static_cast<uint64_t>(columns.size())).Sql(")");
  }

  // All keys but the group's own are null.
  void AppendValue(std::span<const BubbleUpColumn> columns) {
    sql_.Sql("coalesce(");
    for (size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) sql_.Sql(", ");
      const bool is_text = columns[i].key == BubbleUpKey::kText;
      sql_.Sql(is_text ? SqlText("") : SqlText("toString(")).Identifier(Key(i));
      if (!is_text) sql_.Sql(")");
    }
    sql_.Sql(", NULL)");
  }

  // `s` and `b` say on which side a row is, `w` what it stands for.
  void AppendRows(std::span<const BubbleUpColumn> columns) {
    const BubbleUpRequest& request = plan_.request;
    sql_.Sql("\nFROM (SELECT ");
    AppendSide(request.selection);
    sql_.Sql(" AS s,\n");
    if (request.baseline)
      AppendSide(*request.baseline);
    else
      sql_.Sql("NOT s");
    sql_.Sql(" AS b");
    if (plan_.sampled) sql_.Sql(",\nsample_rate AS w");
    for (size_t i = 0; i < columns.size(); ++i) {
      sql_.Sql(",\n");
      AppendKey(columns[i]);
      sql_.Sql(" AS ").Identifier(Key(i));
    }
    sql_.Sql("\nFROM events\nWHERE ");
    RowScope scope;
    scope.project = request.project;
    scope.range = plan_.range;
    AppendWhere(scope, request.spec, plan_.fields, &sql_);
    if (request.baseline) sql_.Sql("\nAND (s OR b)");
    sql_.Sql(")");
  }

  void AppendSide(const BubbleUpSelection& selection) {
    sql_.Sql("ifNull(");
    AppendFilters(FiltersOfSelection(selection), false, plan_.fields, &sql_);
    if (selection.from_ns) sql_.Sql(" AND time >= ").BindTime(*selection.from_ns);
    if (selection.to_ns) sql_.Sql(" AND time < ").BindTime(*selection.to_ns);
    sql_.Sql(", false)");
  }

  // Nullable, so that the keys of other sets are null.
  void AppendKey(const BubbleUpColumn& column) {
    switch (column.key) {
      case BubbleUpKey::kText:
        sql_.Sql("toNullable(");
        plan_.fields.Append(column.name, Reading::kText, &sql_);
        sql_.Sql(")");
        return;
      case BubbleUpKey::kNumber:
        sql_.Sql("toNullable(");
        plan_.fields.Append(column.name, Reading::kNumber, &sql_);
        sql_.Sql(")");
        return;
      case BubbleUpKey::kCells:
        return AppendCell(column.name);
    }
  }

  void AppendCell(const std::string& name) {
    const auto number = [&] {
      sql_.Sql("(");
      plan_.fields.Append(name, Reading::kNumber, &sql_);
      sql_.Sql(")");
    };
    sql_.Sql("toNullable(if(");
    number();
    sql_.Sql(" >= 0, toInt32(bitShiftRight(reinterpretAsUInt64(");
    number();
    sql_.Sql(" + 0.), 49)), -1 - toInt32(bitShiftRight(reinterpretAsUInt64(-");
    number();
    sql_.Sql("), 49))))");
  }

  const BubbleUpPlan& plan_;
  SqlWriter sql_;
};

}  // namespace

Statement PlanBubbleUpTotals(const BubbleUpPlan& plan) { return Planner(plan).Totals(); }

Statement PlanBubbleUpFields(const BubbleUpPlan& plan, std::span<const BubbleUpColumn> columns,
                             const BubbleUpThreshold& threshold) {
  return Planner(plan).Columns(columns, threshold);
}

NumberCell CellOf(int64_t code) {
  if (code < 0) {
    const NumberCell mirrored = CellOf(-1 - code);
    return {-mirrored.high, -mirrored.low};
  }
  if (code == 0) return {0, 0};
  const auto bits = static_cast<uint64_t>(code);
  return {std::bit_cast<double>(bits << kCellShift),
          std::bit_cast<double>((bits + 1) << kCellShift)};
}

std::vector<SpecFilter> FiltersOfSelection(const BubbleUpSelection& selection) {
  std::vector<SpecFilter> filters;
  if (selection.low)
    filters.push_back(Condition(selection.column, SpecFilterOp::kGreaterOrEqual, *selection.low));
  if (selection.high)
    filters.push_back(Condition(selection.column, SpecFilterOp::kLess, *selection.high));
  for (const auto& [column, value] : selection.group)
    filters.push_back(GroupCondition(column, value));
  if (selection.filters.empty()) return filters;
  SpecFilter own;
  own.kind = selection.any_filter ? SpecFilter::Kind::kOr : SpecFilter::Kind::kAnd;
  own.parts = selection.filters;
  filters.push_back(std::move(own));
  return filters;
}

}  // namespace skep
