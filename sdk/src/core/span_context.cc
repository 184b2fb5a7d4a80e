// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/span_context.h"

#include <span>

namespace skep::sdk {
namespace {

constexpr char kDigits[] = "0123456789abcdef";

void AppendHex(std::string& out, std::span<const uint8_t> bytes) {
  for (const uint8_t byte : bytes) {
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
}

int DigitOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

bool ReadHex(std::string_view hex, std::span<uint8_t> bytes) {
  if (hex.size() != bytes.size() * 2) return false;
  for (size_t i = 0; i < bytes.size(); ++i) {
    const int high = DigitOf(hex[2 * i]);
    const int low = DigitOf(hex[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    bytes[i] = static_cast<uint8_t>(high << 4 | low);
  }
  return true;
}

}  // namespace

std::optional<TraceId> TraceId::FromHex(std::string_view hex) {
  std::array<uint8_t, 16> bytes{};
  if (!ReadHex(hex, bytes)) return std::nullopt;
  const TraceId id(bytes);
  return id.IsValid() ? std::optional(id) : std::nullopt;
}

std::optional<TraceId> TraceId::FromXray(std::string_view text) {
  if (text.size() != 35 || !text.starts_with("1-") || text[10] != '-') return std::nullopt;
  std::array<uint8_t, 16> bytes{};
  const std::span<uint8_t> all(bytes);
  if (!ReadHex(text.substr(2, 8), all.first(4)) || !ReadHex(text.substr(11), all.subspan(4))) {
    return std::nullopt;
  }
  const TraceId id(bytes);
  return id.IsValid() ? std::optional(id) : std::nullopt;
}

std::string TraceId::Hex() const {
  std::string out;
  out.reserve(32);
  AppendHex(out, bytes_);
  return out;
}

std::string TraceId::Xray() const {
  std::string out = "1-";
  out.reserve(35);
  AppendHex(out, std::span(bytes_).first(4));
  out += '-';
  AppendHex(out, std::span(bytes_).subspan(4));
  return out;
}

std::optional<SpanId> SpanId::FromHex(std::string_view hex) {
  std::array<uint8_t, 8> bytes{};
  if (!ReadHex(hex, bytes)) return std::nullopt;
  const SpanId id(bytes);
  return id.IsValid() ? std::optional(id) : std::nullopt;
}

std::string SpanId::Hex() const {
  std::string out;
  out.reserve(16);
  AppendHex(out, bytes_);
  return out;
}

}  // namespace skep::sdk
