// SPDX-License-Identifier: Apache-2.0
// /2/teams/{}/api-keys: ingest and configuration keys. A secret is said once, when its key is made.
#include <string>
#include <utility>

#include "doors/honeycomb/api_environment.h"
#include "doors/honeycomb/api_json_api.h"
#include "doors/honeycomb/api_stored.h"
#include "doors/honeycomb/known_keys.h"

namespace skep::honeycomb {
namespace {

constexpr std::string_view kPermissions[] = {
    "create_datasets",   "send_events",          "manage_markers",    "manage_triggers",
    "manage_boards",     "run_queries",          "manage_columns",    "manage_slos",
    "manage_recipients", "manage_privateBoards", "read_service_maps", "visible_team_members"};
constexpr size_t kNameMax = 100;

// The permissions of a key's type, as given, else as they were.
void WritePermissions(Input* given, const JsonView& before, bool ingest, JsonWriter* body) {
  body->Key("permissions");
  body->BeginObject();
  for (const std::string_view name : kPermissions) {
    if (ingest && name != "create_datasets") continue;
    body->Field(name, given->Bool(name, before[name].boolean()));
  }
  body->EndObject();
}

RenderResource Renderer(const ApiCall& call, const std::string& secret = {}) {
  return [&call, secret](const Document& document, JsonWriter* json) -> Status {
    SKEP_ASSIGN(const JsonDocument body, BodyOf(document));
    const JsonView root = body.root();
    json->BeginObject();
    json->Field("id", document.id);
    json->Field("type", "api-keys");
    json->Key("attributes");
    json->BeginObject();
    json->Field("name", root["name"].text());
    json->Field("key_type", root["key_type"].text());
    json->Field("disabled", root["disabled"].boolean());
    if (!secret.empty()) json->Field("secret", secret);
    json->Key("permissions");
    json->Raw(root["permissions"].ToJson());
    json->Key("timestamps");
    json->BeginObject();
    json->Field("created", ApiTime(document.created_ns));
    json->Field("updated", ApiTime(document.updated_ns));
    json->EndObject();
    json->EndObject();
    json->Key("relationships");
    json->BeginObject();
    json->Key("environment");
    json->BeginObject();
    json->Key("data");
    json->BeginObject();
    json->Field("id", root["environment"].text());
    json->Field("type", "environments");
    json->EndObject();
    json->EndObject();
    json->EndObject();
    json->Key("links");
    json->BeginObject();
    json->Field("self", TeamPath(call, "/api-keys/" + document.id));
    json->EndObject();
    json->EndObject();
    return {};
  };
}

Result<Document> Find(ApiCall* call, const std::string& id) {
  auto found = call->documents().Get(DocumentKind::kApiKey, call->project(), id);
  if (!found && found.error().code == Code::kNotFound)
    return call->Refuse(NotFoundProblem("API key not found"));
  return found;
}

Status ListKeys(ApiCall* call) {
  SKEP_TRY(CheckTeam(call));
  const std::string type = call->request.QueryParameter("filter[type]");
  if (!type.empty() && type != "ingest" && type != "configuration") {
    Problem problem = InvalidProblem({});
    problem.error = "filter[type] must be ingest or configuration";
    problem.parameter = "filter[type]";
    return call->Refuse(std::move(problem));
  }
  const auto matches = [&](const Document& document) {
    if (type.empty()) return true;
    const auto body = BodyOf(document);
    return body && body->root()["key_type"].text() == type;
  };
  return AnswerPage(call, DocumentKind::kApiKey, TeamPath(*call, "/api-keys"), matches,
                    Renderer(*call));
}

// The environment that a new key names, which must be there.
Result<std::string> ReadEnvironment(ApiCall* call, const Input& data) {
  SKEP_TRY(DefaultEnvironment(*call));
  Input relation = data.Object("relationships").Object("environment").Object("data");
  const std::string id = relation.Required("id", 64);
  const auto found = call->documents().Get(DocumentKind::kEnvironment, call->project(), id);
  if (!id.empty() && !found) relation.Invalid("id", "environment not found");
  return id;
}

Status CreateKey(ApiCall* call) {
  SKEP_TRY(CheckTeam(call));
  std::vector<ProblemDetail> details;
  SKEP_ASSIGN(const Input data, ReadData(call, "api-keys", &details));
  Input attributes = data.Object("attributes");
  const std::string type = attributes.Choice("key_type", {"ingest", "configuration"});
  JsonWriter body;
  body.BeginObject();
  body.Field("name", attributes.Required("name", kNameMax));
  body.Field("key_type", type);
  body.Field("disabled", attributes.Bool("disabled", false));
  Input permissions = attributes.Object("permissions");
  WritePermissions(&permissions, {}, type == "ingest", &body);
  SKEP_ASSIGN(const std::string environment, ReadEnvironment(call, data));
  body.Field("environment", environment);
  body.EndObject();
  SKEP_TRY(CheckInput(call, attributes));
  const std::string secret = call->parts.options.random_text(32);
  Document document;
  document.kind = DocumentKind::kApiKey;
  document.id = (type == "ingest" ? "hcaik_" : "hcalk_") + call->parts.options.random_text(26);
  document.project = call->project();
  document.name = KeyName(KeyText(document.id, type, secret));
  document.body = body.Take();
  SKEP_ASSIGN(const Document made, call->documents().Create(document));
  call->parts.keys->Forget();
  call->status = 201;
  return AnswerOne(call, made, Renderer(*call, secret));
}

Status GetKey(ApiCall* call) {
  SKEP_TRY(CheckTeam(call));
  SKEP_ASSIGN(const Document document, Find(call, call->Argument(1)));
  return AnswerOne(call, document, Renderer(*call));
}

// Only what is given changes; type and environment never do.
Status UpdateKey(ApiCall* call) {
  SKEP_TRY(CheckTeam(call));
  SKEP_ASSIGN(const Document before, Find(call, call->Argument(1)));
  SKEP_ASSIGN(const JsonDocument old, BodyOf(before));
  std::vector<ProblemDetail> details;
  SKEP_ASSIGN(const Input data, ReadData(call, "api-keys", &details));
  Input attributes = data.Object("attributes");
  const JsonView root = old.root();
  JsonWriter body;
  body.BeginObject();
  body.Field("name", attributes.Has("name") ? attributes.Required("name", kNameMax)
                                            : std::string(root["name"].text()));
  body.Field("key_type", root["key_type"].text());
  body.Field("disabled", attributes.Bool("disabled", root["disabled"].boolean()));
  Input permissions = attributes.Object("permissions");
  WritePermissions(&permissions, root["permissions"], root["key_type"].text() == "ingest", &body);
  body.Field("environment", root["environment"].text());
  body.EndObject();
  SKEP_TRY(CheckInput(call, attributes));
  const std::string text = body.Take();
  SKEP_ASSIGN(const Document changed,
              call->documents().Modify(DocumentKind::kApiKey, call->project(), before.id,
                                       [&](Document& document) -> Status {
                                         document.body = text;
                                         return {};
                                       }));
  call->parts.keys->Forget();
  return AnswerOne(call, changed, Renderer(*call));
}

Status DeleteKey(ApiCall* call) {
  SKEP_TRY(CheckTeam(call));
  SKEP_ASSIGN(const Document document, Find(call, call->Argument(1)));
  call->status = 204;
  const Status deleted =
      call->documents().Delete(DocumentKind::kApiKey, call->project(), document.id);
  call->parts.keys->Forget();
  return deleted;
}

constexpr ApiRoute kRoutes[] = {{"GET", "/2/teams/{}/api-keys", ListKeys},
                                {"POST", "/2/teams/{}/api-keys", CreateKey},
                                {"GET", "/2/teams/{}/api-keys/{}", GetKey},
                                {"PATCH", "/2/teams/{}/api-keys/{}", UpdateKey},
                                {"DELETE", "/2/teams/{}/api-keys/{}", DeleteKey}};

}  // namespace

ApiRoutes KeyRoutes() { return kRoutes; }

}  // namespace skep::honeycomb
