// SPDX-License-Identifier: Apache-2.0
// Value: one attribute value, 16 bytes. Text is a view: into the request's body or into the batch's
// arena, both of which live as long as the RecordBatch. Arrays and nested objects become JSON text
// before they get here.
#pragma once

#include <cstdint>
#include <string_view>

namespace skep {

enum class ValueType : uint8_t { kInt64, kFloat64, kBool, kString };

class Value {
 public:
  static Value Int(int64_t v) {
    Value value(ValueType::kInt64);
    value.int_ = v;
    return value;
  }
  static Value Float(double v) {
    Value value(ValueType::kFloat64);
    value.float_ = v;
    return value;
  }
  static Value Bool(bool v) {
    Value value(ValueType::kBool);
    value.int_ = v ? 1 : 0;
    return value;
  }
  // Text over 4 GiB cannot occur: Limits::string_bytes_max is far below.
  static Value String(std::string_view v) {
    Value value(ValueType::kString);
    value.text_ = v.data();
    value.size_ = static_cast<uint32_t>(v.size());
    return value;
  }

  ValueType type() const { return type_; }
  int64_t int64() const { return int_; }
  double float64() const { return float_; }
  bool boolean() const { return int_ != 0; }
  std::string_view text() const { return {text_, size_}; }

  bool operator==(const Value& other) const {
    if (type_ != other.type_) return false;
    if (type_ == ValueType::kString) return text() == other.text();
    return int_ == other.int_;  // floats by their bits: NaN equals itself
  }

 private:
  explicit Value(ValueType type) : type_(type) {}

  union {
    int64_t int_ = 0;
    double float_;
    const char* text_;
  };
  uint32_t size_ = 0;
  ValueType type_;
};

}  // namespace skep
