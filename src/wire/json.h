// SPDX-License-Identifier: Apache-2.0
// JSON: reading (JsonDocument over RapidJSON, hidden in json.cc) and writing (JsonWriter). The
// reader takes what real clients send: NaN and Infinity (Python), integers of any length (beyond 64
// bits they become floats), any nesting up to a limit, recursion-free. Refused: invalid UTF-8,
// trailing bytes. Text views point into the document. Thread-compatible.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace skep {

enum class JsonType { kNull, kBool, kInt64, kUInt64, kFloat64, kString, kArray, kObject };

// A place in a JsonDocument; copy freely. A default one is "absent": type kNull, and false in a
// condition.
class JsonView {
 public:
  JsonView() = default;
  explicit operator bool() const { return node_ != nullptr; }
  JsonType type() const;
  bool IsObject() const { return type() == JsonType::kObject; }
  bool IsArray() const { return type() == JsonType::kArray; }
  bool IsString() const { return type() == JsonType::kString; }
  bool IsNumber() const;
  bool boolean() const;  // false unless true
  int64_t int64(
      int64_t otherwise = 0) const;  // numbers only; floats are cut, out of range gives `otherwise`
  double float64(double otherwise = 0) const;  // numbers only
  std::string_view text() const;               // strings only; else empty
  size_t size() const;                         // elements or members; else 0
  JsonView operator[](
      std::string_view name) const;  // member; absent view if there is none or this is no object
  JsonView At(size_t index) const;   // element, or the value of the index-th member
  std::string_view NameAt(size_t index) const;  // of the index-th member
  // The value as compact JSON text.
  std::string ToJson() const;
  void AppendJson(std::string* out) const;

 private:
  friend class JsonDocument;
  explicit JsonView(const void* node) : node_(node) {}
  const void* node_ = nullptr;
};

class JsonDocument {
 public:
  // Copies what it needs from `text`. kInvalidArgument with the offset and reason.
  static Result<JsonDocument> Parse(std::string_view text, size_t depth_max = 64);
  // For many small documents in a row: parses again into the same memory. Views into the last one
  // become bad.
  JsonDocument();
  ~JsonDocument();
  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;
  Status ParseAgain(std::string_view text, size_t depth_max = 64);

  JsonView root() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Writes compact JSON; commas and quotes by itself. Invalid UTF-8 in text becomes U+FFFD, NaN and
// infinities null.
//   JsonWriter w; w.BeginObject(); w.Key("a"); w.Int(1); w.EndObject(); w.Take();
class JsonWriter {
 public:
  void BeginObject() { Open('{'); }
  void EndObject() { Close('}'); }
  void BeginArray() { Open('['); }
  void EndArray() { Close(']'); }
  void Key(std::string_view name);
  void String(std::string_view text);
  void Int(int64_t value);
  void UInt(uint64_t value);
  void Float(double value);  // shortest form that reads back the same
  void Bool(bool value);
  void Null();
  void Raw(std::string_view json);  // a value that is JSON already

  // Key and value in one.
  void Field(std::string_view name, std::string_view text) {
    Key(name);
    String(text);
  }
  void Field(std::string_view name, const char* text) {
    Key(name);
    String(text);
  }
  void Field(std::string_view name, int64_t value) {
    Key(name);
    Int(value);
  }
  void Field(std::string_view name, int value) {
    Key(name);
    Int(value);
  }
  void Field(std::string_view name, uint64_t value) {
    Key(name);
    UInt(value);
  }
  void Field(std::string_view name, double value) {
    Key(name);
    Float(value);
  }
  void Field(std::string_view name, bool value) {
    Key(name);
    Bool(value);
  }

  const std::string& text() const { return out_; }
  std::string Take() { return std::move(out_); }

 private:
  void Open(char c);
  void Close(char c);
  void Separate();
  std::string out_;
  bool need_comma_ = false;
};

// `text` as a JSON string with its quotes.
void AppendJsonString(std::string_view text, std::string* out);

}  // namespace skep
