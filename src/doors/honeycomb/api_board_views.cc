// SPDX-License-Identifier: Apache-2.0
// /1/boards/{}/views: filters for a whole board, by name.
#include <string>
#include <vector>

#include "doors/honeycomb/api_stored.h"
#include "query/explore/spec_json.h"

namespace skep::honeycomb {
namespace {

constexpr size_t kFiltersMax = 100;
constexpr size_t kViewsMax = 50;  // of one board

// A view says `operation` for what a query calls `op`; else they are one thing.
void ReadFilter(Input* filter, JsonWriter* body) {
  JsonWriter as_query;
  as_query.BeginObject();
  as_query.Field("column", filter->Required("column", 255));
  as_query.Field("op", filter->Required("operation", 32));
  const JsonView value = filter->Member("value");
  if (value) {
    as_query.Key("value");
    as_query.Raw(value.ToJson());
  }
  as_query.EndObject();
  const std::string text = as_query.Take();
  const auto document = JsonDocument::Parse(text);
  SpecErrors errors;
  if (document) ParseSpecFilter(document->root(), {}, &errors);
  for (const SpecError& error : errors) {
    const bool operation = error.field == "op" || error.field == ".op";
    filter->Add(operation ? "operation" : "value", NameOf(error.code), error.description);
  }
  body->BeginObject();
  body->Field("column", filter->Text("column", 255));
  body->Field("operation", filter->Text("operation", 32));
  if (value) {
    body->Key("value");
    body->Raw(value.ToJson());
  }
  body->EndObject();
}

Status Read(ApiCall*, Input* in, const Document*, Document* document) {
  JsonWriter body;
  body.BeginObject();
  document->name = in->Required("name", 255);
  body.Field("name", document->name);
  const std::vector<JsonView> filters = in->Array("filters", kFiltersMax);
  if (filters.empty()) in->Missing("filters");
  body.Key("filters");
  body.BeginArray();
  for (size_t i = 0; i < filters.size(); ++i) {
    Input filter = in->Element("filters", i, filters[i]);
    if (filters[i].IsObject()) ReadFilter(&filter, &body);
  }
  body.EndArray();
  body.EndObject();
  document->body = body.Take();
  return {};
}

constexpr Noun kView = {DocumentKind::kBoardView, "Board view", Read};

Result<Place> BoardOf(ApiCall* call) {
  const auto board =
      call->documents().Get(DocumentKind::kBoard, call->project(), call->Argument(0));
  if (!board) return call->Refuse(NotFoundProblem("Board not found"));
  return Place{.parent = board->id};
}

Status ListViews(ApiCall* call) {
  SKEP_ASSIGN(const Place place, BoardOf(call));
  return List(call, kView, place);
}

Status CreateView(ApiCall* call) {
  SKEP_ASSIGN(const Place place, BoardOf(call));
  SKEP_ASSIGN(const size_t count, call->documents().Count({.kind = DocumentKind::kBoardView,
                                                           .project = call->project(),
                                                           .parent = place.parent}));
  if (count >= kViewsMax)
    return call->Refuse(InvalidProblem({{"", "invalid", "a board has at most 50 views"}}));
  return Create(call, kView, place);
}

Status GetView(ApiCall* call) {
  SKEP_ASSIGN(const Place place, BoardOf(call));
  return Get(call, kView, place, call->Argument(1));
}

Status UpdateView(ApiCall* call) {
  SKEP_ASSIGN(const Place place, BoardOf(call));
  return Update(call, kView, place, call->Argument(1));
}

Status DeleteView(ApiCall* call) {
  SKEP_ASSIGN(const Place place, BoardOf(call));
  return Delete(call, kView, place, call->Argument(1));
}

constexpr ApiRoute kRoutes[] = {{"GET", "/1/boards/{}/views", ListViews},
                                {"POST", "/1/boards/{}/views", CreateView},
                                {"GET", "/1/boards/{}/views/{}", GetView},
                                {"PUT", "/1/boards/{}/views/{}", UpdateView},
                                {"DELETE", "/1/boards/{}/views/{}", DeleteView}};

}  // namespace

ApiRoutes BoardViewRoutes() { return kRoutes; }

}  // namespace skep::honeycomb
