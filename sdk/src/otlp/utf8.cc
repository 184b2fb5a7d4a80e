// SPDX-License-Identifier: Apache-2.0
#include "otlp/utf8.h"

#include <cstdint>
#include <cstring>

#include "core/json_text.h"

namespace skep::sdk::otlp {
namespace {

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
    const size_t length = CharacterBytes(text.substr(at));
    if (length == 0) return false;
    at += length;
  }
  return true;
}

void CopyAsUtf8(std::string_view text, char* to) {
  size_t at = 0;
  while (at < text.size()) {
    const size_t length = CharacterBytes(text.substr(at));
    if (length == 0) {
      to[at++] = '?';
    } else {
      std::memcpy(to + at, text.data() + at, length);
      at += length;
    }
  }
}

}  // namespace skep::sdk::otlp
