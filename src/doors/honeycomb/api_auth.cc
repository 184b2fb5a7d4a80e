// SPDX-License-Identifier: Apache-2.0
// /1/auth: what the key of the request is and may do.
#include "doors/honeycomb/api_call.h"
#include "doors/honeycomb/api_environment.h"
#include "doors/honeycomb/api_stored.h"
#include "wire/sha256.h"

namespace skep::honeycomb {
namespace {

struct Access {
  std::string_view name;
  std::string_view permission;  // of a key that was made over version 2
  bool of_ingest_keys;
};
constexpr Access kAccess[] = {{"events", "send_events", true},
                              {"markers", "manage_markers", false},
                              {"triggers", "manage_triggers", false},
                              {"boards", "manage_boards", false},
                              {"queries", "run_queries", false},
                              {"columns", "manage_columns", false},
                              {"createDatasets", "create_datasets", true},
                              {"create_datasets", "create_datasets", true},
                              {"slos", "manage_slos", false},
                              {"recipients", "manage_recipients", false},
                              {"privateBoards", "manage_privateBoards", false}};

// What an unknown key is, by its looks: a classic one has 32 hex digits, an ingest key says so.
bool IsClassic(std::string_view key) {
  return key.size() == 32 && key.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}
bool IsIngest(std::string_view key) { return key.starts_with("hc") && key.substr(3, 3) == "ik_"; }

void WriteNames(std::string_view member, std::string_view name, std::string_view slug,
                JsonWriter* json) {
  json->Key(member);
  json->BeginObject();
  json->Field("name", name);
  json->Field("slug", slug);
  json->EndObject();
}

void WriteTeam(const ApiCall& call, JsonWriter* json) {
  WriteNames("team", call.parts.options.team_name, call.parts.options.team_slug, json);
}

Status UnknownKey(ApiCall* call) {
  std::string_view key = call->request.Header("x-honeycomb-team");
  if (key.empty()) key = call->request.Header("x-hny-team");
  const bool ingest = IsIngest(key);
  JsonWriter& json = call->out;
  json.BeginObject();
  // The same for the same key, and not the key.
  json.Field("id", Sha256Hex(key).substr(0, 22));
  json.Field("type", ingest ? "ingest" : "configuration");
  json.Key("api_key_access");
  json.BeginObject();
  for (const Access& access : kAccess) json.Field(access.name, !ingest || access.of_ingest_keys);
  json.EndObject();
  const bool classic = IsClassic(key);
  WriteNames("environment", classic ? "" : kDefaultEnvironmentName,
             classic ? "" : kDefaultEnvironmentSlug, &json);
  WriteTeam(*call, &json);
  json.EndObject();
  return {};
}

Status KnownKey(ApiCall* call) {
  SKEP_ASSIGN(const JsonDocument body, BodyOf(call->api_key));
  SKEP_ASSIGN(const EnvironmentNames environment,
              NamesOfEnvironment(*call, body.root()["environment"].text()));
  const bool ingest = body.root()["key_type"].text() == "ingest";
  JsonWriter& json = call->out;
  json.BeginObject();
  json.Field("id", call->api_key.id);
  json.Field("type", body.root()["key_type"].text());
  json.Key("api_key_access");
  json.BeginObject();
  for (const Access& access : kAccess) {
    const bool sends = ingest && access.name == "events";  // what such keys are for
    json.Field(access.name, sends || body.root()["permissions"][access.permission].boolean());
  }
  json.EndObject();
  WriteNames("environment", environment.name, environment.slug, &json);
  WriteTeam(*call, &json);
  json.EndObject();
  return {};
}

Status Auth(ApiCall* call) { return call->api_key.id.empty() ? UnknownKey(call) : KnownKey(call); }

constexpr ApiRoute kRoutes[] = {{"GET", "/1/auth", Auth}};

}  // namespace

ApiRoutes AuthRoutes() { return kRoutes; }

}  // namespace skep::honeycomb
