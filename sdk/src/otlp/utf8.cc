// SPDX-License-Identifier: Apache-2.0
#include "otlp/utf8.h"

#include <cstdint>
#include <cstring>

namespace skep::sdk::otlp {
namespace {

// The length of the character that starts at `at`, or 0 if there is none (RFC 3629, section 4).
size_t CharacterAt(std::string_view text, size_t at) {
  auto byte = [&](size_t i) {
    return static_cast<uint8_t>(at + i < text.size() ? text[at + i] : 0);
  };
  auto tail = [&](size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const uint8_t first = byte(0);
  const uint8_t second = byte(1);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return tail(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    if (first == 0xE0 && second < 0xA0) return 0;  // longer than it must be
    if (first == 0xED && second > 0x9F) return 0;  // a surrogate
    return tail(1) && tail(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if (first == 0xF0 && second < 0x90) return 0;
    if (first == 0xF4 && second > 0x8F) return 0;  // past U+10FFFF
    return tail(1) && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

// How many bytes from `at` on are ASCII, looked at eight at a time.
size_t AsciiFrom(std::string_view text, size_t at) {
  while (at + 8 <= text.size()) {
    uint64_t word;
    std::memcpy(&word, text.data() + at, 8);
    if ((word & 0x8080808080808080u) != 0) break;
    at += 8;
  }
  while (at < text.size() && static_cast<uint8_t>(text[at]) < 0x80) ++at;
  return at;
}

}  // namespace

bool IsUtf8(std::string_view text) {
  for (size_t at = AsciiFrom(text, 0); at < text.size(); at = AsciiFrom(text, at)) {
    const size_t length = CharacterAt(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

void CopyAsUtf8(std::string_view text, char* to) {
  size_t at = 0;
  while (at < text.size()) {
    const size_t length = CharacterAt(text, at);
    if (length == 0) {
      to[at++] = '?';
    } else {
      std::memcpy(to + at, text.data() + at, length);
      at += length;
    }
  }
}

}  // namespace skep::sdk::otlp
