// SPDX-License-Identifier: Apache-2.0
// /2/teams/{}/markers: markers as version 2 says them. A dataset's id is its slug.
#include <optional>
#include <string>
#include <utility>

#include "base/clock.h"
#include "doors/honeycomb/api_dataset.h"
#include "doors/honeycomb/api_environment.h"
#include "doors/honeycomb/api_json_api.h"
#include "doors/honeycomb/api_markers.h"
#include "model/query_spec.h"

namespace skep::honeycomb {
namespace {

constexpr std::string_view kMembers[] = {"start_time", "end_time", "message", "type", "url"};

RenderResource Renderer(const ApiCall& call) {
  return [&call](const Document& document, JsonWriter* json) -> Status {
    SKEP_ASSIGN(const JsonDocument body, BodyOf(document));
    const bool all = document.dataset == kAllDatasets;
    const std::string color = MarkerColor(call, document);
    json->BeginObject();
    json->Field("id", document.id);
    json->Field("type", "markers");
    json->Key("attributes");
    json->BeginObject();
    for (const std::string_view name : kMembers) {
      const JsonView member = body.root()[name];
      if (!member) continue;
      json->Key(name);
      json->Raw(member.ToJson());
    }
    if (!color.empty()) json->Field("color", color);
    json->Key("timestamps");
    json->BeginObject();
    json->Field("created", ApiTime(document.created_ns));
    json->Field("updated", ApiTime(document.updated_ns));
    json->EndObject();
    json->EndObject();
    json->Key("relationships");
    json->BeginObject();
    json->Key("environment");
    json->Raw("{\"data\":{\"type\":\"environments\",\"id\":\"" +
              std::string(kDefaultEnvironmentId) + "\"}}");
    json->Key("dataset");
    json->BeginObject();
    json->Key("data");
    json->BeginObject();
    json->Field("type", "datasets");
    json->Field("id", all ? document.dataset : SlugOf(document.dataset));
    json->EndObject();
    json->EndObject();
    json->EndObject();
    json->Key("links");
    json->BeginObject();
    json->Field("self", TeamPath(call, "/markers/" + document.id));
    json->EndObject();
    json->EndObject();
    return {};
  };
}

// The dataset that the marker stands in, which must be there.
Result<std::string> ReadDataset(ApiCall* call, const Input& data) {
  Input relation = data.Object("relationships").Object("dataset").Object("data");
  const std::string id = relation.Required("id", 255);
  if (id.empty() || id == kAllDatasets) return id;
  SKEP_ASSIGN(std::optional<std::string> name, FindDataset(*call, id));
  if (!name) relation.Invalid("id", "dataset not found");
  return name.value_or(std::string());
}

Status CreateMarker(ApiCall* call) {
  SKEP_TRY(CheckTeam(call));
  std::vector<ProblemDetail> details;
  SKEP_ASSIGN(const Input data, ReadData(call, "markers", &details));
  Input attributes = data.Object("attributes");
  attributes.RequiredInteger("start_time", 1, INT64_MAX);
  Document document;
  document.kind = DocumentKind::kMarker;
  document.project = call->project();
  SKEP_ASSIGN(document.dataset, ReadDataset(call, data));
  SKEP_TRY(kMarkerNoun.read(call, &attributes, nullptr, &document));
  SKEP_TRY(CheckInput(call, attributes));
  SKEP_ASSIGN(const Document made, call->documents().Create(document));
  call->status = 201;
  return AnswerOne(call, made, Renderer(*call));
}

// Only what is given changes.
Status UpdateMarker(ApiCall* call) {
  SKEP_TRY(CheckTeam(call));
  auto before = call->documents().Get(DocumentKind::kMarker, call->project(), call->Argument(1));
  if (!before) return call->Refuse(NotFoundProblem("Marker not found"));
  std::vector<ProblemDetail> details;
  SKEP_ASSIGN(const Input data, ReadData(call, "markers", &details));
  const JsonView given = call->body["data"]["attributes"];
  SKEP_ASSIGN(const JsonDocument old, BodyOf(*before));
  JsonWriter merged;
  merged.BeginObject();
  for (const std::string_view name : kMembers) {
    const JsonView member = given[name] ? given[name] : old.root()[name];
    if (!member) continue;
    merged.Key(name);
    merged.Raw(member.ToJson());
  }
  merged.EndObject();
  SKEP_ASSIGN(const JsonDocument document, JsonDocument::Parse(merged.Take()));
  Input attributes(document.root(), &details, "/data/attributes", "/");
  Document after = *before;
  SKEP_TRY(kMarkerNoun.read(call, &attributes, &*before, &after));
  SKEP_TRY(CheckInput(call, attributes));
  SKEP_ASSIGN(const Document changed,
              call->documents().Modify(DocumentKind::kMarker, call->project(), before->id,
                                       [&](Document& marker) -> Status {
                                         marker.body = after.body;
                                         return {};
                                       }));
  return AnswerOne(call, changed, Renderer(*call));
}

constexpr ApiRoute kRoutes[] = {{"POST", "/2/teams/{}/markers", CreateMarker},
                                {"PATCH", "/2/teams/{}/markers/{}", UpdateMarker}};

}  // namespace

ApiRoutes TeamMarkerRoutes() { return kRoutes; }

}  // namespace skep::honeycomb
