// SPDX-License-Identifier: Apache-2.0
// What a person who writes a query wants to know before it is run: everything that is wrong with
// it, and the functions that its expressions may use.
#include "query/explore/run_query.h"
#include "query/explore/spec_json.h"
#include "query/expression/function.h"
#include "ui/api.h"
#include "ui/question.h"

namespace skep::ui {
namespace {

std::string Render(const SpecErrors& errors) {
  JsonWriter json;
  json.BeginObject();
  json.Key("errors");
  json.BeginArray();
  for (const SpecError& error : errors) {
    json.BeginObject();
    json.Field("field", std::string_view(error.field));
    json.Field("message", std::string_view(error.description));
    if (error.position) json.Field("position", uint64_t{*error.position});
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return json.Take();
}

}  // namespace

Result<std::string> AnswerCheckQuery(Call& call) {
  SKEP_ASSIGN(const JsonDocument document, BodyOf(call));
  const JsonView query = document.root()["query"];
  if (!query) return Error(Code::kInvalidArgument, "A query is missing.");
  QueryRequest request;
  request.project = call.parts.project;
  request.now_ns = call.now_ns;
  SKEP_ASSIGN(request.dataset, DatasetIn(document.root()));
  SpecErrors errors;
  std::optional<QuerySpec> spec = ParseQuerySpec(query, &errors);
  if (!spec) return Render(errors);
  request.spec = std::move(*spec);
  return Render(CheckQuery(request, *call.parts.field_types));
}

Result<std::string> AnswerFunctions(Call&) {
  JsonWriter json;
  json.BeginObject();
  json.Key("functions");
  json.BeginArray();
  for (const FunctionInfo& function : Functions()) {
    if (function.usage.empty()) continue;
    json.BeginObject();
    json.Field("name", function.name);
    json.Field("usage", function.usage);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return json.Take();
}

}  // namespace skep::ui
