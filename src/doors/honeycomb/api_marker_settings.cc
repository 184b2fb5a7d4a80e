// SPDX-License-Identifier: Apache-2.0
// /1/marker_settings: which colour markers of a type have.
#include <algorithm>

#include "base/ascii.h"
#include "doors/honeycomb/api_dataset.h"
#include "doors/honeycomb/api_stored.h"

namespace skep::honeycomb {
namespace {

bool IsColor(std::string_view color) {
  return color.size() == 7 && color.front() == '#' &&
         std::all_of(color.begin() + 1, color.end(),
                     [](char c) { return IsDigit(c) || (ToLower(c) >= 'a' && ToLower(c) <= 'f'); });
}

Status Read(ApiCall*, Input* in, const Document*, Document* document) {
  document->name = in->Required("type", 255);
  const std::string color = in->Required("color", 32);
  if (!color.empty() && !IsColor(color)) in->Invalid("color", "must be a hex colour, #F96E11");
  JsonWriter body;
  body.BeginObject();
  body.Field("type", document->name);
  body.Field("color", color);
  body.EndObject();
  document->body = body.Take();
  return {};
}

constexpr Noun kSetting = {DocumentKind::kMarkerSetting, "Marker setting", Read};

using Handlers = InDataset<kSetting, 200>;

constexpr ApiRoute kRoutes[] = {{"GET", "/1/marker_settings/{}", Handlers::List},
                                {"POST", "/1/marker_settings/{}", Handlers::Create},
                                {"PUT", "/1/marker_settings/{}/{}", Handlers::Update},
                                {"DELETE", "/1/marker_settings/{}/{}", Handlers::Delete}};

}  // namespace

ApiRoutes MarkerSettingRoutes() { return kRoutes; }

}  // namespace skep::honeycomb
