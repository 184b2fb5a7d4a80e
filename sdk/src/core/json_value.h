// SPDX-License-Identifier: Apache-2.0
// JsonValue: JSON that was read: what receivers answer, and items that are made smaller before they
// go out. Reading costs no stack and stops at 64 levels; numbers keep their text, members their
// order. A plain value, with the threads of one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skep::sdk {

class JsonValue {
 public:
  enum class Kind : uint8_t { kNull, kTruth, kNumber, kText, kArray, kObject };
  using Member = std::pair<std::string, JsonValue>;

  // Nothing if `text` is not one JSON value, or nested deeper than 64.
  static std::optional<JsonValue> Parse(std::string_view text);

  JsonValue() = default;
  explicit JsonValue(Kind value_kind, std::string value_text = {})
      : kind(value_kind), text(std::move(value_text)) {}

  bool IsObject() const { return kind == Kind::kObject; }
  bool IsArray() const { return kind == Kind::kArray; }
  bool IsText() const { return kind == Kind::kText; }
  // The first member of that name; null if there is none, or if this is no object.
  const JsonValue* Find(std::string_view name) const;
  JsonValue* Find(std::string_view name);
  // A member's text; empty if there is none or if it is none.
  std::string_view TextOf(std::string_view name) const;
  // Nothing if this is no number, or one that no double can hold.
  std::optional<double> Number() const;

  void AppendTo(std::string& out) const;

  Kind kind = Kind::kNull;
  std::string text;                 // kText; of numbers and truths as they were written
  std::vector<JsonValue> elements;  // kArray
  std::vector<Member> members;      // kObject
};

}  // namespace skep::sdk
