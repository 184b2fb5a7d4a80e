// SPDX-License-Identifier: Apache-2.0
// TapeView: a value in a JsonTape, with its members and its text. Text that has escapes is
// unescaped into the arena, everything else is a view into the parsed text. A default one is
// absent: no type fits it. Tape and arena must outlive it; copy freely.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/arena.h"
#include "wire/json_tape.h"

namespace skep::rollbar {

class TapeView {
 public:
  TapeView() = default;
  TapeView(const JsonTape* tape, Arena* arena, uint32_t index)
      : tape_(tape), arena_(arena), index_(index) {}

  // There, and not null: clients write null for what they do not know.
  explicit operator bool() const { return tape_ != nullptr && type() != JsonType::kNull; }
  bool IsObject() const { return Is(JsonType::kObject); }
  bool IsArray() const { return Is(JsonType::kArray); }
  bool IsString() const { return Is(JsonType::kString); }
  bool IsBool() const { return Is(JsonType::kBool); }
  bool IsInt() const { return Is(JsonType::kInt64); }
  bool IsFloat() const { return Is(JsonType::kFloat64) || Is(JsonType::kUInt64); }

  int64_t int64() const { return IsInt() ? token().int64 : 0; }
  double float64() const { return IsFloat() ? token().float64 : static_cast<double>(int64()); }
  bool boolean() const { return IsBool() && token().int64 != 0; }
  // Strings only; else empty.
  std::string_view text() const;
  // The JSON as it was sent; strings without their quotes and with their escapes.
  std::string_view raw() const {
    return tape_ == nullptr ? std::string_view() : tape_->Raw(token());
  }
  // Whatever it is, as text: strings as they are, the rest as JSON; null is empty.
  std::string_view AsText() const;

  // Elements of an array; else 0.
  size_t size() const;
  // The member of that name, the last one if there are several; absent if there is none.
  TapeView operator[](std::string_view name) const;

  // f(name, value) for each member of an object.
  template <typename F>
  void ForEachMember(F&& f) const {
    if (!IsObject()) return;
    const uint32_t end = token().next;
    for (uint32_t i = index_ + 1; i < end; i = tape_->tokens()[i + 1].next)
      f(At(i).text(), At(i + 1));
  }
  // f(value) for each element of an array.
  template <typename F>
  void ForEachElement(F&& f) const {
    if (!IsArray()) return;
    const uint32_t end = token().next;
    for (uint32_t i = index_ + 1; i < end; i = tape_->tokens()[i].next) f(At(i));
  }

 private:
  JsonType type() const { return token().type; }
  bool Is(JsonType type) const { return tape_ != nullptr && token().type == type; }
  const JsonTape::Token& token() const { return tape_->tokens()[index_]; }
  TapeView At(uint32_t index) const { return {tape_, arena_, index}; }

  const JsonTape* tape_ = nullptr;
  Arena* arena_ = nullptr;
  uint32_t index_ = 0;
};

}  // namespace skep::rollbar
