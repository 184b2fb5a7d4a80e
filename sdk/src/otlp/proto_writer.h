// SPDX-License-Identifier: Apache-2.0
// ProtoWriter: the four wire types of Protocol Buffers (protobuf.dev/programming-guides/encoding),
// written at a pointer. The caller has made room: nothing here checks it.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace skep::sdk::otlp {

enum class WireType : uint8_t { kVarint = 0, kFixed64 = 1, kLength = 2, kFixed32 = 5 };

constexpr size_t VarintSize(uint64_t value) {
  return static_cast<size_t>((std::bit_width(value | 1) + 6) / 7);
}
// A field of less than 16 with this many bytes in it.
constexpr size_t LengthFieldSize(size_t bytes) { return 1 + VarintSize(bytes) + bytes; }

class ProtoWriter {
 public:
  explicit ProtoWriter(char* at) : at_(at) {}
  char* At() const { return at_; }

  void Varint(uint64_t value) {
    while (value >= 0x80) {
      *at_++ = static_cast<char>(value | 0x80);
      value >>= 7;
    }
    *at_++ = static_cast<char>(value);
  }
  void Tag(uint32_t field, WireType type) { Varint(field << 3 | static_cast<uint32_t>(type)); }
  void Number(uint32_t field, uint64_t value) {
    Tag(field, WireType::kVarint);
    Varint(value);
  }
  void NumberUnlessZero(uint32_t field, uint64_t value) {
    if (value != 0) Number(field, value);
  }
  void Fixed64(uint32_t field, uint64_t value) {
    Tag(field, WireType::kFixed64);
    Raw(&value, sizeof value);  // little-endian, as all machines this is built for
  }
  void Fixed32(uint32_t field, uint32_t value) {
    Tag(field, WireType::kFixed32);
    Raw(&value, sizeof value);
  }
  void Double(uint32_t field, double value) { Fixed64(field, std::bit_cast<uint64_t>(value)); }
  void Bytes(uint32_t field, const void* bytes, size_t size) {
    Header(field, size);
    Raw(bytes, size);
  }
  // A field with a message or bytes of this size, which come next.
  void Header(uint32_t field, size_t size) {
    Tag(field, WireType::kLength);
    Varint(size);
  }
  void Raw(const void* bytes, size_t size) {
    if (size > 0) std::memcpy(at_, bytes, size);
    at_ += size;
  }

  // A message whose size is known only when it is written: room for a length of two bytes is left,
  // and what was written is moved if it takes more or less. Needs 3 bytes beyond the message.
  char* BeginMessage(uint32_t field) {
    Tag(field, WireType::kLength);
    at_ += kLengthBytes;
    return at_;
  }
  void EndMessage(char* begin) {
    const size_t size = static_cast<size_t>(at_ - begin);
    const size_t length_bytes = VarintSize(size);
    char* const length_at = begin - kLengthBytes;
    if (length_bytes != kLengthBytes) std::memmove(length_at + length_bytes, begin, size);
    at_ = length_at;
    Varint(size);
    at_ += size;
  }

 private:
  static constexpr size_t kLengthBytes = 2;
  char* at_;
};

static_assert(std::endian::native == std::endian::little);

}  // namespace skep::sdk::otlp
