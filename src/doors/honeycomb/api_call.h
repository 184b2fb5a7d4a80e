// SPDX-License-Identifier: Apache-2.0
// ApiCall: one request of the management API on its way through its handler, and the table of
// routes that handlers stand in. A handler writes `out` and sets `status`, or returns an Error;
// what it has to say beyond the error's code goes through Refuse. Lives on one worker's stack.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "catalog/document.h"
#include "doors/honeycomb/api.h"
#include "doors/honeycomb/api_problem.h"
#include "doors/honeycomb/api_time.h"
#include "net/http.h"
#include "wire/json.h"

namespace skep::honeycomb {

struct ApiCall {
  const ApiParts& parts;
  const net::Request& request;
  std::vector<std::string> arguments{};  // the values of `{}` in the route's path, decoded
  JsonDocument document{};
  JsonView body{};  // an object, of requests that have one
  int64_t now_ns = 0;
  std::string base{};  // the address that the client knows this server by
  Document api_key{};  // without id: nothing is known of the key

  int status = 200;
  net::Headers headers{};
  JsonWriter out{};
  std::optional<Problem> problem{};

  const std::string& project() const { return parts.options.project; }
  Documents& documents() const { return *parts.documents; }
  const std::string& Argument(size_t index) const { return arguments[index]; }

  // For `return call->Refuse(...)`.
  Error Refuse(Problem refusal) {
    Error error(Code::kInvalidArgument, refusal.error);
    problem = std::move(refusal);
    return error;
  }
};

// Of a call that would start something while too much waits: with when to try again.
Error RefuseToWait(ApiCall* call, std::string error);

using ApiHandler = Status (*)(ApiCall* call);

// Of a method that has a body.
enum class BodyUse : uint8_t { kObject, kMayBeEmpty };

struct ApiRoute {
  std::string_view method;
  std::string_view path;  // `{}` is any one part that is not empty
  ApiHandler handler;
  BodyUse body = BodyUse::kObject;
};
using ApiRoutes = std::span<const ApiRoute>;

// One table a noun.
ApiRoutes AuthRoutes();
ApiRoutes DatasetRoutes();
ApiRoutes DefinitionRoutes();
ApiRoutes ColumnRoutes();
ApiRoutes DerivedColumnRoutes();
ApiRoutes QueryRoutes();
ApiRoutes QueryResultRoutes();
ApiRoutes MapRoutes();
ApiRoutes AnnotationRoutes();
ApiRoutes BoardRoutes();
ApiRoutes BoardViewRoutes();
ApiRoutes MarkerRoutes();
ApiRoutes MarkerSettingRoutes();
ApiRoutes RecipientRoutes();
ApiRoutes TriggerRoutes();
ApiRoutes SloRoutes();
ApiRoutes BurnAlertRoutes();
ApiRoutes EnvironmentRoutes();
ApiRoutes KeyRoutes();
ApiRoutes TeamMarkerRoutes();

}  // namespace skep::honeycomb
