// SPDX-License-Identifier: Apache-2.0
#include "query/expression/number_text.h"

#include <charconv>
#include <cmath>
#include <cstdlib>

namespace skep {
namespace {

// The engine writes decimals without an exponent below this many digits before the point, and down
// to this many zeros behind it.
constexpr int kDigitsMax = 21;
constexpr int kZerosMax = 6;

}  // namespace

std::string FloatText(double number) {
  if (std::isnan(number)) return "nan";
  if (std::isinf(number)) return number < 0 ? "-inf" : "inf";
  std::string text = std::signbit(number) ? "-" : "";
  if (number == 0) return text + "0";

  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), std::fabs(number),
                                 std::chars_format::scientific);
  const std::string_view scientific(buffer, static_cast<size_t>(end.ptr - buffer));
  const size_t e = scientific.find('e');
  int exponent = 0;
  const size_t sign = scientific[e + 1] == '+' ? 1 : 0;
  std::from_chars(scientific.data() + e + 1 + sign, end.ptr, exponent);
  std::string digits(scientific.substr(0, 1));
  if (e > 2) digits += scientific.substr(2, e - 2);

  const int count = static_cast<int>(digits.size());
  if (exponent >= kDigitsMax || exponent < -kZerosMax) {
    text += digits[0];
    if (count > 1) text += '.' + digits.substr(1);
    return text + 'e' + std::to_string(exponent);
  }
  if (exponent < 0)
    return text + "0." + std::string(static_cast<size_t>(-exponent - 1), '0') + digits;
  if (exponent >= count - 1)
    return text + digits + std::string(static_cast<size_t>(exponent - count + 1), '0');
  const auto point = static_cast<size_t>(exponent + 1);
  return text + digits.substr(0, point) + '.' + digits.substr(point);
}

std::optional<double> NumberOf(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) return std::nullopt;
  }
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc::invalid_argument || end != text.data() + text.size()) return std::nullopt;
  // Too large is infinite, too small is zero; from_chars says neither.
  if (error == std::errc::result_out_of_range)
    return std::strtod(std::string(text).c_str(), nullptr);
  return number;
}

}  // namespace skep
