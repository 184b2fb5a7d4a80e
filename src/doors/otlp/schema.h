// SPDX-License-Identifier: Apache-2.0
// The messages of OTLP 1.11 as tables: each field's name in JSON, its number and its kind. Only
// what the door reads is listed; other fields are unknown to it and skipped in either form.
// Constant data; thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace skep::otlp {

enum class FieldKind : uint8_t {
  kString,
  kId,     // bytes, but hexadecimal in JSON
  kBytes,  // base64 in JSON
  kBool,
  kEnum,    // an integer in JSON too
  kUInt32,  // varint
  kUInt64,  // varint
  kInt64,   // varint
  kSInt32,  // zigzag
  kFixed32,
  kFixed64,
  kSFixed64,
  kDouble,
  kMessage,
};

struct Message;

struct Field {
  std::string_view json_name;
  uint32_t number;
  FieldKind kind;
  bool repeated = false;
  const Message* message = nullptr;  // of kMessage
};

struct Message {
  std::string_view name;
  std::span<const Field> fields;
};

extern const Message kTracesRequest;
extern const Message kLogsRequest;
extern const Message kMetricsRequest;

}  // namespace skep::otlp
