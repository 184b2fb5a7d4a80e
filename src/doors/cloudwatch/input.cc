// SPDX-License-Identifier: Apache-2.0
#include "doors/cloudwatch/input.h"

#include "base/ascii.h"

namespace skep::cloudwatch {
namespace {

constexpr size_t kTagKeyMax = 128;
constexpr size_t kTagValueMax = 256;

// `([\p{L}\p{Z}\p{N}_.:/=+\-@]+)`; letters beyond ASCII are taken without a look.
bool IsTagChar(char c) {
  if (static_cast<uint8_t>(c) >= 0x80) return true;
  return IsAlnum(c) || std::string_view(" _.:/=+-@").find(c) != std::string_view::npos;
}
constexpr TextRule kTagKeyRule = {1, kTagKeyMax, IsTagChar, R"(([\p{L}\p{Z}\p{N}_.:/=+\-@]+))"};
constexpr TextRule kTagValueRule = {0, kTagValueMax, IsTagChar, R"(([\p{L}\p{Z}\p{N}_.:/=+\-@]*))"};

std::string_view TypeName(JsonType type) {
  switch (type) {
    case JsonType::kBool:
      return "BOOLEAN_VALUE";
    case JsonType::kString:
      return "STRING_VALUE";
    case JsonType::kArray:
      return "ARRAY_VALUE";
    case JsonType::kObject:
      return "STRUCT_VALUE";
    case JsonType::kNull:
      return "NULL_VALUE";
    default:
      return "NUMBER_VALUE";
  }
}

}  // namespace

JsonView Input::Member(std::string_view name) const {
  const JsonView value = root_[name];
  return value.type() == JsonType::kNull ? JsonView() : value;
}

bool Input::Has(std::string_view name) const { return static_cast<bool>(Member(name)); }

void Input::Misformed(JsonView value, std::string_view wanted) {
  if (misformed()) return;
  serialization_.append(TypeName(value.type())).append(" can not be converted to ").append(wanted);
}

bool Input::IsText(JsonView value) {
  if (value.IsString()) return true;
  Misformed(value, "a String");
  return false;
}

std::string Input::Text(std::string_view name, const TextRule& rule) {
  const JsonView value = Member(name);
  if (!value || !IsText(value)) return {};
  violations_.Text(name, value.text(), rule);
  return std::string(value.text());
}

std::string Input::RequiredText(std::string_view name, const TextRule& rule) {
  if (!Has(name)) violations_.Missing(name);
  return Text(name, rule);
}

std::optional<int64_t> Input::Int(std::string_view name, int64_t min, int64_t max) {
  const JsonView value = Member(name);
  if (!value) return std::nullopt;
  if (!value.IsNumber()) {
    Misformed(value, max > INT32_MAX ? "a Long" : "an Integer");
    return std::nullopt;
  }
  const int64_t number = value.int64(value.float64() < 0 ? INT64_MIN : INT64_MAX);
  violations_.Range(name, number, min, max);
  return number;
}

std::optional<int64_t> Input::RequiredInt(std::string_view name, int64_t min, int64_t max) {
  if (!Has(name)) violations_.Missing(name);
  return Int(name, min, max);
}

bool Input::Bool(std::string_view name, bool otherwise) {
  const JsonView value = Member(name);
  if (!value) return otherwise;
  if (value.type() != JsonType::kBool) Misformed(value, "a Boolean");
  return value.boolean();
}

std::vector<std::string> Input::TextList(std::string_view name, size_t min, size_t max,
                                         const TextRule& rule) {
  std::vector<std::string> texts;
  const JsonView list = Member(name);
  if (!list) return texts;
  if (!list.IsArray()) {
    Misformed(list, "a List");
    return texts;
  }
  violations_.Size(name, list.ToJson(), list.size(), min, max);
  if (list.size() > max) return texts;
  for (size_t i = 0; i < list.size(); ++i) {
    if (!IsText(list.At(i))) return texts;
    texts.emplace_back(list.At(i).text());
    violations_.Text(std::string(name) + "." + std::to_string(i + 1) + ".member", texts.back(),
                     rule);
  }
  return texts;
}

LogTags Input::Tags(std::string_view name) {
  LogTags tags;
  const JsonView map = Member(name);
  if (!map) return tags;
  if (!map.IsObject()) {
    Misformed(map, "a Map");
    return tags;
  }
  violations_.Size(name, map.ToJson(), map.size(), 1, LogGroups::kTagsMax);
  if (map.size() > LogGroups::kTagsMax) return tags;
  for (size_t i = 0; i < map.size(); ++i) {
    if (!IsText(map.At(i))) return tags;
    const std::string member = std::string(name) + "." + std::to_string(i + 1);
    violations_.Text(member + ".key", map.NameAt(i), kTagKeyRule);
    violations_.Text(member + ".value", map.At(i).text(), kTagValueRule);
    tags[std::string(map.NameAt(i))] = map.At(i).text();
  }
  return tags;
}

Status Input::status() const {
  if (misformed()) return Error(Code::kInvalidArgument, serialization_);
  if (!violations_.empty()) return Error(Code::kInvalidArgument, violations_.Message());
  return {};
}

}  // namespace skep::cloudwatch
