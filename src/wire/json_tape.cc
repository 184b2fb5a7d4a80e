// SPDX-License-Identifier: Apache-2.0
#include "wire/json_tape.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "base/ascii.h"
#include "base/hex.h"
#include "wire/utf8.h"

namespace skep {
namespace {

constexpr size_t kDepthMax = 512;  // two kilobytes of stack

// How many bytes at the start of `text` a string may hold as they are, all ASCII, seen eight at a
// time. Of what is shorter than that nothing is said: the caller looks at the next byte itself.
size_t PlainBytes(std::string_view text) {
  constexpr uint64_t kOnes = 0x0101010101010101ull;
  constexpr uint64_t kTops = 0x8080808080808080ull;
  const auto has_zero = [](uint64_t v) { return (v - kOnes) & ~v & kTops; };
  size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    uint64_t word;
    std::memcpy(&word, text.data() + at, 8);
    const uint64_t quote = has_zero(word ^ (kOnes * '"'));
    const uint64_t backslash = has_zero(word ^ (kOnes * '\\'));
    const uint64_t control = (word - kOnes * 0x20) & ~word & kTops;
    // The lowest bit is right, those above it may be borrowed.
    const uint64_t other = quote | backslash | control | (word & kTops);
    if (other != 0) return at + static_cast<size_t>(std::countr_zero(other)) / 8;
  }
  return at;
}
static_assert(std::endian::native == std::endian::little);

// Four hexadecimal digits; -1 for anything else.
int32_t Hex4(std::string_view text) {
  if (text.size() < 4) return -1;
  int32_t value = 0;
  for (size_t i = 0; i < 4; ++i) {
    const int digit = HexDigit(text[i]);
    if (digit < 0) return -1;
    value = value << 4 | digit;
  }
  return value;
}

// Texts with escapes have many, a few bytes apart: shorter than what a call of memchr pays for.
size_t BytesBeforeBackslash(std::string_view raw) {
  constexpr size_t kNear = 16;
  size_t at = 0;
  for (; at < raw.size() && at < kNear; ++at)
    if (raw[at] == '\\') return at;
  return std::min(raw.find('\\', at), raw.size());
}

// What a backslash and this character stand for.
char ControlOf(char c) {
  switch (c) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return c;
  }
}

