// SPDX-License-Identifier: Apache-2.0
// /1/boards: boards of panels; api_panels.h reads those.
#include "doors/honeycomb/api_panels.h"
#include "doors/honeycomb/api_stored.h"
#include "doors/honeycomb/api_tags.h"

namespace skep::honeycomb {
namespace {

constexpr size_t kPresetFiltersMax = 5;
constexpr size_t kColumnMax = 255;
constexpr size_t kAliasMax = 50;

void ReadPresetFilters(Input* in, JsonWriter* body) {
  if (!in->Has("preset_filters")) return;
  const std::vector<JsonView> filters = in->Array("preset_filters", kPresetFiltersMax);
  body->Key("preset_filters");
  body->BeginArray();
  for (size_t i = 0; i < filters.size(); ++i) {
    Input filter = in->Element("preset_filters", i, filters[i]);
    body->BeginObject();
    body->Field("column", filter.Required("column", kColumnMax));
    body->Field("alias", filter.Required("alias", kAliasMax));
    body->EndObject();
  }
  body->EndArray();
}

Status Read(ApiCall* call, Input* in, const Document*, Document* document) {
  JsonWriter body;
  body.BeginObject();
  body.Field("name", in->Required("name", 255));
  body.Field("description", in->Text("description", 1024));
  body.Field("type", in->Choice("type", {"flexible"}, "flexible"));
  const bool automatic = in->Choice("layout_generation", {"auto", "manual"}, "manual") == "auto";
  SKEP_TRY(ReadPanels(call, in, automatic, &body));
  ReadTags(in, &body);
  ReadPresetFilters(in, &body);
  body.EndObject();
  document->body = body.Take();
  return {};
}

void Render(const ApiCall& call, const Document& document, JsonWriter* json) {
  json->Key("links");
  json->BeginObject();
  json->Field("board_url", call.base + "/boards/" + document.id);
  json->EndObject();
}

constexpr Noun kBoard = {DocumentKind::kBoard, "Board", Read, Render};

constexpr ApiRoute kRoutes[] = {
    {"GET", "/1/boards", [](ApiCall* call) { return List(call, kBoard, {}); }},
    {"POST", "/1/boards", [](ApiCall* call) { return Create(call, kBoard, {}); }},
    {"GET", "/1/boards/{}", [](ApiCall* call) { return Get(call, kBoard, {}, call->Argument(0)); }},
    {"PUT", "/1/boards/{}",
     [](ApiCall* call) { return Update(call, kBoard, {}, call->Argument(0)); }},
    {"DELETE", "/1/boards/{}",
     [](ApiCall* call) { return Delete(call, kBoard, {}, call->Argument(0)); }}};

}  // namespace

ApiRoutes BoardRoutes() { return kRoutes; }

}  // namespace skep::honeycomb
