// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "core/json_text.h"
#include "core/json_value.h"
#include "rollbar/item_json.h"

namespace skep::sdk::rollbar {
namespace {

std::string Written(const JsonValue& json) {
  std::string out;
  json.AppendTo(out);
  return out;
}

void KeepEnds(JsonValue& trace, size_t at_each_end) {
  JsonValue* frames = trace.Find("frames");
  if (frames == nullptr || frames->elements.size() <= 2 * at_each_end) return;
  const auto offset = static_cast<std::ptrdiff_t>(at_each_end);
  frames->elements.erase(frames->elements.begin() + offset, frames->elements.end() - offset);
}

template <typename Call>
void ForEachTrace(JsonValue& data, Call call) {
  JsonValue* body = data.Find("body");
  if (body == nullptr) return;
  if (JsonValue* trace = body->Find("trace")) call(*trace);
  if (JsonValue* chain = body->Find("trace_chain")) std::ranges::for_each(chain->elements, call);
}

void CutText(JsonValue& value, size_t bytes_max) {
  if (!value.IsText() || value.text.size() <= bytes_max) return;
  value.text = std::string(FrontOf(value.text, bytes_max - 3)) + "...";
}

// NOLINTNEXTLINE(misc-no-recursion): JsonValue reads 64 levels at most
void CutTexts(JsonValue& value, size_t bytes_max) {
  for (auto& member : value.members) CutTexts(member.second, bytes_max);
  for (JsonValue& element : value.elements) CutTexts(element, bytes_max);
  CutText(value, bytes_max);
}

void KeepLeast(JsonValue& data) {
  ForEachTrace(data, [](JsonValue& trace) {
    KeepEnds(trace, 1);
    if (JsonValue* exception = trace.Find("exception")) {
      if (JsonValue* message = exception->Find("message")) CutText(*message, 255);
    }
  });
}

void Remove(JsonValue& object, std::string_view name) {
  std::erase_if(object.members,
                [name](const JsonValue::Member& member) { return member.first == name; });
}

void DropWhatIsNotNeeded(JsonValue& data) {
  for (const char* name : {"custom", "request", "person"}) Remove(data, name);
  if (JsonValue* body = data.Find("body")) Remove(*body, "telemetry");
}

}  // namespace

std::string Truncated(std::string json, size_t bytes_max) {
  std::optional<JsonValue> document = JsonValue::Parse(json);
  JsonValue* data = document ? document->Find("data") : nullptr;
  if (data == nullptr) return json;
  ForEachTrace(*data, [](JsonValue& trace) { KeepEnds(trace, 30); });
  json = Written(*document);
  for (const size_t length : std::array<size_t, 3>{1024, 512, 256}) {
    if (json.size() <= bytes_max) return json;
    CutTexts(*data, length);
    json = Written(*document);
  }
  if (json.size() <= bytes_max) return json;
  KeepLeast(*data);
  json = Written(*document);
  if (json.size() <= bytes_max) return json;
  DropWhatIsNotNeeded(*data);
  return Written(*document);
}

}  // namespace skep::sdk::rollbar
