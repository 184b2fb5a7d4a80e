// SPDX-License-Identifier: Apache-2.0
#include "query/explore/formulas.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "query/explore/query_plan.h"
#include "query/expression/evaluate.h"
#include "query/expression/parse.h"
#include "query/expression/render.h"

namespace skep {
namespace {

std::optional<size_t> Named(std::string_view name, const std::vector<Calculation>& calculations) {
  for (size_t i = 0; i < calculations.size(); ++i)
    if (calculations[i].Key() == name && calculations[i].op != CalculationOp::kHeatmap) return i;
  return std::nullopt;
}

class MeasureRow : public ExpressionRow {
 public:
  MeasureRow(const std::vector<Calculation>& calculations, const Measures& measures)
      : calculations_(calculations), measures_(measures) {}

  ExpressionValue Column(std::string_view column) const override {
    const auto i = Named(column, calculations_);
    if (!i || measures_[*i].IsNull()) return std::monostate();
    return measures_[*i].Number();
  }
  int64_t EventTimeNs() const override { return 0; }
  int64_t IngestTimeNs() const override { return 0; }

 private:
  const std::vector<Calculation>& calculations_;
  const Measures& measures_;
};

class MeasureColumns : public ColumnSql {
 public:
  MeasureColumns(const std::vector<Calculation>& calculations,
                 const std::function<void(size_t, SqlWriter*)>& append)
      : calculations_(calculations), append_(append) {}

  TypeSet Types(std::string_view column) const override {
    return Named(column, calculations_) ? TypeSet(ValueType::kFloat64) : TypeSet();
  }
  void Append(std::string_view column, ValueType, SqlWriter* sql) const override {
    sql->Sql("CAST(");
    append_(*Named(column, calculations_), sql);
    sql->Sql(", 'Nullable(Float64)')");
  }
  void AppendEventTime(SqlWriter* sql) const override { sql->Sql("fromUnixTimestamp64Nano(0)"); }
  void AppendIngestTime(SqlWriter* sql) const override { AppendEventTime(sql); }

 private:
  const std::vector<Calculation>& calculations_;
  const std::function<void(size_t, SqlWriter*)>& append_;
};

// Where the name stands first, in the order of the text.
std::optional<size_t> PositionOf(std::string_view column, const Expression& expression) {
  if (expression.kind == Expression::Kind::kColumn && expression.column == column)
    return expression.position;
  for (const Expression& argument : expression.arguments)
    if (const auto position = PositionOf(column, argument)) return position;
  return std::nullopt;
}

// Where names stand in a formula, these do.
void AppendName(size_t, SqlWriter* sql) { sql->Sql("0."); }

}  // namespace

Formulas::Formulas(const QuerySpec& spec, SpecErrors* errors)
    : calculations_(CalculationsOf(spec)) {
  for (size_t i = 0; i < spec.formulas.size(); ++i) {
    const auto fail = [&](std::string why, std::optional<size_t> position) {
      errors->push_back({fmt::format("formulas[{}].expression", i), SpecErrorCode::kInvalid,
                         std::move(why), position});
    };
    size_t position = 0;
    auto formula = ParseExpression(spec.formulas[i].expression, &position);
    if (!formula) {
      fail(formula.error().message, position);
      continue;
    }
    const std::vector<std::string> columns = ColumnsOf(*formula);
    const auto unknown = std::find_if(columns.begin(), columns.end(), [&](const auto& column) {
      return !Named(column, calculations_);
    });
    if (unknown != columns.end()) {
      fail(fmt::format("{} is no calculation of this query with a number", *unknown),
           PositionOf(*unknown, *formula));
      continue;
    }
    SqlWriter scratch;
    const std::function<void(size_t, SqlWriter*)> append = AppendName;
    const MeasureColumns names(calculations_, append);
    if (const Status written = AppendExpression(*formula, ValueType::kFloat64, names, &scratch);
        !written)
      fail(written.error().message, std::nullopt);
    formulas_.push_back(std::move(*formula));
  }
}

Measure Formulas::Compute(size_t formula, const Measures& measures) const {
  const ExpressionValue value = Evaluate(formulas_[formula], MeasureRow(calculations_, measures));
  Measure measure;
  if (const auto* real = std::get_if<double>(&value); real != nullptr && std::isfinite(*real))
    measure.value = *real;
  if (const auto* whole = std::get_if<int64_t>(&value)) measure.value = static_cast<double>(*whole);
  if (const auto* flag = std::get_if<bool>(&value)) measure.value = *flag ? 1.0 : 0.0;
  return measure;
}

void Formulas::Append(size_t formula, const std::function<void(size_t, SqlWriter*)>& append_measure,
                      SqlWriter* sql) const {
  const MeasureColumns columns(calculations_, append_measure);
  const TypeSet types = skep::TypesOf(formulas_[formula], columns);
  sql->Sql("coalesce(");
  for (const ValueType type : {ValueType::kInt64, ValueType::kFloat64, ValueType::kBool}) {
    if (!types.Has(type)) continue;
    sql->Sql("toFloat64(");
    SKEP_CHECK(AppendExpression(formulas_[formula], type, columns, sql).has_value());
    sql->Sql("), ");
  }
  sql->Sql("NULL)");
}

}  // namespace skep
