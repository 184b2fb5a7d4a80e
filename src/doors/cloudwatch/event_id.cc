// SPDX-License-Identifier: Apache-2.0
#include "doors/cloudwatch/event_id.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace skep::cloudwatch {
namespace {

constexpr size_t kDigits = 56;
constexpr size_t kDigitsMax = 58;  // of 192 bits

// 192 bits, lowest first: the event's id in limbs 0 and 1, nothing in 2 and 3 and half of 4, the
// time in the rest.
using Limbs = std::array<uint32_t, 6>;

Limbs LimbsOf(const LogEventPosition& position) {
  const auto time = static_cast<uint64_t>(position.time_ms);
  return {static_cast<uint32_t>(position.event_id),
          static_cast<uint32_t>(position.event_id >> 32),
          0,
          0,
          static_cast<uint32_t>(time << 16),
          static_cast<uint32_t>(time >> 16)};
}

}  // namespace

std::string EventIdDigits(const LogEventPosition& position) {
  Limbs limbs = LimbsOf(position);
  std::string digits(kDigitsMax, '0');
  for (size_t at = kDigitsMax; at-- > 0;) {
    uint64_t rest = 0;
    for (size_t i = limbs.size(); i-- > 0;) {
      const uint64_t value = rest << 32 | limbs[i];
      limbs[i] = static_cast<uint32_t>(value / 10);
      rest = value % 10;
    }
    digits[at] = static_cast<char>('0' + rest);
  }
  size_t leading = 0;
  while (leading < kDigitsMax - kDigits && digits[leading] == '0') ++leading;
  return digits.substr(leading);
}

std::optional<LogEventPosition> ParseEventIdDigits(std::string_view digits) {
  if (digits.empty() || digits.size() > kDigitsMax) return std::nullopt;
  Limbs limbs{};
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    uint64_t carry = static_cast<uint64_t>(c - '0');
    for (uint32_t& limb : limbs) {
      const uint64_t value = static_cast<uint64_t>(limb) * 10 + carry;
      limb = static_cast<uint32_t>(value);
      carry = value >> 32;
    }
    if (carry != 0) return std::nullopt;
  }
  LogEventPosition position;
  position.event_id = static_cast<uint64_t>(limbs[1]) << 32 | limbs[0];
  position.time_ms = static_cast<int64_t>(static_cast<uint64_t>(limbs[5]) << 16 | limbs[4] >> 16);
  if (limbs != LimbsOf(position)) return std::nullopt;
  return position;
}

std::string FormatPageToken(const PageToken& token) {
  return (token.forward ? "f/" : "b/") + EventIdDigits(token.position) + "/s";
}

std::optional<PageToken> ParsePageToken(std::string_view text) {
  const bool forward = text.starts_with("f/");
  if ((!forward && !text.starts_with("b/")) || !text.ends_with("/s") || text.size() < 4)
    return std::nullopt;
  const auto position = ParseEventIdDigits(text.substr(2, text.size() - 4));
  if (!position) return std::nullopt;
  return PageToken{forward, *position};
}

LogEventPosition NextPosition(const LogEventPosition& position) {
  if (position.event_id == UINT64_MAX) return {position.time_ms + 1, 0};
  return {position.time_ms, position.event_id + 1};
}

LogEventPosition PreviousPosition(const LogEventPosition& position) {
  if (position.event_id != 0) return {position.time_ms, position.event_id - 1};
  if (position.time_ms == 0) return {};
  return {position.time_ms - 1, UINT64_MAX};
}

}  // namespace skep::cloudwatch
