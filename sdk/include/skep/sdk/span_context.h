// SPDX-License-Identifier: Apache-2.0
// Ids of traces and spans, and what of a span crosses processes (W3C Trace Context). Plain values.
// X-Ray's 1-8hex-24hex and W3C's 32 hex digits are the same id: both forms are written and read
// here.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace skep::sdk {

// 16 bytes, as on the wire. All zeros is "no trace".
class TraceId {
 public:
  constexpr TraceId() = default;
  explicit constexpr TraceId(const std::array<uint8_t, 16>& bytes) : bytes_(bytes) {}
  // 32 lower-case hex digits; nothing for anything else or for all zeros.
  static std::optional<TraceId> FromHex(std::string_view hex);
  // "1-5759e988-bd862e3fe1be46a994272793"; nothing for anything else.
  static std::optional<TraceId> FromXray(std::string_view text);

  bool IsValid() const { return bytes_ != std::array<uint8_t, 16>{}; }
  std::string Hex() const;
  std::string Xray() const;
  const std::array<uint8_t, 16>& Bytes() const { return bytes_; }
  bool operator==(const TraceId&) const = default;

 private:
  std::array<uint8_t, 16> bytes_{};
};

// 8 bytes. All zeros is "no span".
class SpanId {
 public:
  constexpr SpanId() = default;
  explicit constexpr SpanId(const std::array<uint8_t, 8>& bytes) : bytes_(bytes) {}
  static std::optional<SpanId> FromHex(std::string_view hex);  // 16 lower-case hex digits

  bool IsValid() const { return bytes_ != std::array<uint8_t, 8>{}; }
  std::string Hex() const;
  const std::array<uint8_t, 8>& Bytes() const { return bytes_; }
  bool operator==(const SpanId&) const = default;

 private:
  std::array<uint8_t, 8> bytes_{};
};

// What `traceparent` and `tracestate` carry.
struct SpanContext {
  TraceId trace_id;
  SpanId span_id;
  bool sampled = false;
  bool remote = false;  // came from another process
  bool random = false;  // the trace id's last 56 bits are random (W3C Trace Context level 2)
  bool deferred =
      false;  // the caller left the decision to us (X-Ray's Sampled=?), `sampled` is false
  std::string
      trace_state;  // the header's text, kept as it came: up to 512 characters and 32 members

  bool IsValid() const { return trace_id.IsValid() && span_id.IsValid(); }
};

}  // namespace skep::sdk
