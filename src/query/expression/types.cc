// SPDX-License-Identifier: Apache-2.0
#include "query/expression/types.h"

#include <algorithm>

namespace skep {
namespace {

TypeSet TypeOfLiteral(const ExpressionValue& value) {
  if (std::holds_alternative<int64_t>(value)) return ValueType::kInt64;
  if (std::holds_alternative<double>(value)) return ValueType::kFloat64;
  if (std::holds_alternative<bool>(value)) return ValueType::kBool;
  if (std::holds_alternative<std::string>(value)) return ValueType::kString;
  return {};
}

}  // namespace

TypeSet TypesIn(ValueClass value_class) {
  switch (value_class) {
    case ValueClass::kNumber:
      return TypeSet(ValueType::kInt64) | ValueType::kFloat64;
    case ValueClass::kText:
      return ValueType::kString;
    case ValueClass::kBool:
      return ValueType::kBool;
  }
  return {};
}

TypeSet ExpressionTypes::Of(const Expression& expression) {
  const auto known = known_.find(&expression);
  if (known != known_.end()) return known->second;
  TypeSet types;
  switch (expression.kind) {
    case Expression::Kind::kLiteral:
      types = TypeOfLiteral(expression.literal);
      break;
    case Expression::Kind::kColumn:
      types = columns_->Types(expression.column);
      break;
    case Expression::Kind::kCall:
      types = OfCall(expression);
      break;
  }
  known_.emplace(&expression, types);
  return types;
}

TypeSet ExpressionTypes::OfValues(const Expression& call, size_t first) {
  TypeSet types;
  for (size_t i = first; i < call.arguments.size(); i += 2) types |= Of(call.arguments[i]);
  if (HasElse(call)) types |= Of(call.arguments.back());
  return types;
}

TypeSet ExpressionTypes::OfCall(const Expression& call) {
  TypeSet types;
  switch (call.function) {
    case Function::kIf:
      return OfValues(call, 1);
    case Function::kSwitch:
      return OfValues(call, 2);
    case Function::kCoalesce:
      for (const Expression& argument : call.arguments) types |= Of(argument);
      return types;
    case Function::kMin:
    case Function::kMax:
      for (const Expression& argument : call.arguments) types |= Of(argument);
      if (types.HasNumber()) types |= ValueType::kFloat64;
      return types & (TypeSet(ValueType::kFloat64) | ValueType::kBool | ValueType::kString);
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
      return ValueType::kBool;
    case Function::kSum:
    case Function::kSub:
    case Function::kMul:
    case Function::kDiv:
    case Function::kMod:
    case Function::kLog10:
    case Function::kFloat:
    case Function::kEventTimestamp:
    case Function::kIngestTimestamp:
      return ValueType::kFloat64;
    case Function::kInt:
    case Function::kLength:
    case Function::kRegCount:
      return ValueType::kInt64;
    case Function::kString:
    case Function::kConcat:
      return ValueType::kString;
    case Function::kBucket:
      return Of(call.arguments[0]).HasNumber() ? TypeSet(ValueType::kString) : TypeSet();
    case Function::kToLower:
    case Function::kRegValue:
      return Of(call.arguments[0]) & ValueType::kString;
    case Function::kUnixTimestamp:
      return Of(call.arguments[0]).Has(ValueType::kString) ? TypeSet(ValueType::kFloat64)
                                                           : TypeSet();
    case Function::kFormatTime:
      return (Of(call.arguments[1]) & (TypesIn(ValueClass::kNumber) | ValueType::kString)).IsEmpty()
                 ? TypeSet()
                 : TypeSet(ValueType::kString);
  }
  return types;
}

bool ExpressionTypes::IsNeverNull(const Expression& expression) {
  if (expression.kind == Expression::Kind::kLiteral) return !Of(expression).IsEmpty();
  if (expression.kind == Expression::Kind::kColumn) return false;
  const auto& arguments = expression.arguments;
  switch (expression.function) {
    case Function::kIf:
    case Function::kSwitch: {
      if (!HasElse(expression) || !IsNeverNull(arguments.back())) return false;
      const size_t first = expression.function == Function::kIf ? 1 : 2;
      for (size_t i = first; i < arguments.size(); i += 2) {
        if (!IsNeverNull(arguments[i])) return false;
      }
      return true;
    }
    case Function::kCoalesce:
      return std::any_of(arguments.begin(), arguments.end(), [&](const Expression& argument) {
        return IsNeverNull(argument) && !Of(argument).Has(ValueType::kString);
      });
    case Function::kMin:
    case Function::kMax:
    case Function::kDiv:
    case Function::kMod:
    case Function::kLog10:
    case Function::kInt:
    case Function::kBucket:
    case Function::kToLower:
    case Function::kRegValue:
    case Function::kUnixTimestamp:
    case Function::kFormatTime:
      return false;
    default:
      // Sums and products of nulls are numbers, comparisons with null are false.
      return true;
  }
}

}  // namespace skep
