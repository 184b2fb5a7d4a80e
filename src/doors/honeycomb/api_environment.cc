// SPDX-License-Identifier: Apache-2.0
// /2/teams/{}/environments, and /2/auth.
#include "doors/honeycomb/api_environment.h"

#include <utility>

#include "doors/honeycomb/api_json_api.h"
#include "doors/honeycomb/api_stored.h"

namespace skep::honeycomb {
namespace {

std::string ReadColor(Input* attributes, std::string_view otherwise) {
  return attributes->Choice("color",
                            {"blue", "green", "gold", "red", "purple", "lightBlue", "lightGreen",
                             "lightGold", "lightRed", "lightPurple"},
                            otherwise);
}
constexpr char kNotFound[] = "Environment not found";

struct Environment {
  std::string name;
  std::string description;
  std::string color = "blue";
  bool delete_protected = true;
};

Result<Environment> EnvironmentIn(const Document& document) {
  SKEP_ASSIGN(const JsonDocument body, BodyOf(document));
  Environment environment;
  environment.name = body.root()["name"].text();
  environment.description = body.root()["description"].text();
  environment.color = body.root()["color"].text();
  environment.delete_protected = body.root()["settings"]["delete_protected"].boolean();
  return environment;
}

void WriteAttributes(const Environment& environment, const std::string& slug, JsonWriter* json) {
  json->BeginObject();
  json->Field("name", environment.name);
  json->Field("description", environment.description);
  json->Field("color", environment.color);
  json->Field("slug", slug);
  json->Key("settings");
  json->BeginObject();
  json->Field("delete_protected", environment.delete_protected);
  json->EndObject();
  json->EndObject();
}

std::string BodyWith(const Environment& environment, const std::string& slug) {
  JsonWriter json;
  WriteAttributes(environment, slug, &json);
  return json.Take();
}

RenderResource Renderer(const ApiCall& call) {
  return [&call](const Document& document, JsonWriter* json) -> Status {
    SKEP_ASSIGN(const Environment environment, EnvironmentIn(document));
    json->BeginObject();
    json->Field("id", document.id);
    json->Field("type", "environments");
    json->Key("attributes");
    WriteAttributes(environment, document.name, json);
    json->Key("links");
    json->BeginObject();
    json->Field("self", TeamPath(call, "/environments/" + document.id));
    json->EndObject();
    json->EndObject();
    return {};
  };
}

Result<Document> Find(ApiCall* call, const std::string& id) {
  SKEP_TRY(DefaultEnvironment(*call));
  auto found = call->documents().Get(DocumentKind::kEnvironment, call->project(), id);
  if (!found && found.error().code == Code::kNotFound)
    return call->Refuse(NotFoundProblem(kNotFound));
  return found;
}

Status ListEnvironments(ApiCall* call) {
  SKEP_TRY(CheckTeam(call));
  SKEP_TRY(DefaultEnvironment(*call));
  return AnswerPage(
      call, DocumentKind::kEnvironment, TeamPath(*call, "/environments"),
      [](const Document&) { return true; }, Renderer(*call));
}

Status CreateEnvironment(ApiCall* call) {
  SKEP_TRY(CheckTeam(call));
  SKEP_TRY(DefaultEnvironment(*call));
  std::vector<ProblemDetail> details;
  SKEP_ASSIGN(const Input data, ReadData(call, "environments", &details));
  Input attributes = data.Object("attributes");
  Environment environment;
  environment.name = attributes.Required("name", 255);
  environment.description = attributes.Text("description", 255);
  environment.color = ReadColor(&attributes, "blue");
  SKEP_TRY(CheckInput(call, attributes));
  Document document;
  document.kind = DocumentKind::kEnvironment;
  document.id = "hcaen_" + call->parts.options.random_text(26);
  document.project = call->project();
  document.name = SlugOf(environment.name);
  document.body = BodyWith(environment, document.name);
  SKEP_ASSIGN(const Document made, call->documents().Create(document));
  call->status = 201;
  return AnswerOne(call, made, Renderer(*call));
}

Status GetEnvironment(ApiCall* call) {
  SKEP_TRY(CheckTeam(call));
  SKEP_ASSIGN(const Document document, Find(call, call->Argument(1)));
  return AnswerOne(call, document, Renderer(*call));
}

// Only what is given changes; the name never does.
Status UpdateEnvironment(ApiCall* call) {
  SKEP_TRY(CheckTeam(call));
  SKEP_ASSIGN(const Document before, Find(call, call->Argument(1)));
  SKEP_ASSIGN(Environment environment, EnvironmentIn(before));
  std::vector<ProblemDetail> details;
  SKEP_ASSIGN(const Input data, ReadData(call, "environments", &details));
  Input attributes = data.Object("attributes");
  environment.description = attributes.Text("description", 255, environment.description);
  environment.color = ReadColor(&attributes, environment.color);
  Input settings = attributes.Object("settings");
  environment.delete_protected = settings.Bool("delete_protected", environment.delete_protected);
  SKEP_TRY(CheckInput(call, attributes));
  SKEP_ASSIGN(const Document changed,
              call->documents().Modify(DocumentKind::kEnvironment, call->project(), before.id,
                                       [&](Document& document) -> Status {
                                         document.body = BodyWith(environment, document.name);
                                         return {};
                                       }));
  return AnswerOne(call, changed, Renderer(*call));
}

// With its keys.
Status DeleteEnvironment(ApiCall* call) {
  SKEP_TRY(CheckTeam(call));
  SKEP_ASSIGN(const Document document, Find(call, call->Argument(1)));
  SKEP_ASSIGN(const Environment environment, EnvironmentIn(document));
  if (document.id == kDefaultEnvironmentId)
    return call->Refuse(ConflictProblem("The default environment cannot be deleted."));
  if (environment.delete_protected)
    return call->Refuse(ConflictProblem("Environment is protected from deletion."));
  SKEP_ASSIGN(const auto keys, call->documents().ListAll(
                                   {.kind = DocumentKind::kApiKey, .project = call->project()}));
  for (const Document& key : keys) {
    SKEP_ASSIGN(const JsonDocument body, BodyOf(key));
    if (body.root()["environment"].text() == document.id)
      SKEP_TRY(call->documents().Delete(DocumentKind::kApiKey, call->project(), key.id));
  }
  call->parts.keys->Forget();
  call->status = 204;
  return call->documents().Delete(DocumentKind::kEnvironment, call->project(), document.id);
}

void WriteTeam(const ApiCall& call, bool with_names, JsonWriter* json) {
  json->BeginObject();
  json->Field("id", "hcatm_00000000000000000000000000");
  json->Field("type", "teams");
  if (with_names) {
    json->Key("attributes");
    json->BeginObject();
    json->Field("name", call.parts.options.team_name);
    json->Field("slug", call.parts.options.team_slug);
    json->EndObject();
  }
  json->EndObject();
}

// Of a management key nothing is known but its id: none are made here.
Status Auth(ApiCall* call) {
  SKEP_ASSIGN(const Document environment, DefaultEnvironment(*call));
  JsonWriter& json = call->out;
  json.BeginObject();
  json.Key("data");
  json.BeginObject();
  json.Field("id", call->api_key.name);
  json.Field("type", "api-keys");
  json.Key("attributes");
  json.BeginObject();
  json.Field("name", "Management key");
  json.Field("key_type", "management");
  json.Field("disabled", false);
  json.Key("scopes");
  json.BeginArray();
  for (const char* scope : {"api-keys:read", "api-keys:write", "environments:read",
                            "environments:write", "markers:write"})
    json.String(scope);
  json.EndArray();
  json.Key("timestamps");
  json.BeginObject();
  json.Field("created", ApiTime(environment.created_ns));
  json.Field("updated", ApiTime(environment.created_ns));
  json.EndObject();
  json.EndObject();
  json.Key("relationships");
  json.BeginObject();
  json.Key("team");
  json.BeginObject();
  json.Key("data");
  WriteTeam(*call, false, &json);
  json.EndObject();
  json.EndObject();
  json.EndObject();
  json.Key("included");
  json.BeginArray();
  WriteTeam(*call, true, &json);
  json.EndArray();
  json.EndObject();
  return {};
}

constexpr ApiRoute kRoutes[] = {{"GET", "/2/auth", Auth},
                                {"GET", "/2/teams/{}/environments", ListEnvironments},
                                {"POST", "/2/teams/{}/environments", CreateEnvironment},
                                {"GET", "/2/teams/{}/environments/{}", GetEnvironment},
                                {"PATCH", "/2/teams/{}/environments/{}", UpdateEnvironment},
                                {"DELETE", "/2/teams/{}/environments/{}", DeleteEnvironment}};

}  // namespace

Result<EnvironmentNames> NamesOfEnvironment(const ApiCall& call, std::string_view id) {
  auto found = call.documents().Get(DocumentKind::kEnvironment, call.project(), std::string(id));
  if (!found && found.error().code == Code::kNotFound) return EnvironmentNames();
  if (!found) return Error(std::move(found.error()));
  SKEP_ASSIGN(Environment environment, EnvironmentIn(*found));
  return EnvironmentNames{std::move(environment.name), std::move(found->name)};
}

Result<Document> DefaultEnvironment(const ApiCall& call) {
  const std::string id(kDefaultEnvironmentId);
  auto found = call.documents().Get(DocumentKind::kEnvironment, call.project(), id);
  if (found || found.error().code != Code::kNotFound) return found;
  Environment environment;
  environment.name = kDefaultEnvironmentName;
  Document document;
  document.kind = DocumentKind::kEnvironment;
  document.id = id;
  document.project = call.project();
  document.name = kDefaultEnvironmentSlug;
  document.body = BodyWith(environment, document.name);
  found = call.documents().Create(document);
  // Another request may have been the first.
  if (!found && found.error().code == Code::kAlreadyExists)
    return call.documents().Get(DocumentKind::kEnvironment, call.project(), id);
  return found;
}

ApiRoutes EnvironmentRoutes() { return kRoutes; }

}  // namespace skep::honeycomb
