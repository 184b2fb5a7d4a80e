// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/event_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>

#include "base/clock.h"
#include "wire/base64.h"
#include "wire/utf8.h"

namespace skep::honeycomb {
namespace {

bool IsSpace(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

// JSON without the space between its tokens.
std::string_view Compact(std::string_view json, Arena* arena) {
  if (std::none_of(json.begin(), json.end(), IsSpace)) return json;
  char* const begin = arena->Allocate(json.size());
  char* out = begin;
  bool in_text = false;
  for (size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (!in_text && IsSpace(c)) continue;
    *out++ = c;
    if (c == '"') in_text = !in_text;
    if (c == '\\' && i + 1 < json.size()) *out++ = json[++i];
  }
  return {begin, static_cast<size_t>(out - begin)};
}

std::string_view Mended(std::string_view text, Arena* arena) {
  const auto broken = [](std::string_view rest) {
    size_t at = 0;
    while (at < rest.size()) {
      const size_t size = Utf8Length(rest.substr(at));
      if (size == 0) break;
      at += size;
    }
    return at;
  };
  size_t good = broken(text);
  if (good == text.size()) return text;
  std::string mended;
  while (good < text.size()) {
    mended.append(text.substr(0, good)).append("\xEF\xBF\xBD");
    text.remove_prefix(good + 1);
    good = broken(text);
  }
  return arena->Copy(mended.append(text));
}

}  // namespace

FieldType JsonSource::TypeOf(uint32_t at) const {
  switch (tape_.tokens()[at].type) {
    case JsonType::kNull:
      return FieldType::kNull;
    case JsonType::kBool:
      return FieldType::kBool;
    case JsonType::kInt64:
      return FieldType::kInt;
    case JsonType::kUInt64:
    case JsonType::kFloat64:
      return FieldType::kFloat;
    case JsonType::kString:
      return FieldType::kText;
    case JsonType::kArray:
      return FieldType::kArray;
    case JsonType::kObject:
      break;
  }
  return FieldType::kObject;
}

std::string_view JsonSource::Text(uint32_t at, Arena* arena) const {
  const JsonTape::Token& token = tape_.tokens()[at];
  const std::string_view raw = tape_.Raw(token);
  if (!token.escaped) return raw;
  char* const plain = arena->Allocate(raw.size());
  return {plain, JsonTape::Unescape(raw, plain)};
}

std::string_view JsonSource::Json(uint32_t at, Arena* arena) const {
  return Compact(tape_.Raw(tape_.tokens()[at]), arena);
}

bool MsgpackSource::Parse(std::string_view body, size_t depth_max) {
  return tape_.Parse(body, depth_max);
}

FieldType MsgpackSource::TypeOf(uint32_t at) const {
  switch (tape_.tokens()[at].type) {
    case MsgpackTape::Type::kNull:
      return FieldType::kNull;
    case MsgpackTape::Type::kBool:
      return FieldType::kBool;
    case MsgpackTape::Type::kInt64:
      return FieldType::kInt;
    case MsgpackTape::Type::kFloat64:
      return FieldType::kFloat;
    case MsgpackTape::Type::kString:
    case MsgpackTape::Type::kBinary:
      return FieldType::kText;
    case MsgpackTape::Type::kTime:
      return FieldType::kTime;
    case MsgpackTape::Type::kArray:
      return FieldType::kArray;
    case MsgpackTape::Type::kMap:
      break;
  }
  return FieldType::kObject;
}

std::string_view MsgpackSource::Text(uint32_t at, Arena* arena) const {
  const MsgpackTape::Token& token = tape_.tokens()[at];
  if (token.type == MsgpackTape::Type::kBinary) return arena->Copy(EncodeBase64(tape_.Text(token)));
  return Mended(tape_.Text(token), arena);
}

std::string_view MsgpackSource::Json(uint32_t at, Arena* arena) const {
  JsonWriter out;
  WriteJson(at, arena, &out);
  return arena->Copy(out.text());
}

size_t MsgpackSource::Size(uint32_t at) const {
  size_t size = 0;
  for (uint32_t i = at; i < Next(at); ++i) size += tape_.Text(tape_.tokens()[i]).size() + 1;
  return size;
}

// As deep as the limits let a body be.
void MsgpackSource::WriteJson(uint32_t at, Arena* arena, JsonWriter* out) const {
  switch (TypeOf(at)) {
    case FieldType::kNull:
      return out->Null();
    case FieldType::kBool:
      return out->Bool(Int(at) != 0);
    case FieldType::kInt:
      return out->Int(Int(at));
    case FieldType::kFloat:
      return out->Float(Float(at));
    case FieldType::kText:
      return out->String(Text(at, arena));
    case FieldType::kTime:
      return out->String(TimeText(Int(at), arena));
    case FieldType::kArray:
      out->BeginArray();
      for (uint32_t i = at + 1; i < Next(at); i = Next(i)) WriteJson(i, arena, out);
      return out->EndArray();
    case FieldType::kObject:
      out->BeginObject();
      for (uint32_t i = at + 1; i < Next(at); i = Next(i + 1)) {
        out->Key(Text(i, arena));
        WriteJson(i + 1, arena, out);
      }
      return out->EndObject();
  }
}

std::string_view TimeText(int64_t time_ns, Arena* arena) {
  namespace chrono = std::chrono;
  const chrono::sys_time<chrono::nanoseconds> time{chrono::nanoseconds(time_ns)};
  const auto day = chrono::floor<chrono::days>(time);
  const chrono::year_month_day date(day);
  const chrono::hh_mm_ss clock(time - day);
  std::string text =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  clock.hours().count(), clock.minutes().count(), clock.seconds().count());
  if (const int64_t ns = clock.subseconds().count(); ns != 0) {
    text += fmt::format(".{:09}", ns);
    while (text.back() == '0') text.pop_back();
  }
  return arena->Copy(text += 'Z');
}

}  // namespace skep::honeycomb
