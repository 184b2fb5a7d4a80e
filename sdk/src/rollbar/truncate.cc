// SPDX-License-Identifier: Apache-2.0
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <array>

#include "core/json_text.h"
#include "rollbar/item_json.h"

namespace skep::sdk::rollbar {
namespace {

using rapidjson::Value;
using Allocator = rapidjson::Document::AllocatorType;

std::string Written(const rapidjson::Document& json) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  json.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

Value* Member(Value& object, const char* name) {
  if (!object.IsObject()) return nullptr;
  const auto member = object.FindMember(name);
  return member == object.MemberEnd() ? nullptr : &member->value;
}

void KeepEnds(Value& trace, rapidjson::SizeType at_each_end) {
  Value* frames = Member(trace, "frames");
  if (frames == nullptr || !frames->IsArray() || frames->Size() <= 2 * at_each_end) return;
  frames->Erase(frames->Begin() + at_each_end, frames->End() - at_each_end);
}

template <typename Call>
void ForEachTrace(Value& data, Call call) {
  Value* body = Member(data, "body");
  if (body == nullptr) return;
  if (Value* trace = Member(*body, "trace")) call(*trace);
  Value* chain = Member(*body, "trace_chain");
  if (chain == nullptr || !chain->IsArray()) return;
  for (Value& trace : chain->GetArray()) call(trace);
}

void CutText(Value& value, size_t bytes_max, Allocator& allocator) {
  if (!value.IsString() || value.GetStringLength() <= bytes_max) return;
  const std::string text(FrontOf({value.GetString(), value.GetStringLength()}, bytes_max - 3));
  value.SetString((text + "...").c_str(), allocator);
}

// The items of this library are a dozen levels deep at most.
void CutTexts(Value& value, size_t bytes_max, Allocator& allocator) {  // NOLINT(misc-no-recursion)
  if (value.IsObject()) {
    for (auto& member : value.GetObject()) CutTexts(member.value, bytes_max, allocator);
  } else if (value.IsArray()) {
    for (Value& element : value.GetArray()) CutTexts(element, bytes_max, allocator);
  } else {
    CutText(value, bytes_max, allocator);
  }
}

void KeepLeast(Value& data, Allocator& allocator) {
  ForEachTrace(data, [&](Value& trace) {
    KeepEnds(trace, 1);
    if (Value* exception = Member(trace, "exception")) {
      if (Value* message = Member(*exception, "message")) CutText(*message, 255, allocator);
    }
  });
}

void DropWhatIsNotNeeded(Value& data) {
  for (const char* name : {"custom", "request", "person"}) {
    if (Member(data, name) != nullptr) data.RemoveMember(name);
  }
  Value* body = Member(data, "body");
  if (body != nullptr && Member(*body, "telemetry") != nullptr) body->RemoveMember("telemetry");
}

}  // namespace

std::string Truncated(std::string json, size_t bytes_max) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(json.data(), json.size());
  if (document.HasParseError()) return json;
  Value* data = Member(document, "data");
  if (data == nullptr) return json;
  Allocator& allocator = document.GetAllocator();
  ForEachTrace(*data, [](Value& trace) { KeepEnds(trace, 30); });
  json = Written(document);
  for (const size_t length : std::array<size_t, 3>{1024, 512, 256}) {
    if (json.size() <= bytes_max) return json;
    CutTexts(*data, length, allocator);
    json = Written(document);
  }
  if (json.size() <= bytes_max) return json;
  KeepLeast(*data, allocator);
  json = Written(document);
  if (json.size() <= bytes_max) return json;
  DropWhatIsNotNeeded(*data);
  return Written(document);
}

}  // namespace skep::sdk::rollbar
