// SPDX-License-Identifier: Apache-2.0
#include "query/expression/evaluate.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/check.h"
#include "query/expression/bucket.h"
#include "query/expression/check.h"
#include "query/expression/regex.h"
#include "query/expression/text_case.h"
#include "query/expression/time_format.h"
#include "query/expression/unix_time.h"
#include "query/expression/values.h"

namespace skep {
namespace {

class Evaluator {
 public:
  explicit Evaluator(const ExpressionRow* row) : row_(row) {}

  ExpressionValue Value(const Expression& expression) const {
    switch (expression.kind) {
      case Expression::Kind::kLiteral:
        return expression.literal;
      case Expression::Kind::kColumn:
        return row_->Column(expression.column);
      case Expression::Kind::kCall:
        break;
    }
    return Call(expression);
  }

 private:
  using Arguments = std::vector<Expression>;

  ExpressionValue Call(const Expression& call) const;
  ExpressionValue TextCall(const Expression& call) const;
  ExpressionValue NumberCall(const Expression& call) const;
  ExpressionValue If(const Arguments& arguments) const;
  ExpressionValue Switch(const Arguments& arguments) const;
  ExpressionValue Least(const Arguments& arguments, bool greatest) const;
  ExpressionValue Bucket(const Arguments& arguments) const;
  ExpressionValue FormattedTime(const Arguments& arguments) const;
  bool IsIn(const Arguments& arguments) const;

  bool Truth(const Expression& expression) const { return IsTrue(Value(expression)); }
  double Number(const Expression& expression) const {
    return NumberIn(Value(expression)).value_or(0);
  }
  // Nothing where the value is no text.
  std::optional<std::string> Text(const Expression& expression) const {
    ExpressionValue value = Value(expression);
    if (auto* text = std::get_if<std::string>(&value)) return std::move(*text);
    return std::nullopt;
  }

