// SPDX-License-Identifier: Apache-2.0
// ProtoReader and ProtoWriter: the protobuf wire format without generated code. The reader walks
// one message and never copies: bytes fields are views. Fields are told apart by their tag (number
// and wire type together), so that a known number with another wire type is an unknown field, as
// protobuf wants it. Groups and wire types 6 and 7 are refused.
// https://protobuf.dev/programming-guides/encoding/. Thread-compatible.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/bytes.h"

namespace skep {

static_assert(std::endian::native == std::endian::little);

enum class ProtoWire : uint32_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

constexpr uint32_t ProtoTag(uint32_t field, ProtoWire wire) {
  return field << 3 | static_cast<uint32_t>(wire);
}
constexpr uint32_t VarintTag(uint32_t field) { return ProtoTag(field, ProtoWire::kVarint); }
constexpr uint32_t Fixed64Tag(uint32_t field) { return ProtoTag(field, ProtoWire::kFixed64); }
constexpr uint32_t BytesTag(uint32_t field) { return ProtoTag(field, ProtoWire::kBytes); }
constexpr uint32_t Fixed32Tag(uint32_t field) { return ProtoTag(field, ProtoWire::kFixed32); }

// Zigzag, as sint32 and sint64 are written.
constexpr int64_t UnZigzag(uint64_t n) {
  return static_cast<int64_t>(n >> 1) ^ -static_cast<int64_t>(n & 1);
}

// Moves *at behind one varint. False: cut short, or more than 64 bits.
inline bool ReadProtoVarint(const char** at, const char* end, uint64_t* value) {
  if (*at == end) return false;
  auto byte = static_cast<uint8_t>(*(*at)++);
  if (byte < 0x80) {
    *value = byte;
    return true;
  }
  uint64_t result = byte & 0x7F;
  for (unsigned shift = 7; shift < 70; shift += 7) {
    if (*at == end) return false;
    byte = static_cast<uint8_t>(*(*at)++);
    result |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) {
      *value = result;
      return shift < 63 || byte <= 1;
    }
  }
  return false;
}

class ProtoReader {
 public:
  explicit ProtoReader(std::string_view message)
      : at_(message.data()), end_(message.data() + message.size()) {}

  // Goes to the next field. False at the end of the message, and at bytes that are no field: ok()
  // tells which.
  bool Next() {
    if (at_ == end_) return false;
    uint64_t tag = 0;
    if (!ReadVarint(&tag) || tag < 8 || tag > UINT32_MAX) return Fail();
    tag_ = static_cast<uint32_t>(tag);
    switch (static_cast<ProtoWire>(tag_ & 7)) {
      case ProtoWire::kVarint:
        return ReadVarint(&number_) || Fail();
      case ProtoWire::kBytes: {
        uint64_t size = 0;
        if (!ReadVarint(&size) || size > static_cast<uint64_t>(end_ - at_)) return Fail();
        bytes_ = {at_, static_cast<size_t>(size)};
        at_ += size;
        return true;
      }
      case ProtoWire::kFixed64:
        return ReadFixed<uint64_t>();
      case ProtoWire::kFixed32:
        return ReadFixed<uint32_t>();
    }
    return Fail();
  }

  bool ok() const { return ok_; }
  uint32_t tag() const { return tag_; }
  uint32_t field() const { return tag_ >> 3; }
  // The value, by the tag's wire type.
  uint64_t number() const { return number_; }
  double float64() const { return std::bit_cast<double>(number_); }
  std::string_view bytes() const { return bytes_; }

 private:
  bool Fail() {
    ok_ = false;
    at_ = end_;
    return false;
  }

  bool ReadVarint(uint64_t* value) { return ReadProtoVarint(&at_, end_, value); }

  template <typename T>
  bool ReadFixed() {
    if (static_cast<size_t>(end_ - at_) < sizeof(T)) return Fail();
    T value;
    std::memcpy(&value, at_, sizeof(T));
    at_ += sizeof(T);
    number_ = value;
    return true;
  }

  const char* at_;
  const char* end_;
  uint32_t tag_ = 0;
  bool ok_ = true;
  uint64_t number_ = 0;
  std::string_view bytes_;
};

// The numbers of a packed field.
class ProtoVarints {
 public:
  explicit ProtoVarints(std::string_view packed)
      : at_(packed.data()), end_(packed.data() + packed.size()) {}
  bool Next() {
    if (at_ == end_) return false;
    ok_ = ReadProtoVarint(&at_, end_, &number_);
    if (!ok_) at_ = end_;
    return ok_;
  }
  bool ok() const { return ok_; }
  uint64_t number() const { return number_; }

 private:
  const char* at_;
  const char* end_;
  uint64_t number_ = 0;
  bool ok_ = true;
};

// Appends fields to a buffer. Messages inside are opened and closed; their length takes five bytes,
// written when they are closed, which readers take as they take any varint.
class ProtoWriter {
 public:
  explicit ProtoWriter(Bytes* out) : out_(out) {}

  void Varint(uint32_t field, uint64_t value);
  void Fixed64(uint32_t field, uint64_t value);
  void Fixed32(uint32_t field, uint32_t value);
  void Double(uint32_t field, double value) { Fixed64(field, std::bit_cast<uint64_t>(value)); }
  void SInt(uint32_t field, int64_t value);
  void Text(uint32_t field, std::string_view bytes);
  // Returns what Close needs.
  size_t Open(uint32_t field);
  void Close(size_t open);

 private:
  void PutVarint(uint64_t value);
  Bytes* out_;
};

}  // namespace skep
