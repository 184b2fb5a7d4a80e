// SPDX-License-Identifier: Apache-2.0
// JsonFields: the fields of a JSON object as names and values of attributes: what is nested is
// joined by dots to a fixed depth, arrays and deeper objects are JSON text, nulls are left out. One
// reader for every door whose lines may be JSON. Keeps its memory from text to text.
// Thread-compatible.
//
//   if (fields.Parse(line)) fields.ForEach(1024, &batch.arena(), [&](auto name, Value value) { ...
//   });
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "model/value.h"
#include "wire/json_tape.h"

namespace skep {

class JsonFields {
 public:
  static constexpr size_t kFlattenDepth = 5;  // as Honeycomb's translator does
  static constexpr size_t kNestingMax = 64;   // of what is taken for JSON at all

  // True if `text` is a JSON object, with or without white space around it. It must live until
  // ForEach is done.
  bool Parse(std::string_view text);

  // Calls put(std::string_view name, Value value) for each field, until it returns false; returns
  // that. Text points into what was parsed, or into `arena` where it had escapes; the name is good
  // during the call only. Fields with empty names, or longer ones than name_bytes_max, are left
  // out.
  template <typename F>
  bool ForEach(size_t name_bytes_max, Arena* arena, F&& put) {
    name_.clear();
    return Object(0, 0, name_bytes_max, arena, put);
  }

 private:
  template <typename F>
  bool Object(size_t token, size_t depth, size_t name_bytes_max, Arena* arena, F& put) {
    const size_t end = tape_.tokens()[token].next;
    for (size_t at = token + 1; at < end; at = tape_.tokens()[at + 1].next) {
      const size_t prefix = name_.size();
      if (!PushName(tape_.tokens()[at], name_bytes_max)) continue;
      const JsonTape::Token& value = tape_.tokens()[at + 1];
      bool more = true;
      if (value.type == JsonType::kObject && depth < kFlattenDepth) {
        more = Object(at + 1, depth + 1, name_bytes_max, arena, put);
      } else if (value.type != JsonType::kNull) {
        more = put(std::string_view(name_), ValueOf(value, arena));
      }
      name_.resize(prefix);
      if (!more) return false;
    }
    return true;
  }

  // Adds a member's name to name_; false, and name_ as it was, if it is left out.
  bool PushName(const JsonTape::Token& member, size_t name_bytes_max);
  Value ValueOf(const JsonTape::Token& token, Arena* arena) const;

  JsonTape tape_;
  std::string name_;
};

}  // namespace skep
