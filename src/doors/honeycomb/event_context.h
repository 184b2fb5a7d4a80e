// SPDX-License-Identifier: Apache-2.0
// EventContext: what decides how a request's events are decoded besides its body: the dataset, how
// deep that unfolds objects, and for a single event its headers. Written into the journal as text,
// so that a replay decodes the same. Values.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace skep::honeycomb {

struct EventContext {
  std::string dataset;  // as it is shown
  size_t expand_json_depth = 0;
  std::string time;         // X-Honeycomb-Event-Time as sent; empty: none
  std::string sample_rate;  // X-Honeycomb-Samplerate as sent; empty: none
};

std::string FormatContext(const EventContext& context);
// kInvalidArgument.
Result<EventContext> ParseContext(std::string_view text);

}  // namespace skep::honeycomb
