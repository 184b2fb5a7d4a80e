// SPDX-License-Identifier: Apache-2.0
#include "ui/register.h"

#include <memory>
#include <string_view>

#include "base/log.h"
#include "ui/api.h"
#include "wire/json.h"

namespace skep::ui {
namespace {

constexpr size_t kBodyBytesMax = 1u << 20;

struct Endpoint {
  std::string_view path;  // with `*` at the end: the rest is part of the question
  AnswerFunction answer;
  std::string_view method = "GET";
};
constexpr Endpoint kEndpoints[] = {
    {"/api/ui/status", AnswerStatus},
    {"/api/ui/requests", AnswerRequests},
    {"/api/ui/requests/histogram", AnswerHistogram},
    {"/api/ui/requests/values", AnswerFieldValues},
    {"/api/ui/traces/*", AnswerTrace},
    {"/api/ui/diff", AnswerDiff},
    {"/api/ui/map", AnswerMap},
    {"/api/ui/map/examples", AnswerMapExamples},
    {"/api/ui/goto", AnswerGoTo},
    {"/api/ui/logs", AnswerLogs},
    {"/api/ui/items", AnswerItems},
    {"/api/ui/items/*", AnswerItem},
    {"/api/ui/items/*", AnswerChangeItem, "PUT"},
    {"/api/ui/explore/runs", AnswerStartRun, "POST"},
    {"/api/ui/explore/runs/*", AnswerRun},
    {"/api/ui/explore/runs/*", AnswerCancelRun, "DELETE"},
    {"/api/ui/explore/bubbleups", AnswerStartBubbleUp, "POST"},
    {"/api/ui/explore/bubbleups/*", AnswerBubbleUp},
    {"/api/ui/explore/bubbleups/*", AnswerCancelBubbleUp, "DELETE"},
    {"/api/ui/explore/rows", AnswerRows},
    {"/api/ui/explore/fields", AnswerColumns},
    {"/api/ui/explore/functions", AnswerFunctions},
    {"/api/ui/explore/checks", AnswerCheckQuery, "POST"},
    {"/api/ui/explore/history", AnswerHistory},
    {"/api/ui/queries", AnswerSavedQueries},
    {"/api/ui/queries", AnswerSaveQuery, "POST"},
    {"/api/ui/queries/*", AnswerSavedQuery},
    {"/api/ui/queries/*", AnswerChangeSavedQuery, "PUT"},
    {"/api/ui/queries/*", AnswerDeleteSavedQuery, "DELETE"},
    {"/api/ui/boards", AnswerBoards},
    {"/api/ui/boards", AnswerMakeBoard, "POST"},
    {"/api/ui/boards/*", AnswerBoard},
    {"/api/ui/boards/*", AnswerChangeBoard, "PUT"},
    {"/api/ui/boards/*", AnswerDeleteBoard, "DELETE"},
};

net::Response JsonResponse(int status, std::string body) {
  net::Response response = net::Response::Json(status, std::move(body));
  response.headers.emplace_back("cache-control", "no-store");
  return response;
}

net::Response ErrorResponse(const Error& error, std::optional<size_t> position,
                            std::string_view field) {
  const CodeReply& reply = ReplyFor(error.code);
  JsonWriter json;
  json.BeginObject();
  json.Key("error");
  json.BeginObject();
  json.Field("code", reply.name);
  json.Field("message", std::string_view(error.message));
  if (position) json.Field("position", uint64_t{*position});
  if (!field.empty()) json.Field("field", field);
  json.EndObject();
  json.EndObject();
  return JsonResponse(reply.http, json.Take());
}

Result<std::string> Answer(const Endpoint& endpoint, const net::Request& request, Call* made) {
  Call& call = *made;
  SKEP_ASSIGN(call.parameters, ParseQuery(request.query));
  if (endpoint.path.ends_with('*')) {
    auto rest = PercentDecode(std::string_view(request.path).substr(endpoint.path.size() - 1));
    if (!rest) return Error(Code::kInvalidArgument, "The path has a broken escape.");
    call.rest = std::move(*rest);
  }
  return endpoint.answer(call);
}

void Handle(const Parts& parts, const Endpoint& endpoint, const net::Request& request,
            net::Responder responder) {
  Call call{parts,         {},           {}, request.body.view(), request.cancel, parts.clock(),
            MonotonicNs(), std::nullopt, {}};
  auto answer = Answer(endpoint, request, &call);
  if (answer) {
    responder.Send(JsonResponse(200, std::move(*answer)));
    return;
  }
  if (!answer.error().detail.empty()) LogError("ui", answer.error());
  responder.Send(ErrorResponse(answer.error(), call.error_position, call.error_field));
}

}  // namespace

double Call::ElapsedMs() const { return static_cast<double>(MonotonicNs() - began_ns) / 1e6; }

void Register(net::Router& router, Parts parts) {
  const auto shared = std::make_shared<const Parts>(std::move(parts));  // shared: by the routes
  for (const Endpoint& endpoint : kEndpoints) {
    net::Route route;
    route.method = endpoint.method;
    route.path = endpoint.path;
    route.lane = net::Lane::kQuery;
    route.body_bytes_max = endpoint.method == "GET" ? 64u << 10 : kBodyBytesMax;
    route.handler = [shared, &endpoint](const net::Request& request, net::Responder responder) {
      Handle(*shared, endpoint, request, std::move(responder));
    };
    route.on_error = [](const net::Request&, const Error& error) {
      return ErrorResponse(error, std::nullopt, {});
    };
    router.Add(std::move(route));
  }
}

}  // namespace skep::ui
