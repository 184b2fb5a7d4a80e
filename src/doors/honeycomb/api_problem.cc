// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/api_problem.h"

#include <utility>

#include "doors/honeycomb/known_keys.h"
#include "wire/json.h"

namespace skep::honeycomb {
namespace {

constexpr char kInvalidTitle[] = "The provided input is invalid.";

Problem Make(int status, std::string type, std::string title, std::string error) {
  Problem problem;
  problem.status = status;
  problem.type = std::move(type);
  problem.title = std::move(title);
  problem.error = std::move(error);
  return problem;
}

void RenderJsonApiError(const Problem& problem, const ProblemDetail* detail, std::string_view id,
                        JsonWriter* json) {
  json->BeginObject();
  json->Field("id", id);
  json->Field("status", std::to_string(problem.status));
  json->Field("code", detail == nullptr ? problem.type : problem.type + "/" + detail->code);
  json->Field("title", detail == nullptr ? problem.title : detail->description);
  json->Field("detail", detail == nullptr ? problem.error : detail->description);
  if (detail != nullptr || !problem.header.empty() || !problem.parameter.empty()) {
    json->Key("source");
    json->BeginObject();
    if (detail != nullptr) json->Field("pointer", detail->field);
    if (!problem.header.empty()) json->Field("header", problem.header);
    if (!problem.parameter.empty()) json->Field("parameter", problem.parameter);
    json->EndObject();
  }
  json->EndObject();
}

}  // namespace

Problem NotFoundProblem(std::string error) {
  return Make(404, "not-found", "The requested resource cannot be found.", std::move(error));
}

Problem UnparseableProblem(std::string error) {
  return Make(400, "unparseable", "The request body could not be parsed.", std::move(error));
}

Problem InvalidProblem(std::vector<ProblemDetail> details) {
  Problem problem = Make(422, "validation-failed", kInvalidTitle, kInvalidTitle);
  problem.details = std::move(details);
  return problem;
}

Problem ConflictProblem(std::string error) {
  return Make(
      409, "conflict",
      "Request could not be completed due to a conflict with the current state of the target"
      " resource.",
      std::move(error));
}

Problem ForbiddenProblem(std::string error) {
  return Make(403, "forbidden", "The request is not allowed.", std::move(error));
}

Problem UnauthorizedProblem() {
  return Make(401, "unauthorized", "The API key is missing or not valid.", kUnknownKey);
}

Problem ThrottledProblem(std::string error) {
  return Make(429, "rate-limited", "You have exceeded your rate limit.", std::move(error));
}

Problem ProblemOf(const Error& error) {
  switch (error.code) {
    case Code::kNotFound:
      return NotFoundProblem(error.message);
    case Code::kAlreadyExists:
      return ConflictProblem("A resource by that name already exists.");
    case Code::kInvalidArgument:
      return InvalidProblem({{"", "invalid", error.message}});
    case Code::kOutOfRange:
      return Make(413, "payload-too-large", "Request body is too large.", error.message);
    case Code::kResourceExhausted:
      return Make(403, "forbidden", "A limit of this server is reached.", error.message);
    default:
      return Make(ReplyFor(error.code).http, "internal", "The request could not be answered.",
                  error.message);
  }
}

net::Response RenderProblem(const Problem& problem, std::string_view base) {
  // Keys come before everything else there, and so does their form of error.
  if (problem.status == 401) {
    JsonWriter json;
    json.BeginObject();
    json.Field("error", problem.error);
    json.EndObject();
    return net::Response::Json(401, json.Take());
  }
  JsonWriter json;
  json.BeginObject();
  json.Field("status", problem.status);
  json.Field("type", std::string(base) + "/problems/" + problem.type);
  json.Field("title", problem.title);
  json.Field("error", problem.error);
  if (problem.details.empty()) json.Field("detail", problem.error);
  if (!problem.details.empty()) {
    json.Key("type_detail");
    json.BeginArray();
    for (const ProblemDetail& detail : problem.details) {
      json.BeginObject();
      json.Field("field", detail.field);
      json.Field("code", detail.code);
      json.Field("description", detail.description);
      json.EndObject();
    }
    json.EndArray();
  }
  json.EndObject();
  return net::Response::Text(problem.status, json.Take(), "application/problem+json");
}

net::Response RenderJsonApiProblem(const Problem& problem, std::string_view id) {
  JsonWriter json;
  json.BeginObject();
  json.Key("errors");
  json.BeginArray();
  if (problem.details.empty()) RenderJsonApiError(problem, nullptr, id, &json);
  for (const ProblemDetail& detail : problem.details)
    RenderJsonApiError(problem, &detail, id, &json);
  json.EndArray();
  json.EndObject();
  return net::Response::Text(problem.status, json.Take(), "application/vnd.api+json");
}

}  // namespace skep::honeycomb
