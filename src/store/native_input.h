// SPDX-License-Identifier: Apache-2.0
// NativeInput: where an answer is read from, byte by byte, never past its end; and how much may
// still be made of it. Thread-compatible.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/result.h"

namespace skep {

class NativeInput {
 public:
  NativeInput(std::string_view bytes, uint64_t budget) : rest_(bytes), budget_(budget) {}

  bool AtEnd() const { return rest_.empty(); }
  static Error Broken() { return {Code::kInternal, "the engine's answer cannot be read"}; }

  Result<std::string_view> Take(uint64_t size) {
    if (size > rest_.size()) return Broken();
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  // `count` values of `width` bytes.
  Result<std::string_view> TakeValues(uint64_t count, uint64_t width) {
    if (width != 0 && count > rest_.size() / width) return Broken();
    return Take(count * width);
  }
  template <typename T>
  Result<T> Number() {
    SKEP_ASSIGN(const std::string_view bytes, Take(sizeof(T)));
    T value;
    std::memcpy(&value, bytes.data(), sizeof(T));
    return value;
  }
  Result<uint64_t> Varint() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      SKEP_ASSIGN(const uint8_t byte, Number<uint8_t>());
      value |= uint64_t{byte & 0x7Fu} << shift;
      if (byte < 0x80) return value;
    }
    return Broken();
  }
  Result<std::string_view> Text() {
    SKEP_ASSIGN(const uint64_t size, Varint());
    return Take(size);
  }
  // Before memory is taken for what is read.
  Status Charge(uint64_t bytes) {
    if (bytes > budget_) return Error(Code::kResourceExhausted, "the answer is too large");
    budget_ -= bytes;
    return {};
  }
  Status Charge(uint64_t count, uint64_t width) {
    if (width != 0 && count > UINT64_MAX / width) return Charge(UINT64_MAX);
    return Charge(count * width);
  }

 private:
  std::string_view rest_;
  uint64_t budget_;
};

}  // namespace skep
