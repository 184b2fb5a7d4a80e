// SPDX-License-Identifier: Apache-2.0
#include "doors/otlp/json_form.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "base/hex.h"
#include "wire/base64.h"
#include "wire/json.h"
#include "wire/protobuf.h"

namespace skep::otlp {
namespace {

// A nested AnyValue takes up to four JSON levels; the decoder behind this has its own limit on
// values.
constexpr size_t kJsonDepthMax = 160;

const Field* FindField(const Message& message, std::string_view name) {
  for (const Field& field : message.fields)
    if (field.json_name == name) return &field;
  return nullptr;
}

Error Misfit(const Message& message, const Field& field, std::string_view expected) {
  std::string text(message.name);
  text.append(".").append(field.json_name).append(": expected ").append(expected);
  return Error(Code::kInvalidArgument, std::move(text));
}

template <typename T>
std::optional<T> ParseNumber(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// A whole number as it is or in quotes; floats only where they are whole.
template <typename T>
std::optional<T> IntegerOf(JsonView json) {
  switch (json.type()) {
    case JsonType::kString:
      return ParseNumber<T>(json.text());
    case JsonType::kInt64: {
      const int64_t value = json.int64();
      if (!std::in_range<T>(value)) return std::nullopt;
      return static_cast<T>(value);
    }
    case JsonType::kUInt64: {
      std::string digits;
      json.AppendJson(&digits);
      return ParseNumber<T>(digits);
    }
    case JsonType::kFloat64: {
      constexpr double kExactMax =
          9007199254740992.0;  // beyond it a float does not say which integer
      const double value = json.float64();
      if (std::trunc(value) != value || std::abs(value) > kExactMax) return std::nullopt;
      const auto whole = static_cast<int64_t>(value);
      if (!std::in_range<T>(whole)) return std::nullopt;
      return static_cast<T>(whole);
    }
    default:
      return std::nullopt;
  }
}

std::optional<double> DoubleOf(JsonView json) {
  if (json.IsNumber()) return json.float64();
  if (!json.IsString()) return std::nullopt;
  if (json.text() == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (json.text() == "Infinity") return std::numeric_limits<double>::infinity();
  if (json.text() == "-Infinity") return -std::numeric_limits<double>::infinity();
  return ParseNumber<double>(json.text());
}

// Ids of any length come through, for the decoder to refuse their record; so does what is not
// hexadecimal, as one byte.
std::string IdBytes(std::string_view hex) {
  std::string bytes(hex.size() / 2, '\0');
  if (!DecodeHex(hex, reinterpret_cast<uint8_t*>(bytes.data()), bytes.size()))
    bytes.assign(1, '\0');
  return bytes;
}

class Transcoder {
 public:
  explicit Transcoder(Bytes* out) : writer_(out) {}

  Status WriteMessage(JsonView json, const Message& message) {
    for (size_t i = 0; i < json.size(); ++i) {
      const Field* field = FindField(message, json.NameAt(i));
      const JsonView value = json.At(i);
      if (field == nullptr || value.type() == JsonType::kNull) continue;
      if (!field->repeated) {
        SKEP_TRY(WriteField(value, message, *field));
        continue;
      }
      if (!value.IsArray()) return Misfit(message, *field, "an array");
      for (size_t j = 0; j < value.size(); ++j) SKEP_TRY(WriteField(value.At(j), message, *field));
    }
    return {};
  }

 private:
  Status WriteField(JsonView json, const Message& message, const Field& field) {
    switch (field.kind) {
      case FieldKind::kMessage: {
        if (!json.IsObject()) return Misfit(message, field, "an object");
        const size_t open = writer_.Open(field.number);
        SKEP_TRY(WriteMessage(json, *field.message));
        writer_.Close(open);
        return {};
      }
      case FieldKind::kString:
      case FieldKind::kId:
      case FieldKind::kBytes:
        return WriteText(json, message, field);
      case FieldKind::kBool:
        if (json.type() != JsonType::kBool) return Misfit(message, field, "true or false");
        writer_.Varint(field.number, json.boolean() ? 1 : 0);
        return {};
      case FieldKind::kDouble: {
        const auto value = DoubleOf(json);
        if (!value) return Misfit(message, field, "a number");
        writer_.Double(field.number, *value);
        return {};
      }
      default:
        return WriteInteger(json, message, field);
    }
  }

  Status WriteText(JsonView json, const Message& message, const Field& field) {
    if (!json.IsString()) return Misfit(message, field, "a string");
    if (field.kind == FieldKind::kString) {
      writer_.Text(field.number, json.text());
    } else if (field.kind == FieldKind::kId) {
      writer_.Text(field.number, IdBytes(json.text()));
    } else {
      const auto bytes = DecodeBase64(json.text());
      if (!bytes) return Misfit(message, field, "base64");
      writer_.Text(field.number, *bytes);
    }
    return {};
  }

  Status WriteInteger(JsonView json, const Message& message, const Field& field) {
    switch (field.kind) {
      case FieldKind::kEnum:
        if (!json.IsNumber()) return Misfit(message, field, "an integer");
        return WriteInt32(json, message, field);
      case FieldKind::kSInt32:
        return WriteInt32(json, message, field);
      case FieldKind::kUInt32:
      case FieldKind::kFixed32: {
        const auto value = IntegerOf<uint32_t>(json);
        if (!value) return Misfit(message, field, "an unsigned 32-bit integer");
        if (field.kind == FieldKind::kUInt32)
          writer_.Varint(field.number, *value);
        else
          writer_.Fixed32(field.number, *value);
        return {};
      }
      case FieldKind::kInt64:
      case FieldKind::kSFixed64: {
        const auto value = IntegerOf<int64_t>(json);
        if (!value) return Misfit(message, field, "a 64-bit integer");
        const auto bits = static_cast<uint64_t>(*value);
        field.kind == FieldKind::kInt64 ? writer_.Varint(field.number, bits)
                                        : writer_.Fixed64(field.number, bits);
        return {};
      }
      default: {
        const auto value = IntegerOf<uint64_t>(json);
        if (!value) return Misfit(message, field, "an unsigned 64-bit integer");
        field.kind == FieldKind::kUInt64 ? writer_.Varint(field.number, *value)
                                         : writer_.Fixed64(field.number, *value);
        return {};
      }
    }
  }

  Status WriteInt32(JsonView json, const Message& message, const Field& field) {
    const auto value = IntegerOf<int32_t>(json);
    if (!value) return Misfit(message, field, "a 32-bit integer");
    if (field.kind == FieldKind::kSInt32)
      writer_.SInt(field.number, *value);
    else
      writer_.Varint(field.number, static_cast<uint64_t>(int64_t{*value}));
    return {};
  }

  ProtoWriter writer_;
};

}  // namespace

Result<Bytes> JsonToProto(std::string_view json, const Message& message) {
  SKEP_ASSIGN(const JsonDocument document, JsonDocument::Parse(json, kJsonDepthMax));
  if (!document.root().IsObject())
    return Error(Code::kInvalidArgument, "the body must be a JSON object");
  Bytes out;
  out.Reserve(json.size());
  SKEP_TRY(Transcoder(&out).WriteMessage(document.root(), message));
  return out;
}

}  // namespace skep::otlp
