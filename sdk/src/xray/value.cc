// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/xray/value.h"

#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <charconv>
#include <cmath>

#include "xray/json_text.h"

namespace skep::sdk::xray {
namespace {

constexpr int kDepthMax = 64;

// Passes everything on to the writer, numbers as they were written, and stops what is nested too
// deep.
struct Checker : rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Checker> {
  explicit Checker(rapidjson::StringBuffer& buffer) : writer(buffer) {}
  bool Null() { return writer.Null(); }
  bool Bool(bool value) { return writer.Bool(value); }
  bool RawNumber(const char* text, rapidjson::SizeType length, bool) {
    return writer.RawValue(text, length, rapidjson::kNumberType);
  }
  bool String(const char* text, rapidjson::SizeType length, bool) { return Text({text, length}); }
  bool Key(const char* text, rapidjson::SizeType length, bool) { return Text({text, length}); }
  bool StartObject() { return ++depth <= kDepthMax && writer.StartObject(); }
  bool EndObject(rapidjson::SizeType) { return --depth, writer.EndObject(); }
  bool StartArray() { return ++depth <= kDepthMax && writer.StartArray(); }
  bool EndArray(rapidjson::SizeType) { return --depth, writer.EndArray(); }

  // "\udc1d" alone is well-formed JSON and no character: it becomes U+FFFD, as anywhere else.
  bool Text(std::string_view text) {
    std::string quoted;
    AppendJsonString(quoted, text);
    return writer.RawValue(quoted.data(), quoted.size(), rapidjson::kStringType);
  }

  rapidjson::Writer<rapidjson::StringBuffer> writer;
  int depth = 0;
};

}  // namespace

Value Value::Object(std::initializer_list<Member> members) {
  Value result;
  result.json_ = "{";
  for (const Member& member : members) result.AddEntry(member);
  result.json_ += '}';
  return result;
}

Value Value::Array(std::initializer_list<Value> values) {
  Value result;
  result.json_ = "[";
  for (const Value& value : values) result.AddEntry(value);
  result.json_ += ']';
  return result;
}

std::optional<Value> Value::FromJson(std::string_view text) {
  if (text.empty()) return std::nullopt;
  rapidjson::MemoryStream bytes(text.data(), text.size());
  rapidjson::EncodedInputStream<rapidjson::UTF8<>, rapidjson::MemoryStream> stream(bytes);
  rapidjson::StringBuffer buffer;
  Checker checker(buffer);
  rapidjson::Reader reader;
  constexpr unsigned kFlags = rapidjson::kParseNumbersAsStringsFlag |
                              rapidjson::kParseValidateEncodingFlag |
                              rapidjson::kParseIterativeFlag;
  if (reader.Parse<kFlags>(stream, checker).IsError()) return std::nullopt;
  Value result;
  result.json_.assign(buffer.GetString(), buffer.GetSize());
  return result;
}

std::string Value::Number(double value) {
  if (!std::isfinite(value)) return "null";
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  return std::string(text, end);
}

}  // namespace skep::sdk::xray
