// SPDX-License-Identifier: Apache-2.0
#include "errors/normalise.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/ascii.h"
#include "base/hex.h"

namespace skep {
namespace {

bool IsHexDigit(char c) { return HexDigit(c) >= 0; }

template <typename F>
size_t Count(std::string_view text, F&& is) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), is));
}
bool HasDigit(std::string_view text) { return std::any_of(text.begin(), text.end(), IsDigit); }

bool IsEmail(std::string_view token) {
  const size_t at = token.find('@');
  return at != std::string_view::npos && at != 0 && token.find('.', at) != std::string_view::npos;
}

bool IsUuid(std::string_view token) {
  if (token.size() != 36) return false;
  for (size_t i = 0; i < token.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? token[i] != '-' : !IsHexDigit(token[i])) return false;
  }
  return true;
}

// 2026-11-24, 10:15:00.123, 2026-11-24T10:15:00+00:00, 24/11/2026.
bool IsTime(std::string_view token) {
  const auto separates = [](char c) { return c == '-' || c == ':' || c == '/'; };
  const auto allowed = [&](char c) {
    return IsDigit(c) || separates(c) || c == '.' || c == '+' || c == 'T' || c == 'Z';
  };
  return IsDigit(token.front()) && Count(token, separates) >= 2 && Count(token, IsDigit) >= 4 &&
         Count(token, allowed) == token.size();
}

bool IsAddress(std::string_view token) {
  const auto colon = [](char c) { return c == ':'; };
  const auto dot = [](char c) { return c == '.'; };
  if (Count(token, dot) == 3 && Count(token, colon) <= 1)
    return Count(token, IsDigit) + Count(token, dot) + Count(token, colon) == token.size();
  return Count(token, colon) >= 2 && HasDigit(token) &&
         Count(token, IsHexDigit) + Count(token, colon) == token.size();
}

bool IsHex(std::string_view token) {
  if (token.size() > 2 && token[0] == '0' && (token[1] == 'x' || token[1] == 'X'))
    return Count(token.substr(2), IsHexDigit) == token.size() - 2;
  return token.size() >= 4 && Count(token, IsHexDigit) == token.size() && HasDigit(token) &&
         Count(token, IsDigit) != token.size();
}

bool IsDecimal(std::string_view token) {
  const auto point = [](char c) { return c == '.' || c == ','; };
  return token.size() >= 2 && Count(token, IsDigit) + Count(token, point) == token.size() &&
         IsDigit(token.front());
}

// Upper-case letters with a number at their end, as codes are written: E1234, ORA-00942, ERR_404.
bool IsCode(std::string_view token) {
  const size_t letters =
      static_cast<size_t>(std::find_if_not(token.begin(), token.end(), IsUpper) - token.begin());
  if (letters == 0) return false;
  std::string_view rest = token.substr(letters);
  if (!rest.empty() && (rest[0] == '-' || rest[0] == '_')) rest.remove_prefix(1);
  return !rest.empty() && Count(rest, IsDigit) == rest.size();
}

// Words before a number that make it a code.
bool SaysCode(std::string_view word) {
  static constexpr std::array<std::string_view, 8> kWords = {
      "http", "status", "code", "error", "errno", "exit", "signal", "response"};
  std::string lower;
  for (const char c : word) lower += ToLower(c);
  return std::find(kWords.begin(), kWords.end(), lower) != kWords.end();
}

// Replaces each run of at least `digits_min` digits inside a word.
void AppendWithoutNumbers(std::string_view word, size_t digits_min, std::string* out) {
  for (size_t i = 0; i < word.size();) {
    size_t end = i;
    while (end < word.size() && IsDigit(word[end])) ++end;
    if (end - i >= digits_min) {
      *out += "<number>";
    } else {
      end = std::max(end, i + 1);
      *out += word.substr(i, end - i);
    }
    i = end;
  }
}

// The end of the letters and digits that begin at `begin`.
size_t WordEnd(std::string_view text, size_t begin) {
  while (begin < text.size() && IsAlnum(text[begin])) ++begin;
  return begin;
}

// As build tools and runtimes put them into names.
bool IsHash(std::string_view word) {
  return word.size() >= 7 && HasDigit(word) && Count(word, IsHexDigit) == word.size();
}

// The end of the token that begins at `begin`: letters and digits, and single joiners between them.
size_t TokenEnd(std::string_view text, size_t begin) {
  static constexpr std::string_view kJoiners = "-_.:@/+,";
  size_t end = begin;
  while (end < text.size()) {
    if (IsAlnum(text[end])) {
      ++end;
      continue;
    }
    const bool joins = kJoiners.find(text[end]) != std::string_view::npos &&
                       end + 1 < text.size() &&
                       (IsAlnum(text[end + 1]) || (text[end] == ':' && text[end + 1] == ':'));
    if (!joins) break;
    ++end;
  }
  return end;
}

void AppendToken(std::string_view token, std::string_view word_before, std::string* out) {
  if (IsEmail(token)) {
    *out += "<email>";
  } else if (IsUuid(token)) {
    *out += "<uuid>";
  } else if (!HasDigit(token) || IsCode(token)) {
    *out += token;
  } else if (IsTime(token)) {
    *out += "<time>";
  } else if (IsAddress(token)) {
    *out += "<ip>";
  } else if (IsDecimal(token)) {
    const bool code =
        token.size() <= 5 && Count(token, IsDigit) == token.size() && SaysCode(word_before);
    *out += code ? token : "<number>";
  } else if (IsHex(token)) {
    *out += "<hex>";
  } else {
    AppendWithoutNumbers(token, 2, out);
  }
}

}  // namespace

void NormaliseMessage(std::string_view text, std::string* out) {
  out->reserve(out->size() + text.size());
  std::string_view word_before;
  for (size_t i = 0; i < text.size();) {
    if (!IsAlnum(text[i])) {
      *out += text[i++];
      continue;
    }
    const size_t end = TokenEnd(text, i);
    const std::string_view token = text.substr(i, end - i);
    AppendToken(token, word_before, out);
    word_before = token;
    i = end;
  }
}

void NormaliseFilename(std::string_view filename, std::string* out) {
  filename = filename.substr(0, filename.find('?'));  // of URLs: main.js?v=17
  if (!HasDigit(filename)) {
    *out += filename;
    return;
  }
  for (size_t i = 0; i < filename.size();) {
    if (!IsAlnum(filename[i])) {
      *out += filename[i++];
      continue;
    }
    size_t end = WordEnd(filename, i);
    const std::string_view word = filename.substr(i, end - i);
    // 2026-11-24 and 20261124 alike; a hash such as main.3f9a2c1b.js.
    const bool date = IsTime(filename.substr(i, std::min<size_t>(10, filename.size() - i)));
    if (date) {
      end = i + 10;
    } else if (!IsHash(word)) {
      *out += word;
    }
    i = end;
  }
}

void NormaliseMethod(std::string_view method, std::string* out) {
  if (!HasDigit(method)) {
    *out += method;
    return;
  }
  for (size_t i = 0; i < method.size();) {
    if (!IsAlnum(method[i])) {
      *out += method[i++];
      continue;
    }
    const size_t end = WordEnd(method, i);
    const std::string_view word = method.substr(i, end - i);
    const bool all_digits = Count(word, IsDigit) == word.size();
    if (!all_digits && (IsHash(word) || word.starts_with("0x"))) {
      *out += "<hex>";
    } else {
      AppendWithoutNumbers(word, 2, out);
    }
    i = end;
  }
}

}  // namespace skep