  const ExpressionRow* row_;
};

ExpressionValue Evaluator::If(const Arguments& arguments) const {
  size_t i = 0;
  for (; i + 1 < arguments.size(); i += 2) {
    if (Truth(arguments[i])) return Value(arguments[i + 1]);
  }
  return i < arguments.size() ? Value(arguments[i]) : ExpressionValue();
}

ExpressionValue Evaluator::Switch(const Arguments& arguments) const {
  const std::optional<std::string> subject = Text(arguments[0]);
  size_t i = 1;
  for (; i + 1 < arguments.size(); i += 2) {
    if (subject == TextLiteral(arguments[i])) return Value(arguments[i + 1]);
  }
  return i < arguments.size() ? Value(arguments[i]) : ExpressionValue();
}

// Of the type of the first argument that is not empty; numbers of both kinds are one type here.
ExpressionValue Evaluator::Least(const Arguments& arguments, bool greatest) const {
  ExpressionValue best;
  for (const Expression& argument : arguments) {
    ExpressionValue value = Value(argument);
    if (IsEmpty(value)) continue;
    if (IsNumber(value)) value = *NumberIn(value);
    if (IsNull(best)) {
      best = std::move(value);
      continue;
    }
    if (value.index() != best.index()) continue;
    const bool is_better = greatest ? best < value : value < best;
    if (is_better) best = std::move(value);
  }
  return best;
}

ExpressionValue Evaluator::Bucket(const Arguments& arguments) const {
  const ExpressionValue value = Value(arguments[0]);
  if (!IsNumber(value)) return {};
  const auto bound = [&](size_t i) {
    return i < arguments.size() ? std::optional<double>(NumberLiteral(arguments[i])) : std::nullopt;
  };
  return BucketLabel(MakeBuckets(*bound(1), bound(2), bound(3)), *NumberIn(value));
}

ExpressionValue Evaluator::FormattedTime(const Arguments& arguments) const {
  constexpr double kLimit = 9223372036854775808.0;
  const auto format = ParseTimeFormat(TextLiteral(arguments[0]));
  const std::optional<double> time = NumberIn(Value(arguments[1]));
  if (!format || !time) return {};
  const double second = std::floor(*time);
  if (!(second >= -kLimit && second < kLimit)) return {};
  return FormatTime(*format, static_cast<int64_t>(second));
}

bool Evaluator::IsIn(const Arguments& arguments) const {
  const ExpressionValue value = Value(arguments[0]);
  return std::any_of(arguments.begin() + 1, arguments.end(), [&](const Expression& candidate) {
    return AreEqual(value, Value(candidate));
  });
}

ExpressionValue Evaluator::NumberCall(const Expression& call) const {
  const Arguments& arguments = call.arguments;
  const auto fold = [&](auto&& combine) {
    double result = Number(arguments[0]);
    for (size_t i = 1; i < arguments.size(); ++i) result = combine(result, Number(arguments[i]));
    return result;
  };
  switch (call.function) {
    case Function::kSum:
      return fold([](double a, double b) { return a + b; });
    case Function::kMul:
      return fold([](double a, double b) { return a * b; });
    case Function::kSub:
      return Number(arguments[0]) - Number(arguments[1]);
    case Function::kDiv: {
      const double by = Number(arguments[1]);
      return by == 0 ? ExpressionValue() : Number(arguments[0]) / by;
    }
    case Function::kMod: {
      const double number = Number(arguments[0]);
      const double by = Number(arguments[1]);
      return by == 0 ? ExpressionValue() : number - std::trunc(number / by) * by;
    }
    case Function::kLog10: {
      const double number = Number(arguments[0]);
      return number > 0 ? std::log10(number) : ExpressionValue();
    }
    case Function::kFloat:
      return Number(arguments[0]);
    case Function::kInt: {
      constexpr double kLimit = 9223372036854775808.0;
      const ExpressionValue value = Value(arguments[0]);
      if (std::holds_alternative<int64_t>(value)) return value;
      const double whole = std::trunc(NumberIn(value).value_or(0));
      if (!(whole >= -kLimit && whole < kLimit)) return {};
      return static_cast<int64_t>(whole);
    }
    case Function::kEventTimestamp:
      return static_cast<double>(row_->EventTimeNs()) / 1e9;
    case Function::kIngestTimestamp:
      return static_cast<double>(row_->IngestTimeNs()) / 1e9;
    default:
      break;
  }
  SKEP_CHECK(false);
}

ExpressionValue Evaluator::TextCall(const Expression& call) const {
  const Arguments& arguments = call.arguments;
  const std::optional<std::string> text = Text(arguments[0]);
  const auto regex = [&] {
    auto made = ExpressionRegex::Create(TextLiteral(arguments[1]));
    SKEP_CHECK(made.has_value());  // the parser has compiled it
    return std::move(*made);
  };
  switch (call.function) {
    case Function::kToLower:
      return text ? LowerText(*text) : ExpressionValue();
    case Function::kLength: {
      if (!text) return int64_t{0};
      const bool bytes = arguments.size() == 2 && TextLiteral(arguments[1]) == "bytes";
      return static_cast<int64_t>(bytes ? text->size() : CountCharacters(*text));
    }
    case Function::kSearch: {
      const ExpressionValue all = Value(arguments[0]);
      const ExpressionValue part = Value(arguments[1]);
      if (IsNull(all) || IsNull(part)) return false;
      return LowerText(TextOf(all)).find(LowerText(TextOf(part))) != std::string::npos;
    }
    case Function::kRegMatch:
      return text && !text->empty() && regex().Matches(*text);
    case Function::kRegValue: {
      const auto found = text ? regex().FirstMatch(*text) : std::nullopt;
      return found ? *found : ExpressionValue();
    }
    case Function::kRegCount:
      return text ? regex().CountMatches(*text) : int64_t{0};
    case Function::kUnixTimestamp: {
      const auto time = text ? UnixTime(*text) : std::nullopt;
      return time ? *time : ExpressionValue();
    }
    default:
      break;
  }
  const std::optional<std::string> part = Text(arguments[1]);
  if (!text || !part) return false;
  if (call.function == Function::kStartsWith) return text->starts_with(*part);
  if (call.function == Function::kEndsWith) return text->ends_with(*part);
  return text->find(*part) != std::string::npos;
}

ExpressionValue Evaluator::Call(const Expression& call) const {
  const Arguments& arguments = call.arguments;
  const auto order = [&] { return Compare(Value(arguments[0]), Value(arguments[1])); };
  const auto truth = [this](const Expression& argument) { return Truth(argument); };
  switch (call.function) {
    case Function::kIf:
      return If(arguments);
    case Function::kSwitch:
      return Switch(arguments);
    case Function::kCoalesce:
      for (const Expression& argument : arguments) {
        if (ExpressionValue value = Value(argument); !IsEmpty(value)) return value;
      }
      return {};
    case Function::kLess:
      return order().value_or(0) < 0;
    case Function::kLessEqual:
      return order().value_or(1) <= 0;
    case Function::kGreater:
      return order().value_or(0) > 0;
    case Function::kGreaterEqual:
      return order().value_or(-1) >= 0;
    case Function::kIn:
      return IsIn(arguments);
    case Function::kNotIn:
      return !IsIn(arguments);
    case Function::kAnd:
      return std::all_of(arguments.begin(), arguments.end(), truth);
    case Function::kOr:
      return std::any_of(arguments.begin(), arguments.end(), truth);
    case Function::kNot:
      return !Truth(arguments[0]);
    case Function::kBool:
      return Truth(arguments[0]);
    case Function::kExists:
      return !IsNull(Value(arguments[0]));
    case Function::kMin:
      return Least(arguments, false);
    case Function::kMax:
      return Least(arguments, true);
    case Function::kBucket:
      return Bucket(arguments);
    case Function::kString:
    case Function::kConcat: {
      std::string all;
      for (const Expression& argument : arguments) all += TextOf(Value(argument));
      return all;
    }
    case Function::kFormatTime:
      return FormattedTime(arguments);
    case Function::kSum:
    case Function::kSub:
    case Function::kMul:
    case Function::kDiv:
    case Function::kMod:
    case Function::kLog10:
    case Function::kInt:
    case Function::kFloat:
    case Function::kEventTimestamp:
    case Function::kIngestTimestamp:
      return NumberCall(call);
    case Function::kToLower:
    case Function::kLength:
    case Function::kSearch:
    case Function::kRegMatch:
    case Function::kRegValue:
    case Function::kRegCount:
    case Function::kUnixTimestamp:
    case Function::kStartsWith:
    case Function::kEndsWith:
    case Function::kContains:
      return TextCall(call);
  }
  SKEP_CHECK(false);
}

}  // namespace

ExpressionValue Evaluate(const Expression& expression, const ExpressionRow& row) {
  return Evaluator(&row).Value(expression);
}

}  // namespace skep
