// SPDX-License-Identifier: Apache-2.0
// Functions that are true or false. Where types do not meet they are false, never null; NULL OR
// true is true in SQL, so one ifNull around all the pairs of types is enough.
#include <vector>

#include "query/expression/check.h"
#include "query/expression/regex.h"
#include "query/expression/renderer.h"
#include "query/expression/values.h"

namespace skep {

bool ExpressionRenderer::IsCondition(Function function) const {
  switch (function) {
    case Function::kLess:
    case Function::kLessEqual:
    case Function::kGreater:
    case Function::kGreaterEqual:
    case Function::kIn:
    case Function::kNotIn:
    case Function::kAnd:
    case Function::kOr:
    case Function::kNot:
    case Function::kExists:
    case Function::kBool:
    case Function::kStartsWith:
    case Function::kEndsWith:
    case Function::kContains:
    case Function::kSearch:
    case Function::kRegMatch:
      return true;
    default:
      return false;
  }
}

void ExpressionRenderer::Condition(const Expression& call) {
  const auto& arguments = call.arguments;
  switch (call.function) {
    case Function::kLess:
      return Comparison(call, " < ");
    case Function::kLessEqual:
      return Comparison(call, " <= ");
    case Function::kGreater:
      return Comparison(call, " > ");
    case Function::kGreaterEqual:
      return Comparison(call, " >= ");
    case Function::kIn:
      return Membership(call);
    case Function::kNotIn:
      sql_->Sql("NOT ");
      return Membership(call);
    case Function::kAnd:
      return AllOf(call, " AND ");
    case Function::kOr:
      return AllOf(call, " OR ");
    case Function::kNot:
      sql_->Sql("NOT (");
      Read(arguments[0], Reading::kTruth);
      sql_->Sql(")");
      return;
    case Function::kExists:
      sql_->Sql("NOT (");
      Read(arguments[0], Reading::kIsNull);
      sql_->Sql(")");
      return;
    case Function::kStartsWith:
      return TextTest(call, "startsWith(");
    case Function::kEndsWith:
      return TextTest(call, "endsWith(");
    case Function::kContains:
      return TextTest(call, "0 < position(");
    case Function::kSearch:
      sql_->Sql("ifNull(0 < position(lowerUTF8(");
      Read(arguments[0], Reading::kText);
      sql_->Sql("), lowerUTF8(");
      Read(arguments[1], Reading::kText);
      sql_->Sql(")), false)");
      return;
    case Function::kRegMatch:
      if (!types_.Of(arguments[0]).Has(ValueType::kString)) {
        sql_->Sql("false");
        return;
      }
      sql_->Sql("ifNull(match(nullIf(");
      Part(arguments[0], ValueType::kString);
      sql_->Sql(", ''), ").Bind(ExpressionRegex::ForEngine(TextLiteral(arguments[1])));
      sql_->Sql("), false)");
      return;
    default:
      return Read(arguments[0], Reading::kTruth);
  }
}

void ExpressionRenderer::AllOf(const Expression& call, SqlText op) {
  sql_->Sql("(");
  for (const Expression& argument : call.arguments) {
    if (&argument != &call.arguments.front()) sql_->Sql(op);
    Read(argument, Reading::kTruth);
  }
  sql_->Sql(")");
}

void ExpressionRenderer::Comparison(const Expression& call, SqlText op) {
  const Expression& left = call.arguments[0];
  const Expression& right = call.arguments[1];
  const TypeSet types[] = {types_.Of(left), types_.Of(right)};
  bool is_first = true;
  for (const ValueType a : kEveryType) {
    for (const ValueType b : kEveryType) {
      if (a == ValueType::kBool || b == ValueType::kBool) continue;
      if ((a == ValueType::kString) != (b == ValueType::kString)) continue;
      if (!types[0].Has(a) || !types[1].Has(b)) continue;
      Either(is_first, "ifNull(", " OR ");
      is_first = false;
      Part(left, a);
      sql_->Sql(op);
      Part(right, b);
    }
  }
  Either(is_first, "false", ", false)");
}

// The pairs of types in which two values can be equal, joined by OR behind what stands already;
// returns whether anything stands now.
bool ExpressionRenderer::Equality(const Expression& a, const Expression& b, bool is_first) {
  const TypeSet types_a = types_.Of(a);
  const TypeSet types_b = types_.Of(b);
  const auto is_number = [](ValueType type) {
    return type == ValueType::kInt64 || type == ValueType::kFloat64;
  };
  const auto begin = [&] {
    Either(is_first, "ifNull(", " OR ");
    is_first = false;
  };
  for (const ValueType type_a : kEveryType) {
    for (const ValueType type_b : kEveryType) {
      if (type_a != type_b && !(is_number(type_a) && is_number(type_b))) continue;
      if (!types_a.Has(type_a) || !types_b.Has(type_b)) continue;
      begin();
      Part(a, type_a);
      sql_->Sql(" = ");
      Part(b, type_b);
    }
  }
  if (!types_.IsNeverNull(a) && !types_.IsNeverNull(b)) {
    begin();
    sql_->Sql("(");
    Read(a, Reading::kIsNull);
    sql_->Sql(" AND ");
    Read(b, Reading::kIsNull);
    sql_->Sql(")");
  }
  return !is_first;
}

void ExpressionRenderer::Membership(const Expression& call) {
  const Expression& subject = call.arguments[0];
  const bool may_be_text = types_.Of(subject).Has(ValueType::kString);
  std::vector<const Expression*> texts;
  bool is_written = false;
  for (size_t i = 1; i < call.arguments.size(); ++i) {
    const Expression& candidate = call.arguments[i];
    if (IsTextLiteral(candidate)) {
      if (may_be_text) texts.push_back(&candidate);
    } else {
      is_written = Equality(subject, candidate, !is_written);
    }
  }
  if (texts.size() == 1) is_written = Equality(subject, *texts[0], !is_written);
  if (texts.size() > 1) {
    Either(is_written, " OR ", "ifNull(");
    is_written = true;
    Part(subject, ValueType::kString);
    sql_->Sql(" IN (");
    for (const Expression* text : texts) {
      if (text != texts.front()) sql_->Sql(", ");
      Part(*text, ValueType::kString);
    }
    sql_->Sql(")");
  }
  Either(is_written, ", false)", "false");
}

void ExpressionRenderer::TextTest(const Expression& call, SqlText function) {
  for (const Expression& argument : call.arguments) {
    if (types_.Of(argument).Has(ValueType::kString)) continue;
    sql_->Sql("false");
    return;
  }
  sql_->Sql("ifNull(").Sql(function);
  Part(call.arguments[0], ValueType::kString);
  sql_->Sql(", ");
  Part(call.arguments[1], ValueType::kString);
  sql_->Sql("), false)");
}

}  // namespace skep
