// SPDX-License-Identifier: Apache-2.0
// Pieces of JSON text, appended to a string. Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace skep::sdk::xray {

// "text" with what JSON escapes; bytes that are no UTF-8 become U+FFFD.
void AppendQuoted(std::string& out, std::string_view text);
// Nanoseconds since 1970 as decimal seconds with nine digits after the point.
void AppendSeconds(std::string& out, int64_t unix_ns);
// The longest beginning of `text` of at most `bytes_max` bytes that ends at a character's border.
std::string_view CutUtf8(std::string_view text, size_t bytes_max);

// Writes the members of one object: ,"key":
class ObjectText {
 public:
  explicit ObjectText(std::string& out) : out_(out) { out_ += '{'; }
  // Where the value of `key` is to be appended.
  std::string& Key(std::string_view key);
  void Text(std::string_view key, std::string_view value) { AppendQuoted(Key(key), value); }
  // Leaves empty text out.
  void TextIfAny(std::string_view key, std::string_view value) {
    if (!value.empty()) Text(key, value);
  }
  void Truth(std::string_view key, bool value) { Key(key) += value ? "true" : "false"; }
  void Close() { out_ += '}'; }

 private:
  std::string& out_;
  bool first_ = true;
};

}  // namespace skep::sdk::xray
