// SPDX-License-Identifier: Apache-2.0
// TraceHeader: X-Amzn-Trace-Id, as X-Ray's SDKs read and write it:
// Root=1-8hex-24hex;Parent=16hex;Sampled=0|1|?;Lineage=... A value. Root or Parent that is not
// well-formed counts as absent; "Self=" of load balancers is left out, other fields are kept and
// passed on
// (docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "skep/sdk/span_context.h"

namespace skep::sdk::xray {

struct TraceHeader {
  // kRequested: "?", the caller asks for it
  enum class Decision : uint8_t { kAbsent, kNotSampled, kSampled, kRequested };

  std::optional<TraceId> root;
  std::optional<SpanId> parent;
  Decision decision = Decision::kAbsent;
  std::string rest;  // "Lineage=1:a;Other=b": at most 256 bytes, more is left out

  static TraceHeader Parse(std::string_view text);
  std::string Text() const;
};

}  // namespace skep::sdk::xray
