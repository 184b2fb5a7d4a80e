// SPDX-License-Identifier: Apache-2.0
#include "doors/otlp/any_value.h"

#include <string>

#include "wire/base64.h"

namespace skep::otlp {

bool ReadAnyValue(std::string_view message, AnyValue* value) {
  ProtoReader reader(message);
  while (reader.Next()) {
    switch (reader.tag()) {
      case BytesTag(1):
      case BytesTag(5):
      case BytesTag(6):
      case BytesTag(7):
        value->kind = static_cast<AnyKind>(reader.field());
        value->bytes = reader.bytes();
        break;
      case VarintTag(2):
      case VarintTag(3):
      case Fixed64Tag(4):
        value->kind = static_cast<AnyKind>(reader.field());
        value->number = reader.number();
        break;
      default:
        break;
    }
  }
  return reader.ok();
}

bool ReadKeyValue(std::string_view message, KeyValue* pair) {
  ProtoReader reader(message);
  while (reader.Next()) {
    if (reader.tag() == BytesTag(1)) {
      pair->key = reader.bytes();
    } else if (reader.tag() == BytesTag(2)) {
      if (!ReadAnyValue(reader.bytes(), &pair->value)) return false;
    }
  }
  return reader.ok();
}

namespace {

JsonOutcome WriteArray(std::string_view message, size_t depth_max, JsonWriter* writer) {
  writer->BeginArray();
  ProtoReader reader(message);
  while (reader.Next()) {
    if (reader.tag() != BytesTag(1)) continue;
    AnyValue element;
    if (!ReadAnyValue(reader.bytes(), &element)) return JsonOutcome::kMalformed;
    const JsonOutcome outcome = WriteJson(element, depth_max, writer);
    if (outcome != JsonOutcome::kDone) return outcome;
  }
  writer->EndArray();
  return reader.ok() ? JsonOutcome::kDone : JsonOutcome::kMalformed;
}

JsonOutcome WriteObject(std::string_view message, size_t depth_max, JsonWriter* writer) {
  writer->BeginObject();
  ProtoReader reader(message);
  while (reader.Next()) {
    if (reader.tag() != BytesTag(1)) continue;
    KeyValue pair;
    if (!ReadKeyValue(reader.bytes(), &pair)) return JsonOutcome::kMalformed;
    writer->Key(pair.key);
    const JsonOutcome outcome = WriteJson(pair.value, depth_max, writer);
    if (outcome != JsonOutcome::kDone) return outcome;
  }
  writer->EndObject();
  return reader.ok() ? JsonOutcome::kDone : JsonOutcome::kMalformed;
}

}  // namespace

JsonOutcome WriteJson(const AnyValue& value, size_t depth_max, JsonWriter* writer) {
  switch (value.kind) {
    case AnyKind::kNone:
      writer->Null();
      break;
    case AnyKind::kString:
      writer->String(value.bytes);
      break;
    case AnyKind::kBool:
      writer->Bool(value.boolean());
      break;
    case AnyKind::kInt:
      writer->Int(value.int64());
      break;
    case AnyKind::kDouble:
      writer->Float(value.float64());
      break;
    case AnyKind::kBytes:
      writer->String(EncodeBase64(value.bytes));
      break;
    case AnyKind::kArray:
      if (depth_max == 0) return JsonOutcome::kTooDeep;
      return WriteArray(value.bytes, depth_max - 1, writer);
    case AnyKind::kKvlist:
      if (depth_max == 0) return JsonOutcome::kTooDeep;
      return WriteObject(value.bytes, depth_max - 1, writer);
  }
  return JsonOutcome::kDone;
}

}  // namespace skep::otlp
