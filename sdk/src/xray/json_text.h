// SPDX-License-Identifier: Apache-2.0
// Pieces of JSON text, appended to a string. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/json_text.h"

namespace skep::sdk::xray {

// Nanoseconds since 1970 as decimal seconds with nine digits after the point.
void AppendSeconds(std::string& out, int64_t unix_ns);

// Writes the members of one object: ,"key":
class ObjectText {
 public:
  explicit ObjectText(std::string& out) : out_(out) { out_ += '{'; }
  // Where the value of `key` is to be appended.
  std::string& Key(std::string_view key);
  void Text(std::string_view key, std::string_view value) { AppendJsonString(Key(key), value); }
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
