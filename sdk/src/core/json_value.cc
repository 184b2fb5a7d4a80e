// SPDX-License-Identifier: Apache-2.0
#include "core/json_value.h"

#include <rapidjson/reader.h>

#include <algorithm>
#include <charconv>

#include "core/json_text.h"

namespace skep::sdk {
namespace {

using Kind = JsonValue::Kind;

constexpr size_t kDepthMax = 64;

// Puts what the reader sees where it belongs. RapidJSON's own tree is not used: clang refuses it.
class Builder : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Builder> {
 public:
  explicit Builder(JsonValue& root) : root_(root) {}
  bool Null() { return Put(Kind::kNull, {}) != nullptr; }
  bool Bool(bool value) { return Put(Kind::kTruth, value ? "true" : "false") != nullptr; }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) {
    return Put(Kind::kNumber, {text, size}) != nullptr;
  }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    return Put(Kind::kText, {text, size}) != nullptr;
  }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    open_.back()->members.emplace_back(std::string(text, size), JsonValue());
    return true;
  }
  bool StartObject() { return Open(Kind::kObject); }
  bool EndObject(rapidjson::SizeType) { return Close(); }
  bool StartArray() { return Open(Kind::kArray); }
  bool EndArray(rapidjson::SizeType) { return Close(); }

 private:
  JsonValue* Put(Kind kind, std::string_view text) {
    JsonValue* place = &root_;
    if (!open_.empty()) {
      JsonValue& parent = *open_.back();
      place = parent.IsObject() ? &parent.members.back().second : &parent.elements.emplace_back();
    }
    *place = JsonValue(kind, std::string(text));
    return place;
  }
  bool Open(Kind kind) {
    if (open_.size() == kDepthMax) return false;
    open_.push_back(Put(kind, {}));
    return true;
  }
  bool Close() {
    open_.pop_back();
    return true;
  }

  JsonValue& root_;  // the caller's
  // Containers that are not closed yet, each inside the one before. Only the last one grows, so
  // that none of them moves.
  std::vector<JsonValue*> open_;
};

}  // namespace

std::optional<JsonValue> JsonValue::Parse(std::string_view text) {
  if (text.empty()) return std::nullopt;
  rapidjson::MemoryStream bytes(text.data(), text.size());
  rapidjson::EncodedInputStream<rapidjson::UTF8<>, rapidjson::MemoryStream> stream(bytes);
  std::optional<JsonValue> value(std::in_place);
  Builder builder(*value);
  rapidjson::Reader reader;
  constexpr unsigned kFlags =
      rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseIterativeFlag;
  if (reader.Parse<kFlags>(stream, builder).IsError()) return std::nullopt;
  return value;
}

const JsonValue* JsonValue::Find(std::string_view name) const {
  const auto found =
      std::ranges::find_if(members, [&](const Member& member) { return member.first == name; });
  return found == members.end() ? nullptr : &found->second;
}

JsonValue* JsonValue::Find(std::string_view name) {
  return const_cast<JsonValue*>(std::as_const(*this).Find(name));
}

std::string_view JsonValue::TextOf(std::string_view name) const {
  const JsonValue* member = Find(name);
  return member != nullptr && member->IsText() ? std::string_view(member->text)
                                               : std::string_view();
}

std::optional<double> JsonValue::Number() const {
  if (kind != Kind::kNumber) return std::nullopt;
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() ? std::optional(number) : std::nullopt;
}

void JsonValue::AppendTo(std::string& out) const {  // NOLINT(misc-no-recursion): 64 levels
  switch (kind) {
    case Kind::kNull:
      out += "null";
      return;
    case Kind::kTruth:
    case Kind::kNumber:
      out += text;
      return;
    case Kind::kText:
      AppendJsonString(out, text);
      return;
    case Kind::kArray:
      out += '[';
      for (const JsonValue& element : elements) {
        if (&element != elements.data()) out += ',';
        element.AppendTo(out);
      }
      out += ']';
      return;
    case Kind::kObject:
      out += '{';
      for (const Member& member : members) {
        if (&member != members.data()) out += ',';
        AppendJsonString(out, member.first);
        out += ':';
        member.second.AppendTo(out);
      }
      out += '}';
      return;
  }
}

}  // namespace skep::sdk
