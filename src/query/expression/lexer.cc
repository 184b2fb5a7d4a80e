// SPDX-License-Identifier: Apache-2.0
#include "query/expression/lexer.h"

#include <optional>
#include <utility>

#include "base/ascii.h"
#include "wire/utf8.h"

namespace skep {
namespace {

// Unicode's White_Space, of `text` at `at`: its length in bytes, or 0.
size_t SpaceBytes(std::string_view text, size_t at) {
  const char c = text[at];
  if (c == ' ' || (c >= '\t' && c <= '\r')) return 1;
  const std::string_view two = text.substr(at, 2);
  if (two == "\xC2\x85" || two == "\xC2\xA0") return 2;
  const std::string_view three = text.substr(at, 3);
  if (three.size() < 3) return 0;
  if (three == "\xE1\x9A\x80" || three == "\xE2\x81\x9F" || three == "\xE3\x80\x80") return 3;
  if (three.substr(0, 2) != "\xE2\x80") return 0;
  const auto last = static_cast<unsigned char>(three[2]);
  const bool is_space =
      (last >= 0x80 && last <= 0x8A) || last == 0xA8 || last == 0xA9 || last == 0xAF;
  return is_space ? 3 : 0;
}

std::optional<uint32_t> HexDigit(char c) {
  if (IsDigit(c)) return static_cast<uint32_t>(c - '0');
  const char lower = ToLower(c);
  if (lower >= 'a' && lower <= 'f') return static_cast<uint32_t>(lower - 'a' + 10);
  return std::nullopt;
}

bool IsOctal(char c) { return c >= '0' && c <= '7'; }

void AppendUtf8(uint32_t rune, std::string* out) {
  const auto add = [out](uint32_t byte) { out->push_back(static_cast<char>(byte)); };
  if (rune < 0x80) return add(rune);
  if (rune < 0x800) {
    add(0xC0 | (rune >> 6));
  } else if (rune < 0x10000) {
    add(0xE0 | (rune >> 12));
    add(0x80 | ((rune >> 6) & 0x3F));
  } else {
    add(0xF0 | (rune >> 18));
    add(0x80 | ((rune >> 12) & 0x3F));
    add(0x80 | ((rune >> 6) & 0x3F));
  }
  add(0x80 | (rune & 0x3F));
}

}  // namespace

Error ExpressionLexer::Fail(size_t position, std::string message) {
  error_position_ = position;
  return Error(Code::kInvalidArgument, std::move(message));
}

void ExpressionLexer::SkipSpace() {
  while (at_ < text_.size()) {
    const size_t bytes = SpaceBytes(text_, at_);
    if (bytes == 0) return;
    at_ += bytes;
  }
}

size_t ExpressionLexer::NameRuneBytes() const {
  if (at_ == text_.size()) return 0;
  const char c = text_[at_];
  if (IsAlnum(c)) return 1;
  if (std::string_view("_./:=+?-").find(c) != std::string_view::npos) return 1;
  if (static_cast<unsigned char>(c) < 0x80 || SpaceBytes(text_, at_) != 0) return 0;
  return Utf8Length(text_.substr(at_));
}

size_t ExpressionLexer::SkipDigits(size_t at) const {
  while (at < text_.size() && IsDigit(text_[at])) ++at;
  return at;
}

Result<Token> ExpressionLexer::Next() {
  SkipSpace();
  Token token;
  token.position = at_;
  if (at_ == text_.size()) return token;
  const char c = text_[at_];
  if (IsDigit(c) || c == '.') return Number();
  if (c == '$') return Column();
  if (c == '"' || c == '`') {
    token.kind = TokenKind::kString;
    SKEP_ASSIGN(token.text, c == '"' ? Quoted() : RawQuoted());
    return token;
  }
  if (IsLetter(c)) {
    token.kind = TokenKind::kName;
    while (at_ < text_.size() && (IsAlnum(text_[at_]) || text_[at_] == '_'))
      token.text += text_[at_++];
    return token;
  }
  ++at_;
  token.text = c;
  if (c == '(') token.kind = TokenKind::kOpen;
  if (c == ')') token.kind = TokenKind::kClose;
  if (c == ',') token.kind = TokenKind::kComma;
  if (token.kind != TokenKind::kEnd) return token;
  if (std::string_view("!*/%-+<>=").find(c) == std::string_view::npos)
    return Fail(token.position, "No part of an expression begins with this character.");
  token.kind = TokenKind::kOperator;
  if ((c == '<' || c == '>' || c == '!') && At('=')) token.text += text_[at_++];
  return token;
}

Result<Token> ExpressionLexer::Number() {
  Token token;
  token.position = at_;
  size_t end = SkipDigits(at_);
  const bool has_digits = end > at_;
  bool is_float = false;
  if (end + 1 < text_.size() && text_[end] == '.' && IsDigit(text_[end + 1])) {
    end = SkipDigits(end + 1);
    is_float = true;
  }
  if (!has_digits && !is_float) return Fail(at_, "Digits belong after the point.");
  if (end < text_.size() && ToLower(text_[end]) == 'e') {
    size_t digits = end + 1;
    if (digits < text_.size() && (text_[digits] == '+' || text_[digits] == '-')) ++digits;
    const size_t after = SkipDigits(digits);
    if (after == digits) return Fail(end, "Digits belong into the exponent.");
    end = after;
    is_float = true;
  }
  token.kind = is_float ? TokenKind::kFloat : TokenKind::kInteger;
  token.text = text_.substr(at_, end - at_);
  at_ = end;
  return token;
}

Result<Token> ExpressionLexer::Column() {
  Token token;
  token.kind = TokenKind::kColumn;
  token.position = at_++;
  SkipSpace();
  if (At('"')) {
    SKEP_ASSIGN(token.text, Quoted());
  } else if (At('`')) {
    SKEP_ASSIGN(token.text, RawQuoted());
  } else if (at_ == token.position + 1) {
    while (const size_t bytes = NameRuneBytes()) {
      token.text += text_.substr(at_, bytes);
      at_ += bytes;
    }
  }
  if (token.text.empty()) return Fail(token.position, "A column's name belongs after $.");
  return token;
}

Result<std::string> ExpressionLexer::Quoted() {
  const size_t begin = at_++;
  std::string value;
  while (at_ < text_.size() && text_[at_] != '"') {
    if (text_[at_] == '\n') return Fail(at_, "A line feed within quotes is written \\n.");
    if (text_[at_] == '\\') {
      SKEP_TRY(Escape(&value));
    } else {
      value += text_[at_++];
    }
  }
  if (at_ == text_.size()) return Fail(begin, "A closing quote is missing.");
  ++at_;
  return value;
}

Status ExpressionLexer::Escape(std::string* out) {
  const size_t begin = at_++;
  const auto bad = [&](const char* message) { return Fail(begin, message); };
  if (at_ == text_.size()) return bad("Nothing follows the backslash.");
  const char c = text_[at_++];
  constexpr std::string_view kNames = "abfnrtv\\'\"";
  constexpr std::string_view kBytes = "\a\b\f\n\r\t\v\\'\"";
  if (const size_t i = kNames.find(c); i != std::string_view::npos) {
    out->push_back(kBytes[i]);
    return {};
  }
  if (IsOctal(c)) {
    const std::string_view digits = text_.substr(at_ - 1, 3);
    if (digits.size() < 3 || !IsOctal(digits[1]) || !IsOctal(digits[2]) || c > '3')
      return bad("Three octal digits, at most 377, belong after the backslash.");
    out->push_back(
        static_cast<char>((digits[0] - '0') * 64 + (digits[1] - '0') * 8 + (digits[2] - '0')));
    at_ += 2;
    return {};
  }
  const size_t count = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
  if (count == 0) return bad("There is no such escape.");
  uint32_t rune = 0;
  for (size_t i = 0; i < count; ++i) {
    const auto digit = at_ < text_.size() ? HexDigit(text_[at_]) : std::nullopt;
    if (!digit || rune > 0xFFFFFFF) return bad("Hexadecimal digits are missing in the escape.");
    rune = rune * 16 + *digit;
    ++at_;
  }
  if (c == 'x') {
    out->push_back(static_cast<char>(rune));
    return {};
  }
  if (rune > 0x10FFFF || (rune >= 0xD800 && rune <= 0xDFFF))
    return bad("The escape is no Unicode character.");
  AppendUtf8(rune, out);
  return {};
}

Result<std::string> ExpressionLexer::RawQuoted() {
  const size_t begin = at_;
  const size_t end = text_.find('`', begin + 1);
  if (end == std::string_view::npos) return Fail(begin, "A closing backquote is missing.");
  at_ = end + 1;
  return std::string(text_.substr(begin + 1, end - begin - 1));
}

}  // namespace skep
