// SPDX-License-Identifier: Apache-2.0
// Places that a few letters may mean.
#include <charconv>

#include "base/ascii.h"
#include "query/places.h"
#include "ui/api.h"
#include "ui/parameters.h"
#include "ui/render.h"

namespace skep::ui {
namespace {

constexpr int64_t kTracesBackNs = 24 * 3600 * kNsPerS;
constexpr int64_t kNamesBackNs = 24 * 3600 * kNsPerS;
constexpr size_t kItemsMax = 5;
constexpr size_t kTextBytesMax = 200;

void RenderPlace(std::string_view kind, std::string_view text, std::string_view detail,
                 std::string_view path, JsonWriter* json) {
  json->BeginObject();
  json->Field("kind", kind);
  json->Field("text", text);
  FieldUnlessEmpty("detail", detail, json);
  json->Field("path", path);
  json->EndObject();
}

std::string PercentEncoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = IsAlnum(c) || c == '-' || c == '_' || c == '.';
    if (plain) {
      out += c;
      continue;
    }
    out += '%';
    AppendHex(reinterpret_cast<const uint8_t*>(&c), 1, &out);
  }
  return out;
}

// `field = "value"`, as the filter's grammar takes it.
std::string FilterPath(std::string_view field, std::string_view value) {
  std::string filter = std::string(field) + " = \"";
  for (const char c : value) {
    if (c == '"' || c == '\\') filter += '\\';
    filter += c;
  }
  return "/requests?filter=" + PercentEncoded(filter + "\"");
}

void RenderItemPlace(const Item& item, JsonWriter* json) {
  RenderPlace("item", "#" + std::to_string(item.counter) + " " + item.title, NameOf(item.status),
              "/errors/" + std::to_string(item.counter), json);
}

Status RenderTraces(const Call& call, const std::string& text, JsonWriter* json) {
  const std::string prefix = TraceIdPrefix(text);
  if (prefix.empty()) return {};
  // A whole id is looked for in all that is stored.
  const bool whole = prefix.size() == 32;
  const TimeRange range = whole
                              ? TimeRange{0, std::numeric_limits<int64_t>::max()}
                              : TimeRange{call.now_ns, call.now_ns}.Widened(kTracesBackNs, kNsPerS);
  SKEP_ASSIGN(const auto traces,
              FindTracePlaces(*call.parts.reader, call.parts.project, range, prefix, call.cancel));
  for (const TracePlace& trace : traces)
    RenderPlace("trace", trace.trace_id.Hex(), trace.service + " " + trace.name,
                "/trace/" + trace.trace_id.Hex(), json);
  return {};
}

Status RenderItems(const Call& call, std::string_view text, JsonWriter* json) {
  std::string_view digits = text;
  if (digits.starts_with('#')) digits.remove_prefix(1);
  int64_t counter = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), counter);
  if (error == std::errc() && end == digits.data() + digits.size()) {
    const auto item = call.parts.items->GetItemByCounter(call.parts.project, counter);
    if (item) RenderItemPlace(*item, json);
    if (!item && item.error().code != Code::kNotFound) return Error(item.error());
    return {};
  }
  ItemFilter filter;
  filter.project = call.parts.project;
  filter.title_contains = text;
  ItemPaging paging;
  paging.limit = kItemsMax;
  SKEP_ASSIGN(const ItemPage page, call.parts.items->ListItems(filter, paging));
  for (const Item& item : page.items) RenderItemPlace(item, json);
  return {};
}

Status RenderNames(const Call& call, std::string_view text, PlaceKind kind, JsonWriter* json) {
  const TimeRange range = TimeRange{call.now_ns, call.now_ns}.Widened(kNamesBackNs, kNsPerS);
  SKEP_ASSIGN(const auto places, FindNamedPlaces(*call.parts.reader, call.parts.project, range,
                                                 kind, text, call.cancel));
  const std::string_view field = kind == PlaceKind::kRoute ? "route" : "user";
  for (const NamedPlace& place : places)
    RenderPlace(field, place.name,
                std::to_string(place.requests) + (place.requests == 1 ? " request" : " requests"),
                FilterPath(field, place.name), json);
  return {};
}

}  // namespace

Result<std::string> AnswerGoTo(Call& call) {
  const std::string text = TextOf(call, "text");
  if (text.empty() || text.size() > kTextBytesMax)
    return Error(Code::kInvalidArgument, "text must have 1 to 200 bytes.");
  JsonWriter json;
  json.BeginObject();
  json.Key("places");
  json.BeginArray();
  SKEP_TRY(RenderTraces(call, text, &json));
  SKEP_TRY(RenderItems(call, text, &json));
  SKEP_TRY(RenderNames(call, text, PlaceKind::kRoute, &json));
  SKEP_TRY(RenderNames(call, text, PlaceKind::kUser, &json));
  json.EndArray();
  json.EndObject();
  return json.Take();
}

}  // namespace skep::ui
