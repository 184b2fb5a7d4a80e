// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/api_permission.h"

#include <string>
#include <string_view>

#include "doors/honeycomb/api_stored.h"

namespace skep::honeycomb {
namespace {

struct Needed {
  std::string_view noun;  // the path's second part
  std::string_view permission;
};
// A noun that needs two stands twice.
constexpr Needed kNeeded[] = {
    {"boards", "manage_boards"},
    {"burn_alerts", "manage_slos"},
    {"columns", "manage_columns"},
    {"dataset_definitions", "create_datasets"},
    {"datasets", "create_datasets"},
    {"derived_columns", "manage_columns"},
    {"maps", "read_service_maps"},
    {"marker_settings", "manage_markers"},
    {"markers", "manage_markers"},
    {"queries", "manage_columns"},
    {"query_annotations", "manage_columns"},
    {"query_results", "manage_columns"},
    {"query_results", "run_queries"},
    {"recipients", "manage_recipients"},
    {"reporting", "manage_slos"},
    {"slos", "manage_slos"},
    {"triggers", "manage_triggers"},
};

std::string_view NounOf(std::string_view path) {
  constexpr std::string_view kVersion = "/1/";
  if (!path.starts_with(kVersion)) return {};
  path.remove_prefix(kVersion.size());
  return path.substr(0, path.find('/'));
}

}  // namespace

Status CheckPermission(ApiCall* call) {
  const std::string_view noun = NounOf(call->request.path);
  if (call->api_key.id.empty() || noun.empty()) return {};
  SKEP_ASSIGN(const JsonDocument body, BodyOf(call->api_key));
  const bool ingest = body.root()["key_type"].text() == "ingest";
  for (const Needed& needed : kNeeded) {
    if (needed.noun != noun) continue;
    if (!ingest && body.root()["permissions"][needed.permission].boolean()) continue;
    return call->Refuse(ForbiddenProblem("This API key does not have the permission " +
                                         std::string(needed.permission) + "."));
  }
  return {};
}

}  // namespace skep::honeycomb
