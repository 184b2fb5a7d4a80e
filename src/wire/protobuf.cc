// SPDX-License-Identifier: Apache-2.0
#include "wire/protobuf.h"

#include "base/check.h"

namespace skep {
namespace {
constexpr size_t kLengthBytes = 5;
}

void ProtoWriter::PutVarint(uint64_t value) {
  while (value >= 0x80) {
    out_->PushBack(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out_->PushBack(static_cast<char>(value));
}

void ProtoWriter::Varint(uint32_t field, uint64_t value) {
  PutVarint(VarintTag(field));
  PutVarint(value);
}

void ProtoWriter::Fixed64(uint32_t field, uint64_t value) {
  PutVarint(Fixed64Tag(field));
  out_->AppendRaw(value);
}

void ProtoWriter::Fixed32(uint32_t field, uint32_t value) {
  PutVarint(Fixed32Tag(field));
  out_->AppendRaw(value);
}

void ProtoWriter::SInt(uint32_t field, int64_t value) {
  Varint(field, static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63));
}

void ProtoWriter::Text(uint32_t field, std::string_view bytes) {
  PutVarint(BytesTag(field));
  PutVarint(bytes.size());
  out_->Append(bytes);
}

size_t ProtoWriter::Open(uint32_t field) {
  PutVarint(BytesTag(field));
  const size_t open = out_->size();
  out_->ResizeUninitialized(open + kLengthBytes);
  return open;
}

void ProtoWriter::Close(size_t open) {
  size_t size = out_->size() - open - kLengthBytes;
  SKEP_CHECK(size <= UINT32_MAX);
  for (size_t i = 0; i < kLengthBytes; ++i) {
    const bool last = i + 1 == kLengthBytes;
    out_->data()[open + i] = static_cast<char>((size & 0x7F) | (last ? 0 : 0x80));
    size >>= 7;
  }
}

}  // namespace skep
