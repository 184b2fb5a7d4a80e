// SPDX-License-Identifier: Apache-2.0
// JsonSource and MsgpackSource: the values of a request's body, the same to who decodes events
// whether they came as JSON or as MessagePack. A value is named by its number: the root is 0, a
// member's value follows its name, an element the one before it. Text points into the body or into
// the arena. The body must outlive them. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/arena.h"
#include "wire/json.h"
#include "wire/json_tape.h"
#include "wire/msgpack.h"

namespace skep::honeycomb {

enum class FieldType : uint8_t { kNull, kBool, kInt, kFloat, kText, kTime, kArray, kObject };

class JsonSource {
 public:
  bool Parse(std::string_view body, size_t depth_max) { return tape_.Parse(body, depth_max); }

  FieldType TypeOf(uint32_t at) const;
  uint32_t Next(uint32_t at) const { return tape_.tokens()[at].next; }
  int64_t Int(uint32_t at) const { return tape_.tokens()[at].int64; }  // also bools and times
  double Float(uint32_t at) const { return tape_.tokens()[at].float64; }
  std::string_view Text(uint32_t at, Arena* arena) const;
  // An array or object as compact JSON.
  std::string_view Json(uint32_t at, Arena* arena) const;
  // How long a value is, as it was sent.
  size_t Size(uint32_t at) const { return tape_.Raw(tape_.tokens()[at]).size(); }

 private:
  JsonTape tape_;
};

class MsgpackSource {
 public:
  bool Parse(std::string_view body, size_t depth_max);

  FieldType TypeOf(uint32_t at) const;
  uint32_t Next(uint32_t at) const { return tape_.tokens()[at].next; }
  int64_t Int(uint32_t at) const { return tape_.tokens()[at].int64; }
  double Float(uint32_t at) const { return tape_.tokens()[at].float64; }
  // Bytes are base64; what is no UTF-8 is mended.
  std::string_view Text(uint32_t at, Arena* arena) const;
  std::string_view Json(uint32_t at, Arena* arena) const;
  size_t Size(uint32_t at) const;

 private:
  void WriteJson(uint32_t at, Arena* arena, JsonWriter* out) const;

  MsgpackTape tape_;
};

// A time as text, as JSON's clients would have sent it.
std::string_view TimeText(int64_t time_ns, Arena* arena);

}  // namespace skep::honeycomb
