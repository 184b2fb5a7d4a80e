// SPDX-License-Identifier: Apache-2.0
#include "store/native_type.h"

#include <array>
#include <charconv>
#include <string>

namespace skep {
namespace {

using Kind = NativeType::Kind;

constexpr int kDepthMax = 16;
constexpr size_t kFixedStringMax = 1u << 20;

struct PlainType {
  std::string_view name;
  Kind kind;
  size_t width;
};

constexpr std::array kPlainTypes = {
    PlainType{"Int8", Kind::kSigned, 1},       PlainType{"Int16", Kind::kSigned, 2},
    PlainType{"Int32", Kind::kSigned, 4},      PlainType{"Int64", Kind::kSigned, 8},
    PlainType{"UInt8", Kind::kUnsigned, 1},    PlainType{"UInt16", Kind::kUnsigned, 2},
    PlainType{"UInt32", Kind::kUnsigned, 4},   PlainType{"UInt64", Kind::kUnsigned, 8},
    PlainType{"Bool", Kind::kUnsigned, 1},     PlainType{"Float32", Kind::kFloat, 4},
    PlainType{"Float64", Kind::kFloat, 8},     PlainType{"String", Kind::kString, 0},
    PlainType{"Date", Kind::kUnsigned, 2},     PlainType{"Date32", Kind::kSigned, 4},
    PlainType{"DateTime", Kind::kUnsigned, 4}, PlainType{"DateTime64", Kind::kSigned, 8},
    PlainType{"Enum8", Kind::kSigned, 1},      PlainType{"Enum16", Kind::kSigned, 2},
    PlainType{"IPv4", Kind::kUnsigned, 4},     PlainType{"IPv6", Kind::kFixedString, 16},
    PlainType{"UUID", Kind::kUuid, 16},        PlainType{"Nothing", Kind::kNothing, 1},
    PlainType{"Dynamic", Kind::kDynamic, 0},   PlainType{"JSON", Kind::kJsonText, 0},
};

Error Unsupported(std::string_view text) {
  return {Code::kUnimplemented, "the answer has a column of type " + std::string(text)};
}

// `IntervalSecond` and its like are Int64.
bool IsInterval(std::string_view name) { return name.starts_with("Interval"); }

Result<NativeType> ParseAt(std::string_view text, int depth);

Result<NativeType> ParseWrapper(Kind kind, std::string_view inside, int depth) {
  SKEP_ASSIGN(NativeType inner, ParseAt(inside, depth + 1));
  NativeType type;
  type.kind = kind;
  type.inner.push_back(std::move(inner));
  return type;
}

Result<NativeType> ParseFixedString(std::string_view text, std::string_view inside) {
  NativeType type;
  type.kind = Kind::kFixedString;
  const auto read = std::from_chars(inside.data(), inside.data() + inside.size(), type.width);
  if (read.ec != std::errc() || read.ptr != inside.data() + inside.size() || type.width == 0 ||
      type.width > kFixedStringMax)
    return Unsupported(text);
  return type;
}

Result<NativeType> ParseAt(std::string_view text, int depth) {
  if (depth > kDepthMax) return Unsupported("nested too deep");
  std::string_view name = text;
  std::string_view inside;
  if (const size_t open = text.find('('); open != std::string_view::npos) {
    if (text.back() != ')') return Unsupported(text);
    name = text.substr(0, open);
    inside = text.substr(open + 1, text.size() - open - 2);
  }
  if (name == "Nullable") return ParseWrapper(Kind::kNullable, inside, depth);
  if (name == "Array") return ParseWrapper(Kind::kArray, inside, depth);
  if (name == "LowCardinality") return ParseWrapper(Kind::kLowCardinality, inside, depth);
  if (name == "FixedString") return ParseFixedString(text, inside);
  if (name == "SimpleAggregateFunction") {
    const size_t comma = inside.find(", ");
    if (comma == std::string_view::npos) return Unsupported(text);
    return ParseAt(inside.substr(comma + 2), depth + 1);
  }
  NativeType type;
  if (IsInterval(name)) {
    type.kind = Kind::kSigned;
    type.width = 8;
    return type;
  }
  for (const PlainType& plain : kPlainTypes) {
    if (plain.name != name) continue;
    type.kind = plain.kind;
    type.width = plain.width;
    type.is_bool = name == "Bool";
    return type;
  }
  return Unsupported(text);
}

// What may stand inside what; the engine makes no others.
bool IsSound(const NativeType& type) {
  for (const NativeType& inner : type.inner) {
    if (!IsSound(inner)) return false;
    if (type.kind == Kind::kNullable &&
        (inner.kind == Kind::kNullable || inner.kind == Kind::kArray ||
         inner.kind == Kind::kLowCardinality || inner.kind == Kind::kDynamic))
      return false;
    if (type.kind == Kind::kLowCardinality) {
      const NativeType& key = inner.kind == Kind::kNullable ? inner.inner[0] : inner;
      if (key.kind > Kind::kUuid) return false;
    }
  }
  return true;
}

}  // namespace

Result<NativeType> NativeType::Parse(std::string_view text) {
  SKEP_ASSIGN(NativeType type, ParseAt(text, 0));
  if (!IsSound(type)) return Unsupported(text);
  return type;
}

}  // namespace skep
