// SPDX-License-Identifier: Apache-2.0
// /1/markers.
#include "doors/honeycomb/api_markers.h"

#include "base/clock.h"
#include "doors/honeycomb/api_dataset.h"

namespace skep::honeycomb {
namespace {

constexpr int64_t kTimeMax = 9'999'999'999;  // s

Status Read(ApiCall* call, Input* in, const Document* before, Document* document) {
  // A marker always has a start: a change without one leaves it.
  int64_t start = call->now_ns / kNsPerS;
  if (before != nullptr) {
    SKEP_ASSIGN(const JsonDocument old, BodyOf(*before));
    start = old.root()["start_time"].int64(start);
  }
  const int64_t said = in->Integer("start_time", 0, kTimeMax).value_or(0);
  if (said != 0) start = said;
  const int64_t end = in->Integer("end_time", 0, kTimeMax).value_or(0);
  if (end != 0 && end < start) in->Invalid("end_time", "must not be before start_time");
  JsonWriter body;
  body.BeginObject();
  body.Field("start_time", start);
  if (end != 0) body.Field("end_time", end);
  for (const char* name : {"message", "type", "url"}) {
    const std::string text = in->Text(name, 2048);
    if (!text.empty()) body.Field(name, text);
  }
  body.EndObject();
  document->body = body.Take();
  return {};
}

void Render(const ApiCall& call, const Document& document, JsonWriter* json) {
  const std::string color = MarkerColor(call, document);
  if (!color.empty()) json->Field("color", color);
}

using Handlers = InDataset<kMarkerNoun, 200>;

constexpr ApiRoute kRoutes[] = {{"GET", "/1/markers/{}", Handlers::List},
                                {"POST", "/1/markers/{}", Handlers::Create},
                                {"PUT", "/1/markers/{}/{}", Handlers::Update},
                                {"DELETE", "/1/markers/{}/{}", Handlers::Delete}};

}  // namespace

const Noun kMarkerNoun = {DocumentKind::kMarker, "Marker", Read, Render};

std::string MarkerColor(const ApiCall& call, const Document& marker) {
  const auto body = BodyOf(marker);
  if (!body) return {};
  const std::string type(body->root()["type"].text());
  if (type.empty()) return {};
  const auto setting =
      call.documents().Find(DocumentKind::kMarkerSetting, call.project(), marker.dataset, type);
  if (!setting) return {};
  const auto colors = BodyOf(*setting);
  return colors ? std::string(colors->root()["color"].text()) : std::string();
}

ApiRoutes MarkerRoutes() { return kRoutes; }

}  // namespace skep::honeycomb
