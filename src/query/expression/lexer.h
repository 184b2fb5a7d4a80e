// SPDX-License-Identifier: Apache-2.0
// Lexer: text to tokens of the calculated-field language, each with the byte at which it begins.
// Bare names may hold letters, digits and _ . / : = + ? -, so $a-b is one column; a letter is here
// anything beyond ASCII that is not white space. Used by parse.cc. Pure; the text outlives it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace skep {

enum class TokenKind : uint8_t {
  kEnd,
  kInteger,   // text: digits
  kFloat,     // text: as it stands
  kString,    // decoded
  kColumn,    // decoded name
  kName,      // function, AND, OR, true, false, null
  kOperator,  // ! * / % - + < <= > >= = !=
  kOpen,
  kClose,
  kComma,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  size_t position = 0;
  std::string text;
};

class ExpressionLexer {
 public:
  explicit ExpressionLexer(std::string_view text) : text_(text) {}

  // kInvalidArgument; error_position() is then where.
  Result<Token> Next();
  size_t error_position() const { return error_position_; }

 private:
  Error Fail(size_t position, std::string message);
  void SkipSpace();
  size_t NameRuneBytes() const;
  bool At(char c) const { return at_ < text_.size() && text_[at_] == c; }
  size_t SkipDigits(size_t at) const;
  Result<Token> Number();
  Result<Token> Column();
  Result<std::string> Quoted();
  Status Escape(std::string* out);
  Result<std::string> RawQuoted();

  std::string_view text_;
  size_t at_ = 0;
  size_t error_position_ = 0;
};

}  // namespace skep
