// SPDX-License-Identifier: Apache-2.0
// SpanData: what a processor sees of a span that ended. A view of the span's own memory: valid
// during OnEnd only.
#pragma once

#include <cstdint>
#include <string_view>

#include "skep/sdk/attribute.h"
#include "skep/sdk/resource.h"
#include "skep/sdk/span.h"
#include "skep/sdk/span_context.h"

namespace skep::sdk {

struct InstrumentationScope {
  std::string name;
  std::string version;
};

struct EventData {
  int64_t time_unix_ns;
  std::string_view name;
  std::span<const Attribute> attributes;
  uint32_t dropped_attributes;
};

struct LinkData {
  const SpanContext* target;
  std::span<const Attribute> attributes;
  uint32_t dropped_attributes;
};

class SpanData {
 public:
  std::string_view name;
  SpanKind kind = SpanKind::kInternal;
  const SpanContext* context = nullptr;
  SpanId parent_id;
  bool parent_remote = false;
  int64_t start_unix_ns = 0;
  int64_t end_unix_ns = 0;
  StatusCode status = StatusCode::kUnset;
  std::string_view status_description;
  std::span<const Attribute> attributes;  // each key once, in the order they were set
  std::span<const EventData> events;
  std::span<const LinkData> links;
  uint32_t dropped_attributes = 0;
  uint32_t dropped_events = 0;
  uint32_t dropped_links = 0;
  const InstrumentationScope* scope = nullptr;
  const Resource* resource = nullptr;
};

}  // namespace skep::sdk
