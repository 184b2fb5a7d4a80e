// SPDX-License-Identifier: Apache-2.0
#include "model/ids.h"

namespace skep {

std::optional<TraceId> TraceIdFromXRay(std::string_view text) {
  if (text.size() == 32) return TraceId::FromHex(text);
  if (text.size() != 35 || text.substr(0, 2) != "1-" || text[10] != '-') return std::nullopt;
  TraceId id;
  if (!DecodeHex(text.substr(2, 8), id.bytes.data(), 4)) return std::nullopt;
  if (!DecodeHex(text.substr(11), id.bytes.data() + 4, 12)) return std::nullopt;
  return id;
}

std::string TraceIdToXRay(const TraceId& id) {
  const std::string hex = id.Hex();
  return "1-" + hex.substr(0, 8) + "-" + hex.substr(8);
}

}  // namespace skep
