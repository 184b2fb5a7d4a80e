// SPDX-License-Identifier: Apache-2.0
// AnyValue and KeyValue of opentelemetry/proto/common/v1, read from the wire: one level deep, views
// only. Arrays and lists stay undecoded messages until somebody asks for their JSON text or their
// fields. Pure; thread-compatible.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "wire/json.h"
#include "wire/protobuf.h"

namespace skep::otlp {

// The field number of the oneof member that is set.
enum class AnyKind : uint8_t {
  kNone = 0,
  kString = 1,
  kBool = 2,
  kInt = 3,
  kDouble = 4,
  kArray = 5,
  kKvlist = 6,
  kBytes = 7
};

struct AnyValue {
  AnyKind kind = AnyKind::kNone;
  uint64_t number = 0;     // kBool, kInt, kDouble (its bits)
  std::string_view bytes;  // kString, kBytes; the message of kArray and kKvlist

  bool boolean() const { return number != 0; }
  int64_t int64() const { return static_cast<int64_t>(number); }
  double float64() const { return std::bit_cast<double>(number); }
};

// False: no well-formed message. Of several members the last one counts.
bool ReadAnyValue(std::string_view message, AnyValue* value);

struct KeyValue {
  std::string_view key;
  AnyValue value;
};
bool ReadKeyValue(std::string_view message, KeyValue* pair);

enum class JsonOutcome { kDone, kMalformed, kTooDeep };
// Writes a value as JSON: bytes as base64 text, lists as objects, what is not set as null. Nested
// at most depth_max.
JsonOutcome WriteJson(const AnyValue& value, size_t depth_max, JsonWriter* writer);

}  // namespace skep::otlp
