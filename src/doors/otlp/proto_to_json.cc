// SPDX-License-Identifier: Apache-2.0
#include "doors/otlp/proto_to_json.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "base/hex.h"
#include "wire/base64.h"
#include "wire/json.h"
#include "wire/protobuf.h"

namespace skep::otlp {
namespace {

constexpr size_t kDepthMax = 30;

const Field* FindField(const Message& message, uint32_t number) {
  for (const Field& field : message.fields)
    if (field.number == number) return &field;
  return nullptr;
}

ProtoWire WireOf(FieldKind kind) {
  switch (kind) {
    case FieldKind::kString:
    case FieldKind::kId:
    case FieldKind::kBytes:
    case FieldKind::kMessage:
      return ProtoWire::kBytes;
    case FieldKind::kFixed32:
      return ProtoWire::kFixed32;
    case FieldKind::kFixed64:
    case FieldKind::kSFixed64:
    case FieldKind::kDouble:
      return ProtoWire::kFixed64;
    default:
      return ProtoWire::kVarint;
  }
}

class Renderer {
 public:
  bool Render(std::string_view bytes, const Message& message, size_t depth) {
    if (depth == 0) return false;
    out_.push_back('{');
    ProtoReader reader(bytes);
    bool first = true;
    while (reader.Next()) {
      const Field* field = FindField(message, reader.field());
      if (field == nullptr) continue;
      const auto wire = static_cast<ProtoWire>(reader.tag() & 7);
      const bool packed =
          field->repeated && wire == ProtoWire::kBytes && WireOf(field->kind) != ProtoWire::kBytes;
      if (wire != WireOf(field->kind) && !packed) continue;
      if (!first) out_.push_back(',');
      first = false;
      AppendJsonString(field->json_name, &out_);
      out_ += field->repeated ? ":[" : ":";
      if (packed ? !RenderPacked(reader.bytes(), *field) : !RenderOne(reader, *field, depth))
        return false;
      if (field->repeated) out_.push_back(']');
    }
    out_.push_back('}');
    return reader.ok();
  }

  std::string Take() { return std::move(out_); }

 private:
  bool RenderPacked(std::string_view packed, const Field& field) {
    bool first = true;
    const auto comma = [&] {
      if (!first) out_.push_back(',');
      first = false;
    };
    if (WireOf(field.kind) == ProtoWire::kVarint) {
      ProtoVarints numbers(packed);
      while (numbers.Next()) {
        comma();
        if (!RenderNumber(numbers.number(), field.kind)) return false;
      }
      return numbers.ok();
    }
    if (packed.size() % 8 != 0) return false;
    for (; !packed.empty(); packed.remove_prefix(8)) {
      uint64_t number;
      std::memcpy(&number, packed.data(), 8);
      comma();
      if (!RenderNumber(number, field.kind)) return false;
    }
    return true;
  }

  bool RenderOne(const ProtoReader& reader, const Field& field, size_t depth) {
    switch (field.kind) {
      case FieldKind::kMessage:
        return Render(reader.bytes(), *field.message, depth - 1);
      case FieldKind::kString: {
        std::string text;
        AppendJsonString(reader.bytes(), &text);
        const auto back = JsonDocument::Parse(text);
        out_ += text;
        return back && back->root().text() == reader.bytes();
      }
      case FieldKind::kId:
        out_.push_back('"');
        AppendHex(reinterpret_cast<const uint8_t*>(reader.bytes().data()), reader.bytes().size(),
                  &out_);
        out_.push_back('"');
        return true;
      case FieldKind::kBytes:
        AppendJsonString(EncodeBase64(reader.bytes()), &out_);
        return true;
      default:
        return RenderNumber(reader.number(), field.kind);
    }
  }

  bool RenderNumber(uint64_t number, FieldKind kind) {
    switch (kind) {
      case FieldKind::kBool:
        out_ += number != 0 ? "true" : "false";
        return true;
      case FieldKind::kEnum:
        out_ += std::to_string(static_cast<int32_t>(number));
        return true;
      case FieldKind::kUInt32:
      case FieldKind::kFixed32:
        out_ += std::to_string(static_cast<uint32_t>(number));
        return true;
      case FieldKind::kSInt32:
        out_ += std::to_string(static_cast<int32_t>(UnZigzag(static_cast<uint32_t>(number))));
        return true;
      case FieldKind::kInt64:
      case FieldKind::kSFixed64:
        // Both spellings that the mapping allows.
        RenderQuoted(std::to_string(static_cast<int64_t>(number)), number % 2 == 1);
        return true;
      case FieldKind::kDouble:
        return RenderDouble(std::bit_cast<double>(number));
      default:
        RenderQuoted(std::to_string(number), number % 2 == 1);
        return true;
    }
  }

  void RenderQuoted(std::string_view digits, bool quoted) {
    if (quoted) out_.push_back('"');
    out_ += digits;
    if (quoted) out_.push_back('"');
  }

  bool RenderDouble(double value) {
    if (std::isnan(value)) {
      constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
      out_ += "\"NaN\"";
      return std::bit_cast<uint64_t>(value) == std::bit_cast<uint64_t>(kNan);
    }
    if (std::isinf(value)) {
      out_ += value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
      return true;
    }
    const std::string text = fmt::format("{}", value);
    out_ += text;
    if (text.find_first_of(".e") == std::string::npos) out_ += ".0";
    return true;
  }

  std::string out_;
};

}  // namespace

std::optional<std::string> ProtoToJson(std::string_view bytes, const Message& message) {
  Renderer renderer;
  if (!renderer.Render(bytes, message, kDepthMax)) return std::nullopt;
  return renderer.Take();
}

}  // namespace skep::otlp
