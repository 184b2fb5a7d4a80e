// SPDX-License-Identifier: Apache-2.0
#include "query/expression/values.h"

#include <cmath>

#include "query/expression/evaluate.h"
#include "query/expression/number_text.h"

namespace skep {
namespace {

template <typename T>
int Order(const T& a, const T& b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

// Exactly, though not every integer is a float.
std::optional<int> CompareIntFloat(int64_t whole, double real) {
  constexpr double kLimit = 9223372036854775808.0;  // 2^63
  if (std::isnan(real)) return std::nullopt;
  if (real >= kLimit) return -1;
  if (real < -kLimit) return 1;
  const double truncated = std::trunc(real);
  const int order = Order(whole, static_cast<int64_t>(truncated));
  return order != 0 ? order : Order(truncated, real);
}

}  // namespace

bool IsNull(const ExpressionValue& value) { return std::holds_alternative<std::monostate>(value); }

bool IsEmpty(const ExpressionValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  return IsNull(value) || (text != nullptr && text->empty());
}

bool IsNumber(const ExpressionValue& value) {
  return std::holds_alternative<int64_t>(value) || std::holds_alternative<double>(value);
}

std::optional<double> NumberIn(const ExpressionValue& value) {
  if (const auto* whole = std::get_if<int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* text = std::get_if<std::string>(&value)) return NumberOf(*text);
  return std::nullopt;
}

std::string TextOf(const ExpressionValue& value) {
  if (const auto* whole = std::get_if<int64_t>(&value)) return std::to_string(*whole);
  if (const auto* real = std::get_if<double>(&value)) return FloatText(*real);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return {};
}

std::optional<int> Compare(const ExpressionValue& a, const ExpressionValue& b) {
  const auto* text_a = std::get_if<std::string>(&a);
  const auto* text_b = std::get_if<std::string>(&b);
  if (text_a != nullptr && text_b != nullptr) return Order(*text_a, *text_b);
  const auto* whole_a = std::get_if<int64_t>(&a);
  const auto* whole_b = std::get_if<int64_t>(&b);
  if (whole_a != nullptr && whole_b != nullptr) return Order(*whole_a, *whole_b);
  const auto* real_a = std::get_if<double>(&a);
  const auto* real_b = std::get_if<double>(&b);
  if (whole_a != nullptr && real_b != nullptr) return CompareIntFloat(*whole_a, *real_b);
  if (real_a != nullptr && whole_b != nullptr) {
    const auto order = CompareIntFloat(*whole_b, *real_a);
    return order ? std::optional<int>(-*order) : std::nullopt;
  }
  if (real_a == nullptr || real_b == nullptr || std::isnan(*real_a) || std::isnan(*real_b))
    return std::nullopt;
  return Order(*real_a, *real_b);
}

bool AreEqual(const ExpressionValue& a, const ExpressionValue& b) {
  if (IsNull(a) || IsNull(b)) return IsNull(a) && IsNull(b);
  const auto* flag_a = std::get_if<bool>(&a);
  const auto* flag_b = std::get_if<bool>(&b);
  if (flag_a != nullptr && flag_b != nullptr) return *flag_a == *flag_b;
  return Compare(a, b) == 0;
}

bool IsTrue(const ExpressionValue& value) {
  if (const auto* whole = std::get_if<int64_t>(&value)) return *whole != 0;
  if (const auto* real = std::get_if<double>(&value)) return *real != 0;
  if (const auto* flag = std::get_if<bool>(&value)) return *flag;
  const auto* text = std::get_if<std::string>(&value);
  return text != nullptr && *text == "true";
}

}  // namespace skep
