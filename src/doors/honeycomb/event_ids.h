// SPDX-License-Identifier: Apache-2.0
// Trace and span ids as Honeycomb's clients send them, which is any text: hexadecimal ones are
// taken as they are, so that they are the same as OpenTelemetry's and X-Ray's; any other is hashed,
// so that what belongs together stays together. Pure.
#pragma once

#include <string_view>

#include "model/ids.h"

namespace skep::honeycomb {

template <typename IdType>
struct EventId {
  IdType id;           // all zeros: none
  bool exact = false;  // its hexadecimal digits are the very text that was sent
};

// 32 or 16 hexadecimal digits, X-Ray's 1-8-24, or a hash.
EventId<TraceId> TraceIdOf(std::string_view text);
// 16 hexadecimal digits, or a hash.
EventId<SpanId> SpanIdOf(std::string_view text);

}  // namespace skep::honeycomb
