// SPDX-License-Identifier: Apache-2.0
// JsonTape: reads small JSON texts, one after the other, into a flat list of tokens that point into
// the text: no tree, no copies, no allocation once warm. For hot paths such as log lines; takes and
// refuses exactly what JsonDocument does (a fuzz target compares them). The text must outlive the
// use of the tape. Thread-compatible.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wire/json.h"

namespace skep {

class JsonTape {
 public:
  // A value, or the name of the member that the next token is the value of (then kString).
  struct Token {
    JsonType type = JsonType::kNull;
    bool escaped = false;  // kString: Text() must be unescaped
    uint32_t begin = 0;    // in the text: the whole value, for strings without their quotes
    uint32_t end = 0;
    uint32_t next = 0;  // index of the token behind this value and everything in it
    union {
      int64_t int64 = 0;  // kInt64, kBool
      double float64;     // kFloat64, kUInt64
    };
  };

  // False for what is no JSON, nested deeper than depth_max (at most 512), or longer than 4 GiB;
  // the tape is then empty.
  bool Parse(std::string_view text, size_t depth_max = 64);

  // The root is token 0; an object's members follow it as name and value, an array's elements as
  // values.
  const std::vector<Token>& tokens() const { return tokens_; }
  // The bytes of a value as they stand in the text; of a string without quotes.
  std::string_view Raw(const Token& token) const {
    return text_.substr(token.begin, token.end - token.begin);
  }
  // Replaces escapes. `out` must have room for the raw size; returns the size used.
  static size_t Unescape(std::string_view raw, char* out);

 private:
  bool ParseAll(size_t depth_max);
  bool ParseScalar();
  bool ParseString();
  bool ParseEscape();
  bool ParseNumber();
  bool ParseWord(std::string_view word, JsonType type);
  void SkipSpace();
  Token& Push(JsonType type, size_t begin);
  bool Take(char c);

  std::string_view text_;
  size_t at_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace skep