bool IsHighSurrogate(int32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool IsLowSurrogate(int32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

size_t PutUtf8(uint32_t point, char* out) {
  const auto put = [&](size_t i, uint32_t byte) { out[i] = static_cast<char>(byte); };
  if (point < 0x80) {
    put(0, point);
    return 1;
  }
  if (point < 0x800) {
    put(0, 0xC0 | point >> 6);
    put(1, 0x80 | (point & 63));
    return 2;
  }
  if (point < 0x10000) {
    put(0, 0xE0 | point >> 12);
    put(1, 0x80 | (point >> 6 & 63));
    put(2, 0x80 | (point & 63));
    return 3;
  }
  put(0, 0xF0 | point >> 18);
  put(1, 0x80 | (point >> 12 & 63));
  put(2, 0x80 | (point >> 6 & 63));
  put(3, 0x80 | (point & 63));
  return 4;
}

}  // namespace

JsonTape::Token& JsonTape::Push(JsonType type, size_t begin) {
  Token& token = tokens_.emplace_back();
  token.type = type;
  token.begin = static_cast<uint32_t>(begin);
  token.end = static_cast<uint32_t>(at_);
  token.next = static_cast<uint32_t>(tokens_.size());
  return token;
}

void JsonTape::SkipSpace() {
  while (at_ < text_.size() &&
         (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r'))
    ++at_;
}

bool JsonTape::Take(char c) {
  if (at_ >= text_.size() || text_[at_] != c) return false;
  ++at_;
  return true;
}

bool JsonTape::Parse(std::string_view text, size_t depth_max) {
  text_ = text;
  at_ = 0;
  tokens_.clear();
  if (text.size() < std::numeric_limits<uint32_t>::max() &&
      ParseAll(std::min(depth_max, kDepthMax))) {
    SkipSpace();
    if (at_ == text_.size()) return true;
  }
  tokens_.clear();
  return false;
}

bool JsonTape::ParseAll(size_t depth_max) {
  std::array<uint32_t, kDepthMax> open;  // tokens of the containers around here
  size_t depth = 0;
  for (;;) {
    // A value.
    SkipSpace();
    if (at_ >= text_.size()) return false;
    const char c = text_[at_];
    if (c == '{' || c == '[') {
      if (depth == depth_max) return false;
      open[depth++] = static_cast<uint32_t>(tokens_.size());
      Push(c == '{' ? JsonType::kObject : JsonType::kArray, at_++);
      SkipSpace();
      if (!Take(c == '{' ? '}' : ']')) {
        if (c == '{' && !ParseString()) return false;
        if (c == '{') SkipSpace();
        if (c == '{' && !Take(':')) return false;
        continue;
      }
      --at_;  // empty: closed below
    } else if (!ParseScalar()) {
      return false;
    }
    // What may follow it.
    for (;;) {
      if (depth == 0) return true;
      Token& container = tokens_[open[depth - 1]];
      const bool object = container.type == JsonType::kObject;
      SkipSpace();
      if (Take(object ? '}' : ']')) {
        container.end = static_cast<uint32_t>(at_);
        container.next = static_cast<uint32_t>(tokens_.size());
        --depth;
        continue;
      }
      if (!Take(',')) return false;
      if (!object) break;
      SkipSpace();
      if (!ParseString()) return false;
      SkipSpace();
      if (!Take(':')) return false;
      break;
    }
  }
}

bool JsonTape::ParseScalar() {
  switch (text_[at_]) {
    case '"':
      return ParseString();
    case 't':
      return ParseWord("true", JsonType::kBool);
    case 'f':
      return ParseWord("false", JsonType::kBool);
    case 'n':
      return ParseWord("null", JsonType::kNull);
    default:
      return ParseNumber();
  }
}

bool JsonTape::ParseWord(std::string_view word, JsonType type) {
  if (!text_.substr(at_).starts_with(word)) return false;
  const size_t begin = at_;
  at_ += word.size();
  Push(type, begin).int64 = word == "true" ? 1 : 0;
  return true;
}

bool JsonTape::ParseString() {
  if (!Take('"')) return false;
  const size_t begin = at_;
  bool escaped = false;
  for (;;) {
    at_ += PlainBytes(text_.substr(at_));
    if (at_ >= text_.size()) return false;
    const char c = text_[at_];
    if (c == '"') break;
    if (c == '\\') {
      escaped = true;
      if (!ParseEscape()) return false;
    } else if (static_cast<uint8_t>(c) < 0x20) {
      return false;
    } else {
      const size_t size = Utf8Length(text_.substr(at_));
      if (size == 0) return false;
      at_ += size;
    }
  }
  Push(JsonType::kString, begin).escaped = escaped;
  ++at_;
  return true;
}

bool JsonTape::ParseEscape() {
  if (at_ + 1 >= text_.size()) return false;
  const char c = text_[at_ + 1];
  at_ += 2;
  switch (c) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
      return true;
    case 'u':
      break;
    default:
      return false;
  }
  const int32_t unit = Hex4(text_.substr(at_));
  if (unit < 0 || IsLowSurrogate(unit)) return false;
  at_ += 4;
  if (!IsHighSurrogate(unit)) return true;
  if (!text_.substr(at_).starts_with("\\u") || !IsLowSurrogate(Hex4(text_.substr(at_ + 2))))
    return false;
  at_ += 6;
  return true;
}

bool JsonTape::ParseNumber() {
  const size_t begin = at_;
  const bool negative = Take('-');
  const std::string_view rest = text_.substr(at_);
  if (rest.starts_with("NaN")) {
    at_ += 3;
    Push(JsonType::kFloat64, begin).float64 = std::numeric_limits<double>::quiet_NaN();
    return true;
  }
  if (rest.starts_with("Inf")) {
    at_ += rest.starts_with("Infinity") ? 8 : 3;
    const double infinity = std::numeric_limits<double>::infinity();
    Push(JsonType::kFloat64, begin).float64 = negative ? -infinity : infinity;
    return true;
  }
  const size_t digits = at_;
  while (at_ < text_.size() && IsDigit(text_[at_])) ++at_;
  if (at_ == digits || (text_[digits] == '0' && at_ > digits + 1)) return false;
  bool whole = true;
  if (Take('.')) {
    whole = false;
    if (at_ >= text_.size() || !IsDigit(text_[at_])) return false;
    while (at_ < text_.size() && IsDigit(text_[at_])) ++at_;
  }
  if (Take('e') || Take('E')) {
    whole = false;
    if (!Take('+')) Take('-');
    if (at_ >= text_.size() || !IsDigit(text_[at_])) return false;
    while (at_ < text_.size() && IsDigit(text_[at_])) ++at_;
  }
  const std::string_view number = text_.substr(begin, at_ - begin);
  const char* const end = number.data() + number.size();
  int64_t integer = 0;
  if (whole && std::from_chars(number.data(), end, integer).ec == std::errc()) {
    Push(JsonType::kInt64, begin).int64 = integer;
    return true;
  }
  uint64_t natural = 0;
  if (whole && std::from_chars(number.data(), end, natural).ec == std::errc()) {
    Push(JsonType::kUInt64, begin).float64 = static_cast<double>(natural);
    return true;
  }
  double real = 0;
  if (std::from_chars(number.data(), end, real).ec != std::errc())
    real = std::strtod(std::string(number).c_str(), nullptr);  // too large or too small
  if (std::isinf(real)) return false;
  Push(JsonType::kFloat64, begin).float64 = real;
  return true;
}

size_t JsonTape::Unescape(std::string_view raw, char* out) {
  char* const begin = out;
  while (!raw.empty()) {
    const size_t plain = BytesBeforeBackslash(raw);
    std::memmove(out, raw.data(), plain);
    out += plain;
    raw.remove_prefix(plain);
    if (raw.empty()) break;
    const char c = raw[1];
    raw.remove_prefix(2);
    if (c != 'u') {
      *out++ = ControlOf(c);
      continue;
    }
    auto point = static_cast<uint32_t>(Hex4(raw));
    raw.remove_prefix(4);
    if (IsHighSurrogate(static_cast<int32_t>(point))) {
      const auto low = static_cast<uint32_t>(Hex4(raw.substr(2)));
      point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
      raw.remove_prefix(6);
    }
    out += PutUtf8(point, out);
  }
  return static_cast<size_t>(out - begin);
}

}  // namespace skep
