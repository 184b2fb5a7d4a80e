// SPDX-License-Identifier: Apache-2.0
// Trace and span ids as bytes. W3C trace ids and X-Ray's `1-8hex-24hex` are the same sixteen bytes,
// so a trace id needs no note of where it came from. All zeros means "none", as in W3C Trace
// Context. Values.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "base/hex.h"

namespace skep {

template <size_t kSize>
struct Id {
  std::array<uint8_t, kSize> bytes{};

  bool empty() const {
    for (const uint8_t b : bytes)
      if (b != 0) return false;
    return true;
  }
  bool operator==(const Id&) const = default;
  auto operator<=>(const Id&) const = default;

  std::string Hex() const {
    std::string text;
    AppendHex(bytes.data(), kSize, &text);
    return text;
  }
  std::string_view raw() const { return {reinterpret_cast<const char*>(bytes.data()), kSize}; }

  static std::optional<Id> FromHex(std::string_view text) {
    Id id;
    if (!DecodeHex(text, id.bytes.data(), kSize)) return std::nullopt;
    return id;
  }
  // From exactly kSize raw bytes, as OTLP protobuf carries them.
  static std::optional<Id> FromRaw(std::string_view raw) {
    if (raw.size() != kSize) return std::nullopt;
    Id id;
    std::memcpy(id.bytes.data(), raw.data(), kSize);
    return id;
  }
};

using TraceId = Id<16>;
using SpanId = Id<8>;

struct IdHash {
  template <size_t kSize>
  size_t operator()(const Id<kSize>& id) const {
    uint64_t tail;
    std::memcpy(&tail, id.bytes.data() + kSize - 8, 8);
    return static_cast<size_t>(tail * 0x9E3779B97F4A7C15ull);
  }
};

// X-Ray's spelling: `1-5759e988-bd862e3fe1be46a994272793`. FromXRay also takes 32 plain hex digits.
std::optional<TraceId> TraceIdFromXRay(std::string_view text);
std::string TraceIdToXRay(const TraceId& id);

}  // namespace skep
