// SPDX-License-Identifier: Apache-2.0
// Hexadecimal text to bytes and back. Output is lower case; input may be either.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace skep {

inline constexpr char kHexDigits[] = "0123456789abcdef";

// -1 for a character that is no hex digit.
constexpr int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Reads exactly 2 * size digits into `out`; false (and `out` unspecified) for anything else.
inline bool DecodeHex(std::string_view text, uint8_t* out, size_t size) {
  if (text.size() != size * 2) return false;
  for (size_t i = 0; i < size; ++i) {
    const int high = HexDigit(text[2 * i]);
    const int low = HexDigit(text[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    out[i] = static_cast<uint8_t>(high << 4 | low);
  }
  return true;
}

inline void AppendHex(const uint8_t* bytes, size_t size, std::string* out) {
  for (size_t i = 0; i < size; ++i) {
    out->push_back(kHexDigits[bytes[i] >> 4]);
    out->push_back(kHexDigits[bytes[i] & 15]);
  }
}

}  // namespace skep
