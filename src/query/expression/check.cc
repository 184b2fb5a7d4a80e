// SPDX-License-Identifier: Apache-2.0
#include "query/expression/check.h"

#include <fmt/format.h>

#include <cmath>

#include "query/expression/regex.h"
#include "query/expression/time_format.h"

namespace skep {
namespace {

Error Wrong(const Expression& where, size_t* error_position, std::string message) {
  *error_position = where.position;
  return Error(Code::kInvalidArgument, std::move(message));
}

std::string Arguments(size_t count) {
  return fmt::format("{} argument{}", count, count == 1 ? "" : "s");
}

Status CheckSwitch(const Expression& call, size_t* error_position) {
  // subject, text, value, text, value, ..., perhaps a last value.
  for (size_t i = 1; i + 1 < call.arguments.size(); i += 2) {
    if (!IsTextLiteral(call.arguments[i]))
      return Wrong(call.arguments[i], error_position,
                   "A case of SWITCH is a text in quotes, not something computed.");
  }
  return {};
}

Status CheckBucket(const Expression& call, size_t* error_position) {
  for (size_t i = 1; i < call.arguments.size(); ++i) {
    if (!IsNumberLiteral(call.arguments[i]))
      return Wrong(call.arguments[i], error_position,
                   "Size, minimum and maximum of BUCKET are numbers, not something computed.");
  }
  if (!(NumberLiteral(call.arguments[1]) > 0))
    return Wrong(call.arguments[1], error_position, "The size of a bucket must be above 0.");
  if (call.arguments.size() == 4 &&
      NumberLiteral(call.arguments[3]) <= NumberLiteral(call.arguments[2]))
    return Wrong(call.arguments[3], error_position,
                 "The maximum of BUCKET must be above its minimum.");
  return {};
}

Status CheckRegex(const FunctionInfo& function, const Expression& call, size_t* error_position) {
  const Expression& pattern = call.arguments[1];
  if (!IsTextLiteral(pattern))
    return Wrong(pattern, error_position,
                 fmt::format("The regular expression of {} is a text in quotes, not something "
                             "computed.",
                             function.name));
  const auto regex = ExpressionRegex::Create(TextLiteral(pattern));
  if (!regex) return Wrong(pattern, error_position, regex.error().message);
  return {};
}

Status CheckLength(const Expression& call, size_t* error_position) {
  if (call.arguments.size() < 2) return {};
  const Expression& unit = call.arguments[1];
  if (!IsTextLiteral(unit) || (TextLiteral(unit) != "bytes" && TextLiteral(unit) != "chars"))
    return Wrong(unit, error_position, "LENGTH counts in \"bytes\" or \"chars\".");
  return {};
}

Status CheckTimeFormat(const Expression& call, size_t* error_position) {
  const Expression& format = call.arguments[0];
  if (!IsTextLiteral(format))
    return Wrong(format, error_position,
                 "The format of FORMAT_TIME is a text in quotes, not something computed.");
  const auto parsed = ParseTimeFormat(TextLiteral(format));
  if (!parsed) return Wrong(format, error_position, parsed.error().message);
  return {};
}

}  // namespace

bool IsNumberLiteral(const Expression& expression) {
  return expression.kind == Expression::Kind::kLiteral &&
         (std::holds_alternative<int64_t>(expression.literal) ||
          std::holds_alternative<double>(expression.literal));
}

double NumberLiteral(const Expression& expression) {
  if (const auto* whole = std::get_if<int64_t>(&expression.literal))
    return static_cast<double>(*whole);
  return std::get<double>(expression.literal);
}

bool IsTextLiteral(const Expression& expression) {
  return expression.kind == Expression::Kind::kLiteral &&
         std::holds_alternative<std::string>(expression.literal);
}

const std::string& TextLiteral(const Expression& expression) {
  return std::get<std::string>(expression.literal);
}

Status CheckArgumentCount(const FunctionInfo& function, const Expression& call,
                          size_t* error_position) {
  const size_t count = call.arguments.size();
  if (count >= function.arguments_min && count <= function.arguments_max) return {};
  std::string wanted;
  if (function.arguments_min == function.arguments_max) {
    wanted = Arguments(function.arguments_min);
  } else if (function.arguments_max == kAnyNumber) {
    wanted = "at least " + Arguments(function.arguments_min);
  } else {
    wanted = fmt::format("{} to {}", function.arguments_min, Arguments(function.arguments_max));
  }
  return Wrong(call, error_position,
               fmt::format("{} takes {}, not {}.", function.name, wanted, count));
}

Status CheckLiterals(const FunctionInfo& function, const Expression& call, size_t* error_position) {
  switch (function.function) {
    case Function::kSwitch:
      return CheckSwitch(call, error_position);
    case Function::kBucket:
      return CheckBucket(call, error_position);
    case Function::kRegMatch:
    case Function::kRegValue:
    case Function::kRegCount:
      return CheckRegex(function, call, error_position);
    case Function::kLength:
      return CheckLength(call, error_position);
    case Function::kFormatTime:
      return CheckTimeFormat(call, error_position);
    default:
      return {};
  }
}

}  // namespace skep
