// SPDX-License-Identifier: Apache-2.0
#include "doors/xray/seconds.h"

#include <limits>

#include "base/ascii.h"

namespace skep::xray {
namespace {

constexpr int64_t kExponentMax = 1 << 20;  // beyond it every number is zero or too large
constexpr int64_t kNanoDigits = 9;

// Reads `e+12` off the end. False if what stands there is something else.
bool ReadExponent(std::string_view text, int64_t* exponent) {
  if (text.empty()) return true;
  if (text[0] != 'e' && text[0] != 'E') return false;
  text.remove_prefix(1);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty()) return false;
  int64_t value = 0;
  for (const char c : text) {
    if (!IsDigit(c)) return false;
    if (value < kExponentMax) value = value * 10 + (c - '0');
  }
  *exponent = negative ? -value : value;
  return true;
}

// Appends a digit; false when it no longer fits.
bool Push(int digit, uint64_t* value) {
  constexpr auto kMax = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
  if (*value > (kMax - static_cast<uint64_t>(digit)) / 10) return false;
  *value = *value * 10 + static_cast<uint64_t>(digit);
  return true;
}

}  // namespace

std::optional<int64_t> NanosecondsOf(std::string_view number) {
  size_t end = 0;
  size_t point = std::string_view::npos;
  while (end < number.size() && (IsDigit(number[end]) || number[end] == '.')) {
    if (number[end] == '.') {
      if (point != std::string_view::npos) return std::nullopt;
      point = end;
    }
    ++end;
  }
  const std::string_view digits = number.substr(0, end);
  const size_t whole = point == std::string_view::npos ? end : point;
  if (whole == 0) return std::nullopt;
  int64_t exponent = 0;
  if (!ReadExponent(number.substr(end), &exponent)) return std::nullopt;

  // How many digits of the number are whole nanoseconds; the rest is cut, or zeros are missing.
  int64_t wanted = static_cast<int64_t>(whole) + exponent + kNanoDigits;
  uint64_t value = 0;
  for (const char c : digits) {
    if (wanted <= 0) break;
    if (c == '.') continue;
    if (!Push(c - '0', &value)) return std::nullopt;
    --wanted;
  }
  if (value == 0) return 0;
  for (; wanted > 0; --wanted)
    if (!Push(0, &value)) return std::nullopt;
  return static_cast<int64_t>(value);
}

}  // namespace skep::xray
