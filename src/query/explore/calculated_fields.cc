// SPDX-License-Identifier: Apache-2.0
#include "query/explore/calculated_fields.h"

#include <fmt/format.h>

#include "base/check.h"
#include "query/expression/parse.h"
#include "query/expression/render.h"

namespace skep {
namespace {

class FieldColumns : public ColumnSql {
 public:
  explicit FieldColumns(Fields fields) : fields_(std::move(fields)) {}

  TypeSet Types(std::string_view column) const override { return fields_.TypesOf(column); }
  void Append(std::string_view column, ValueType type, SqlWriter* sql) const override {
    fields_.AppendTyped(column, type, sql);
  }
  void AppendEventTime(SqlWriter* sql) const override { sql->Sql("time"); }
  void AppendIngestTime(SqlWriter* sql) const override { sql->Sql("ingest_time"); }

 private:
  const Fields fields_;
};

class ExpressionField : public DefinedField {
 public:
  ExpressionField(Expression expression, Fields fields)
      : expression_(std::move(expression)),
        columns_(std::move(fields)),
        types_(skep::TypesOf(expression_, columns_)) {}

  // That its SQL is of a size that can be used.
  Status Check() const {
    for (const ValueType type : kEveryType) {
      SqlWriter scratch;
      if (types_.Has(type)) SKEP_TRY(AppendExpression(expression_, type, columns_, &scratch));
    }
    return {};
  }

  TypeSet Types() const override { return types_; }
  void AppendTyped(ValueType type, SqlWriter* sql) const override {
    SKEP_CHECK(AppendExpression(expression_, type, columns_, sql).has_value());
  }

 private:
  const Expression expression_;
  const FieldColumns columns_;
  const TypeSet types_;
};

Status Define(const CalculatedField& calculated, Fields* fields, size_t* position) {
  SKEP_ASSIGN(Expression expression, ParseExpression(calculated.expression, position));
  auto field = std::make_shared<ExpressionField>(std::move(expression), *fields);
  SKEP_TRY(field->Check());
  fields->Define(calculated.name, std::move(field));
  return {};
}

}  // namespace

Fields FieldsOf(const QuerySpec& spec, std::string dataset, const FieldTypes& types,
                SpecErrors* errors) {
  Fields fields(std::move(dataset), &types);
  for (size_t i = 0; i < spec.calculated_fields.size(); ++i) {
    size_t position = 0;
    const Status defined = Define(spec.calculated_fields[i], &fields, &position);
    if (!defined)
      errors->push_back({fmt::format("calculated_fields[{}].expression", i),
                         SpecErrorCode::kInvalid, defined.error().message, position});
  }
  return fields;
}

}  // namespace skep
