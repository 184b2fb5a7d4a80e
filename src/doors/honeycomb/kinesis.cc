// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/kinesis.h"

#include <optional>
#include <string_view>

#include "doors/honeycomb/decode.h"
#include "doors/honeycomb/event_decoder.h"
#include "wire/base64.h"
#include "wire/compress.h"
#include "wire/json.h"

namespace skep::honeycomb {
namespace {

constexpr std::string_view kGzipMagic = "\x1f\x8b";
constexpr std::string_view kSpace = " \t\r\n";

// The length of the JSON object at the start of `text`, by its brackets; 0 if it has no end.
size_t ObjectLength(std::string_view text) {
  size_t depth = 0;
  bool in_text = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_text && c == '\\') ++i;
    if (c == '"') in_text = !in_text;
    if (in_text) continue;
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && (depth == 0 || --depth == 0)) return i + 1;
  }
  return 0;
}

void WriteEvent(int64_t time_ms, std::string_view data, JsonWriter* out) {
  out->BeginObject();
  if (time_ms > 0) out->Field("time", time_ms);
  out->Key("data");
  if (data.empty()) {
    out->Null();
  } else {
    out->Raw(data);
  }
  out->EndObject();
}

// False: the record is nothing that is an event.
bool WriteEvents(std::string_view text, int64_t time_ms, size_t depth_max, JsonWriter* out) {
  JsonTape tape;
  for (;;) {
    text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
    if (text.empty()) return true;
    const size_t length = text.front() == '{' ? ObjectLength(text) : 0;
    if (length == 0 || !tape.Parse(text.substr(0, length), depth_max)) return false;
    WriteEvent(time_ms, text.substr(0, length), out);
    text.remove_prefix(length);
  }
}

}  // namespace

Result<KinesisRequest> ReadKinesis(std::string_view body, const Limits& limits) {
  if (body.empty()) return Error(Code::kInvalidArgument, kEmpty);
  const auto document = JsonDocument::Parse(body, limits.depth_max);
  if (!document || !document->root()["records"].IsArray())
    return Error(Code::kInvalidArgument, kMalformed);
  const JsonView root = document->root();
  const int64_t time_ms = root["timestamp"].int64();
  KinesisRequest request;
  request.request_id = root["requestId"].text();
  JsonWriter out;
  out.BeginArray();
  const JsonView records = root["records"];
  for (size_t i = 0; i < records.size(); ++i) {
    std::optional<std::string> data = DecodeBase64(records.At(i)["data"].text());
    if (data && data->starts_with(kGzipMagic)) {
      const auto plain = Decompress(Compression::kGzip, *data, kEventBytesMax);
      if (plain) {
        data = plain->view();
      } else {
        data.reset();
      }
    }
    if (!data || data->empty() || !WriteEvents(*data, time_ms, limits.depth_max, &out))
      WriteEvent(time_ms, {}, &out);
    if (out.text().size() > kBodyBytesMax) return Error(Code::kOutOfRange, kTooLarge);
  }
  out.EndArray();
  request.batch = Bytes(out.text());
  return request;
}

}  // namespace skep::honeycomb
