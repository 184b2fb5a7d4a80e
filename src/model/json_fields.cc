// SPDX-License-Identifier: Apache-2.0
#include "model/json_fields.h"

namespace skep {

bool JsonFields::Parse(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos || text[begin] != '{') return false;
  if (text[text.find_last_not_of(kSpace)] != '}') return false;
  return tape_.Parse(text, kNestingMax);
}

bool JsonFields::PushName(const JsonTape::Token& member, size_t name_bytes_max) {
  const std::string_view raw = tape_.Raw(member);
  if (raw.empty() || name_.size() + raw.size() >= name_bytes_max) return false;
  if (!name_.empty()) name_ += '.';
  const size_t begin = name_.size();
  name_ += raw;
  if (member.escaped) name_.resize(begin + JsonTape::Unescape(raw, name_.data() + begin));
  return true;
}

Value JsonFields::ValueOf(const JsonTape::Token& token, Arena* arena) const {
  switch (token.type) {
    case JsonType::kBool:
      return Value::Bool(token.int64 != 0);
    case JsonType::kInt64:
      return Value::Int(token.int64);
    case JsonType::kUInt64:
    case JsonType::kFloat64:
      return Value::Float(token.float64);
    default:
      break;
  }
  std::string_view text = tape_.Raw(token);  // also of arrays and objects: they are JSON already
  if (token.escaped) {
    char* const plain = arena->Allocate(text.size());
    text = {plain, JsonTape::Unescape(text, plain)};
  }
  return Value::String(text);
}

}  // namespace skep
