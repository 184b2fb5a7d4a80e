// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/event_ids.h"

#include <algorithm>
#include <cstring>

#include "base/ascii.h"
#include "base/hash.h"

namespace skep::honeycomb {
namespace {

bool IsLowerCase(std::string_view text) { return std::none_of(text.begin(), text.end(), IsUpper); }

}  // namespace

EventId<TraceId> TraceIdOf(std::string_view text) {
  if (text.empty()) return {};
  if (const auto id = TraceId::FromHex(text)) return {*id, IsLowerCase(text)};
  TraceId id;
  // Of eight bytes: the other eight are zero, as where such an id goes through OpenTelemetry.
  if (DecodeHex(text, id.bytes.data() + 8, 8)) return {id, false};
  if (const auto xray = TraceIdFromXRay(text)) return {*xray, false};
  id.bytes = Hash128(text);
  return {id, false};
}

EventId<SpanId> SpanIdOf(std::string_view text) {
  if (text.empty()) return {};
  if (const auto id = SpanId::FromHex(text)) return {*id, IsLowerCase(text)};
  SpanId id;
  std::memcpy(id.bytes.data(), Hash128(text).data(), id.bytes.size());
  return {id, false};
}

}  // namespace skep::honeycomb
