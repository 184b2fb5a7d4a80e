// SPDX-License-Identifier: Apache-2.0
#include "query/expression/text_case.h"

#include <locale.h>
#include <wctype.h>

#include "base/ascii.h"
#include "base/check.h"
#include "wire/utf8.h"

namespace skep {
namespace {

locale_t Utf8Locale() {
  static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  SKEP_CHECK(locale != nullptr);
  return locale;
}

wint_t Rune(std::string_view sequence) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(sequence[i]); };
  wint_t rune = byte(0) & (0xFFu >> (sequence.size() + 1));
  for (size_t i = 1; i < sequence.size(); ++i) rune = rune << 6 | (byte(i) & 0x3Fu);
  return rune;
}

void AppendRune(wint_t rune, std::string* out) {
  if (rune < 0x80) {
    out->push_back(static_cast<char>(rune));
    return;
  }
  const int more = rune < 0x800 ? 1 : rune < 0x10000 ? 2 : 3;
  const unsigned lead = more == 1 ? 0xC0 : more == 2 ? 0xE0 : 0xF0;
  out->push_back(static_cast<char>(lead | rune >> (6 * more)));
  for (int i = more - 1; i >= 0; --i)
    out->push_back(static_cast<char>(0x80 | ((rune >> (6 * i)) & 0x3F)));
}

}  // namespace

std::string LowerText(std::string_view text) {
  std::string lower;
  for (size_t at = 0; at < text.size();) {
    const size_t bytes = Utf8Length(text.substr(at));
    if (bytes <= 1) {
      lower += ToLower(text[at++]);
      continue;
    }
    AppendRune(towlower_l(Rune(text.substr(at, bytes)), Utf8Locale()), &lower);
    at += bytes;
  }
  return lower;
}

size_t CountCharacters(std::string_view text) {
  size_t count = 0;
  for (size_t at = 0; at < text.size(); ++count) {
    const size_t bytes = Utf8Length(text.substr(at));
    if (bytes == 0) return 0;
    at += bytes;
  }
  return count;
}

}  // namespace skep
