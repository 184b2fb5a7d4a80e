// SPDX-License-Identifier: Apache-2.0
#include "query/expression/renderer.h"

#include "query/expression/evaluate.h"
#include "query/expression/values.h"

namespace skep {
namespace {

using Reading = ExpressionRenderer::Reading;

// What a choice without a value is.
SqlText OfNull(Reading reading) {
  switch (reading) {
    case Reading::kTruth:
    case Reading::kHasValue:
      return "false";
    case Reading::kIsNull:
      return "true";
    case Reading::kNumber:
      return "toFloat64(0)";
    case Reading::kInteger:
      return "toInt64(0)";
    case Reading::kNumberOrNull:
    case Reading::kNumberProper:
      return "CAST(NULL, 'Nullable(Float64)')";
    case Reading::kText:
      return "CAST(NULL, 'Nullable(String)')";
  }
  return "NULL";
}

bool IsChoice(const Expression& expression) {
  return expression.kind == Expression::Kind::kCall &&
         (expression.function == Function::kIf || expression.function == Function::kSwitch ||
          expression.function == Function::kCoalesce);
}

// What a part of this type is to a reading: text before it and behind it; nothing where it is
// nothing.
struct Wrap {
  SqlText before = "";
  SqlText after = "";
  bool is_used = true;
};

Wrap WrapOf(ValueType type, Reading reading) {
  const bool is_text = type == ValueType::kString;
  const bool is_bool = type == ValueType::kBool;
  switch (reading) {
    case Reading::kTruth:
      if (is_text) return {"", " = 'true'"};
      return is_bool ? Wrap{} : Wrap{"", " != 0"};
    case Reading::kHasValue:
      return is_text ? Wrap{"", " != ''"} : Wrap{"isNotNull(", ")"};
    case Reading::kIsNull:
      return {"isNull(", ")"};
    case Reading::kText:
      return is_text ? Wrap{} : Wrap{"toString(", ")"};
    case Reading::kNumber:
    case Reading::kNumberOrNull:
    case Reading::kNumberProper:
    case Reading::kInteger:
      if (type == ValueType::kFloat64) return {};
      if (type == ValueType::kInt64) return {"toFloat64(", ")"};
      if (is_text && reading != Reading::kNumberProper) return {"toFloat64OrNull(", ")"};
      break;
  }
  return {"", "", false};
}

}  // namespace

void ExpressionRenderer::Null(ValueType type) {
  switch (type) {
    case ValueType::kInt64:
      sql_->Sql("CAST(NULL, 'Nullable(Int64)')");
      return;
    case ValueType::kFloat64:
      sql_->Sql("CAST(NULL, 'Nullable(Float64)')");
      return;
    case ValueType::kBool:
      sql_->Sql("CAST(NULL, 'Nullable(Bool)')");
      return;
    case ValueType::kString:
      sql_->Sql("CAST(NULL, 'Nullable(String)')");
      return;
  }
}

void ExpressionRenderer::Literal(const ExpressionValue& value) {
  if (const auto* whole = std::get_if<int64_t>(&value)) sql_->Bind(*whole);
  if (const auto* real = std::get_if<double>(&value)) sql_->Bind(*real);
  if (const auto* flag = std::get_if<bool>(&value)) Either(*flag, "true", "false");
  if (const auto* text = std::get_if<std::string>(&value)) sql_->Bind(std::string_view(*text));
}

void ExpressionRenderer::PartOrNull(const Expression& expression, ValueType type) {
  if (types_.Of(expression).Has(type)) return Part(expression, type);
  if (Spend(32)) Null(type);
}

void ExpressionRenderer::Part(const Expression& expression, ValueType type) {
  if (!Spend(32)) return;
  switch (expression.kind) {
    case Expression::Kind::kLiteral:
      return Literal(expression.literal);
    case Expression::Kind::kColumn: {
      if (!Spend(expression.column.size())) return;
      // It may be an expression again: fields that name fields must not double without end.
      const size_t before = sql_->bytes();
      columns_->Append(expression.column, type, sql_);
      Spend(sql_->bytes() - before);
      return;
    }
    case Expression::Kind::kCall:
      return CallPart(expression, type);
  }
}

void ExpressionRenderer::Read(const Expression& expression, Reading reading) {
  if (!Spend(32)) return;
  if (expression.kind == Expression::Kind::kLiteral) return ReadLiteral(expression, reading);
  if (IsChoice(expression)) return ReadChoice(expression, reading);
  if (reading == Reading::kTruth && expression.kind == Expression::Kind::kCall &&
      IsCondition(expression.function))
    return Condition(expression);
  ReadParts(expression, reading);
}

void ExpressionRenderer::ReadLiteral(const Expression& literal, Reading reading) {
  const ExpressionValue& value = literal.literal;
  if (reading == Reading::kTruth) {
    Either(IsTrue(value), "true", "false");
    return;
  }
  if (IsNull(value)) {
    sql_->Sql(OfNull(reading));
    return;
  }
  if (reading == Reading::kIsNull || reading == Reading::kHasValue) {
    const bool is_set = reading == Reading::kHasValue && !IsEmpty(value);
    Either(is_set, "true", "false");
    return;
  }
  if (reading == Reading::kText) {
    sql_->Bind(std::string_view(TextOf(value)));
    return;
  }
  const bool is_whole = std::holds_alternative<int64_t>(value);
  const auto number =
      reading == Reading::kNumberProper && !IsNumber(value) ? std::nullopt : NumberIn(value);
  if (reading == Reading::kInteger && is_whole) return Literal(value);
  if (!number) {
    sql_->Sql(OfNull(reading));
    return;
  }
  if (reading == Reading::kInteger) sql_->Sql("accurateCastOrNull(trunc(");
  sql_->Bind(*number);
  if (reading == Reading::kInteger) sql_->Sql("), 'Int64')");
}

// Every part that can be there, the first that is.
void ExpressionRenderer::ReadParts(const Expression& expression, Reading reading) {
  const TypeSet types = types_.Of(expression);
  const bool is_integer = reading == Reading::kInteger;
  if (is_integer && types.Is(ValueType::kInt64)) {
    sql_->Sql("ifNull(");
    Part(expression, ValueType::kInt64);
    sql_->Sql(", 0)");
    return;
  }
  size_t count = 0;
  for (const ValueType type : kEveryType) {
    if (types.Has(type) && WrapOf(type, reading).is_used) ++count;
  }
  const bool is_number = reading == Reading::kNumber || is_integer;
  const bool is_condition = reading == Reading::kTruth || reading == Reading::kHasValue;
  if (count == 0) {
    sql_->Sql(OfNull(reading));
    return;
  }
  const bool has_default =
      (is_number || is_condition) &&
      !(count == 1 && types_.IsNeverNull(expression) && !types.Has(ValueType::kString));
  // An integer is taken as it is, other numbers are cut.
  const bool keeps_integer = is_integer && types.Has(ValueType::kInt64);
  if (keeps_integer) {
    sql_->Sql("coalesce(");
    Part(expression, ValueType::kInt64);
    sql_->Sql(", ");
  }
  if (is_integer) sql_->Sql("accurateCastOrNull(trunc(");
  const bool joins_by_sign = is_condition || reading == Reading::kIsNull;
  if (joins_by_sign) {
    Either(has_default, "ifNull(", "(");
  } else if (count > 1 || has_default) {
    sql_->Sql("coalesce(");
  }
  SqlText joint = " OR ";
  if (reading == Reading::kIsNull) joint = " AND ";
  bool is_first = true;
  for (const ValueType type : kEveryType) {
    const Wrap wrap = WrapOf(type, reading);
    if (!types.Has(type) || !wrap.is_used) continue;
    if (!is_first) {
      sql_->Sql(joins_by_sign ? joint : SqlText(", "));
    }
    is_first = false;
    sql_->Sql(wrap.before);
    Part(expression, type);
    sql_->Sql(wrap.after);
  }
  if (has_default) Either(is_condition, ", false", ", 0");
  if (joins_by_sign || count > 1 || has_default) sql_->Sql(")");
  if (is_integer) sql_->Sql("), 'Int64')");
  if (keeps_integer) sql_->Sql(")");
}

template <typename F>
void ExpressionRenderer::Choice(const Expression& call, F&& write, SqlText otherwise) {
  const auto& arguments = call.arguments;
  sql_->Sql("multiIf(");
  if (call.function == Function::kCoalesce) {
    for (const Expression& argument : arguments) {
      Read(argument, Reading::kHasValue);
      sql_->Sql(", ");
      write(argument);
      sql_->Sql(", ");
    }
    sql_->Sql(otherwise).Sql(")");
    return;
  }
  const bool is_switch = call.function == Function::kSwitch;
  size_t i = is_switch ? 1 : 0;
  for (; i + 1 < arguments.size(); i += 2) {
    if (!is_switch) {
      Read(arguments[i], Reading::kTruth);
    } else if (types_.Of(arguments[0]).Has(ValueType::kString)) {
      Part(arguments[0], ValueType::kString);
      sql_->Sql(" = ");
      Part(arguments[i], ValueType::kString);
    } else {
      sql_->Sql("false");
    }
    sql_->Sql(", ");
    write(arguments[i + 1]);
    sql_->Sql(", ");
  }
  if (i < arguments.size()) {
    write(arguments[i]);
  } else {
    sql_->Sql(otherwise);
  }
  sql_->Sql(")");
}

void ExpressionRenderer::ReadChoice(const Expression& call, Reading reading) {
  // Of COALESCE there is a value where one of its arguments is one.
  if (call.function == Function::kCoalesce &&
      (reading == Reading::kHasValue || reading == Reading::kIsNull)) {
    if (reading == Reading::kIsNull) sql_->Sql("NOT ");
    sql_->Sql("(");
    for (const Expression& argument : call.arguments) {
      if (&argument != &call.arguments.front()) sql_->Sql(" OR ");
      Read(argument, Reading::kHasValue);
    }
    sql_->Sql(")");
    return;
  }
  Choice(call, [&](const Expression& value) { Read(value, reading); }, OfNull(reading));
}

void ExpressionRenderer::CallPart(const Expression& call, ValueType type) {
  if (IsChoice(call)) {
    Choice(
        call,
        [&](const Expression& value) {
          if (types_.Of(value).Has(type)) return Part(value, type);
          sql_->Sql("NULL");
        },
        "NULL");
    return;
  }
  if (IsCondition(call.function)) {
    sql_->Sql("toBool(");
    Condition(call);
    sql_->Sql(")");
    return;
  }
  const auto& arguments = call.arguments;
  switch (call.function) {
    case Function::kMin:
    case Function::kMax:
      return Least(call, type);
    case Function::kBucket:
      return Bucket(call);
    case Function::kInt:
      return Read(arguments[0], Reading::kInteger);
    case Function::kString:
    case Function::kConcat:
      Either(arguments.size() == 1, "", "concat(");
      for (const Expression& argument : arguments) {
        if (&argument != &arguments.front()) sql_->Sql(", ");
        sql_->Sql("ifNull(");
        Read(argument, Reading::kText);
        sql_->Sql(", '')");
      }
      Either(arguments.size() == 1, "", ")");
      return;
    case Function::kToLower:
      sql_->Sql("lowerUTF8(");
      Part(arguments[0], ValueType::kString);
      sql_->Sql(")");
      return;
    case Function::kLength:
      return Length(call);
    case Function::kRegValue:
    case Function::kRegCount:
      return Regex(call);
    case Function::kFormatTime:
      return FormattedTime(call);
    default:
      return Arithmetic(call);
  }
}

}  // namespace skep
