// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/event_context.h"

#include "wire/json.h"

namespace skep::honeycomb {

std::string FormatContext(const EventContext& context) {
  JsonWriter out;
  out.BeginObject();
  out.Field("dataset", context.dataset);
  if (context.expand_json_depth != 0)
    out.Field("expand_json_depth", static_cast<uint64_t>(context.expand_json_depth));
  if (!context.time.empty()) out.Field("time", context.time);
  if (!context.sample_rate.empty()) out.Field("samplerate", context.sample_rate);
  out.EndObject();
  return out.Take();
}

Result<EventContext> ParseContext(std::string_view text) {
  SKEP_ASSIGN(const JsonDocument document, JsonDocument::Parse(text));
  const JsonView root = document.root();
  EventContext context;
  context.dataset = root["dataset"].text();
  if (context.dataset.empty()) return Error(Code::kInvalidArgument, "the context has no dataset");
  const int64_t depth = root["expand_json_depth"].int64();
  context.expand_json_depth = depth < 0 ? 0 : static_cast<size_t>(depth);
  context.time = root["time"].text();
  context.sample_rate = root["samplerate"].text();
  return context;
}

}  // namespace skep::honeycomb
