// SPDX-License-Identifier: Apache-2.0
#include "wire/msgpack.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

namespace skep {
namespace {

constexpr size_t kDepthMax = 512;
constexpr int64_t kNsPerSecond = 1'000'000'000;
constexpr uint8_t kTimestamp = 0xFF;  // extension type -1

uint64_t BigEndian(std::string_view bytes) {
  uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<uint8_t>(c);
  return value;
}

}  // namespace

bool MsgpackTape::Parse(std::string_view bytes, size_t depth_max) {
  bytes_ = bytes;
  at_ = 0;
  tokens_.clear();
  if (bytes.size() < std::numeric_limits<uint32_t>::max() &&
      ParseAll(std::min(depth_max, kDepthMax)) && at_ == bytes_.size())
    return true;
  tokens_.clear();
  return false;
}

bool MsgpackTape::ParseAll(size_t depth_max) {
  std::array<Open, kDepthMax> open;
  size_t depth = 0;
  for (;;) {
    if (tokens_.size() == kTokensMax) return false;
    const bool is_name = depth != 0 && open[depth - 1].map && open[depth - 1].left % 2 == 0;
    const auto index = static_cast<uint32_t>(tokens_.size());
    uint64_t children = 0;
    if (!ParseHead(&children)) return false;
    const Type type = tokens_[index].type;
    if (is_name && type != Type::kString) return false;
    if (depth != 0) --open[depth - 1].left;
    if (type == Type::kArray || type == Type::kMap) {
      if (depth == depth_max) return false;
      open[depth++] = {index, children, type == Type::kMap};
    }
    while (depth != 0 && open[depth - 1].left == 0)
      tokens_[open[--depth].token].next = static_cast<uint32_t>(tokens_.size());
    if (depth == 0) return true;
  }
}

bool MsgpackTape::ParseHead(uint64_t* children) {
  if (at_ >= bytes_.size()) return false;
  const auto lead = static_cast<uint8_t>(bytes_[at_++]);
  if (lead <= 0x7F) {
    Push(Type::kInt64).int64 = lead;
    return true;
  }
  if (lead >= 0xE0) {
    Push(Type::kInt64).int64 = static_cast<int8_t>(lead);
    return true;
  }
  if (lead <= 0x8F) return PushContainer(Type::kMap, lead & 0x0F, children);
  if (lead <= 0x9F) return PushContainer(Type::kArray, lead & 0x0F, children);
  if (lead <= 0xBF) return PushBytes(Type::kString, lead & 0x1F);
  return ParseWide(lead, children);
}

// Formats 0xC0 to 0xDF: what follows the first byte has a size of its own.
bool MsgpackTape::ParseWide(uint8_t lead, uint64_t* children) {
  uint64_t value = 0;
  switch (lead) {
    case 0xC0:
      Push(Type::kNull);
      return true;
    case 0xC2:
    case 0xC3:
      Push(Type::kBool).int64 = lead & 1;
      return true;
    case 0xC4:
    case 0xC5:
    case 0xC6:
      return Number(size_t{1} << (lead - 0xC4), &value) && PushBytes(Type::kBinary, value);
    case 0xC7:
    case 0xC8:
    case 0xC9:
      return Number(size_t{1} << (lead - 0xC7), &value) && ParseExtension(value);
    case 0xCA:
      if (!Number(4, &value)) return false;
      Push(Type::kFloat64).float64 =
          static_cast<double>(std::bit_cast<float>(static_cast<uint32_t>(value)));
      return true;
    case 0xCB:
      if (!Number(8, &value)) return false;
      Push(Type::kFloat64).float64 = std::bit_cast<double>(value);
      return true;
    case 0xCC:
    case 0xCD:
    case 0xCE:
    case 0xCF:
      if (!Number(size_t{1} << (lead - 0xCC), &value)) return false;
      PushUnsigned(value);
      return true;
    case 0xD0:
    case 0xD1:
    case 0xD2:
    case 0xD3: {
      const size_t size = size_t{1} << (lead - 0xD0);
      if (!Number(size, &value)) return false;
      const size_t unused = 64 - 8 * size;  // shifted out and back, which spreads the sign
      Push(Type::kInt64).int64 = static_cast<int64_t>(value << unused) >> unused;
      return true;
    }
    case 0xD4:
    case 0xD5:
    case 0xD6:
    case 0xD7:
    case 0xD8:
      return ParseExtension(size_t{1} << (lead - 0xD4));
    case 0xD9:
    case 0xDA:
    case 0xDB:
      return Number(size_t{1} << (lead - 0xD9), &value) && PushBytes(Type::kString, value);
    case 0xDC:
    case 0xDD:
      return Number(size_t{2} << (lead - 0xDC), &value) &&
             PushContainer(Type::kArray, value, children);
    case 0xDE:
    case 0xDF:
      return Number(size_t{2} << (lead - 0xDE), &value) &&
             PushContainer(Type::kMap, value, children);
    default:
      return false;  // 0xC1 is never used
  }
}

bool MsgpackTape::PushContainer(Type type, uint64_t size, uint64_t* children) {
  Push(type);
  *children = type == Type::kMap ? size * 2 : size;
  return true;
}

bool MsgpackTape::PushBytes(Type type, size_t size) {
  if (size > bytes_.size() - at_) return false;
  Token& token = Push(type);
  token.begin = static_cast<uint32_t>(at_);
  at_ += size;
  token.end = static_cast<uint32_t>(at_);
  return true;
}

void MsgpackTape::PushUnsigned(uint64_t value) {
  constexpr auto kMax = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
  if (value <= kMax) {
    Push(Type::kInt64).int64 = static_cast<int64_t>(value);
  } else {
    Push(Type::kFloat64).float64 = static_cast<double>(value);
  }
}

bool MsgpackTape::ParseExtension(size_t size) {
  uint64_t type = 0;
  if (!Number(1, &type)) return false;
  if (type != kTimestamp) return PushBytes(Type::kBinary, size);
  if (size > bytes_.size() - at_) return false;
  const std::string_view payload = bytes_.substr(at_, size);
  at_ += size;
  return ParseTime(payload);
}

bool MsgpackTape::ParseTime(std::string_view payload) {
  int64_t seconds = 0;
  int64_t ns = 0;
  if (payload.size() == 4) {
    seconds = static_cast<int64_t>(BigEndian(payload));
  } else if (payload.size() == 8) {
    const uint64_t both = BigEndian(payload);
    seconds = static_cast<int64_t>(both & ((uint64_t{1} << 34) - 1));
    ns = static_cast<int64_t>(both >> 34);
  } else if (payload.size() == 12) {
    ns = static_cast<int64_t>(BigEndian(payload.substr(0, 4)));
    seconds = static_cast<int64_t>(BigEndian(payload.substr(4)));
  } else {
    return false;
  }
  constexpr int64_t kSecondsMax = std::numeric_limits<int64_t>::max() / kNsPerSecond - 1;
  if (ns >= kNsPerSecond || seconds > kSecondsMax || seconds < -kSecondsMax) return false;
  Push(Type::kTime).int64 = seconds * kNsPerSecond + ns;
  return true;
}

MsgpackTape::Token& MsgpackTape::Push(Type type) {
  Token& token = tokens_.emplace_back();
  token.type = type;
  token.next = static_cast<uint32_t>(tokens_.size());
  return token;
}

bool MsgpackTape::Number(size_t size, uint64_t* value) {
  if (size > bytes_.size() - at_) return false;
  *value = BigEndian(bytes_.substr(at_, size));
  at_ += size;
  return true;
}

}  // namespace skep
