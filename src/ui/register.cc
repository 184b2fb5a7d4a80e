// SPDX-License-Identifier: Apache-2.0
#include "ui/register.h"

#include <array>
#include <memory>
#include <string_view>

#include "base/log.h"
#include "ui/api.h"
#include "wire/json.h"

namespace skep::ui {
namespace {

struct Endpoint {
  std::string_view path;  // with `*` at the end: the rest is part of the question
  AnswerFunction answer;
};
constexpr std::array<Endpoint, 9> kEndpoints = {{
    {"/api/ui/status", AnswerStatus},
    {"/api/ui/requests", AnswerRequests},
    {"/api/ui/requests/histogram", AnswerHistogram},
    {"/api/ui/fields", AnswerFields},
    {"/api/ui/traces/*", AnswerTrace},
    {"/api/ui/goto", AnswerGoTo},
    {"/api/ui/logs", AnswerLogs},
    {"/api/ui/items", AnswerItems},
    {"/api/ui/items/*", AnswerItem},
}};

net::Response JsonResponse(int status, std::string body) {
  net::Response response = net::Response::Json(status, std::move(body));
  response.headers.emplace_back("cache-control", "no-store");
  return response;
}

net::Response ErrorResponse(const Error& error, std::optional<size_t> position) {
  const CodeReply& reply = ReplyFor(error.code);
  JsonWriter json;
  json.BeginObject();
  json.Key("error");
  json.BeginObject();
  json.Field("code", reply.name);
  json.Field("message", std::string_view(error.message));
  if (position) json.Field("position", uint64_t{*position});
  json.EndObject();
  json.EndObject();
  return JsonResponse(reply.http, json.Take());
}

Result<std::string> Answer(const Parts& parts, const Endpoint& endpoint,
                           const net::Request& request, std::optional<size_t>* position) {
  Call call{parts, {}, {}, request.cancel, parts.clock(), MonotonicNs(), std::nullopt};
  SKEP_ASSIGN(call.parameters, ParseQuery(request.query));
  if (endpoint.path.ends_with('*')) {
    auto rest = PercentDecode(std::string_view(request.path).substr(endpoint.path.size() - 1));
    if (!rest) return Error(Code::kInvalidArgument, "The path has a broken escape.");
    call.rest = std::move(*rest);
  }
  auto answer = endpoint.answer(call);
  *position = call.error_position;
  return answer;
}

void Handle(const Parts& parts, const Endpoint& endpoint, const net::Request& request,
            net::Responder responder) {
  std::optional<size_t> position;
  auto answer = Answer(parts, endpoint, request, &position);
  if (answer) {
    responder.Send(JsonResponse(200, std::move(*answer)));
    return;
  }
  if (!answer.error().detail.empty())
    LogLine(LogLevel::kError, "ui", answer.error().message + ": " + answer.error().detail);
  responder.Send(ErrorResponse(answer.error(), position));
}

}  // namespace

double Call::ElapsedMs() const { return static_cast<double>(MonotonicNs() - began_ns) / 1e6; }

void Register(net::Router& router, Parts parts) {
  const auto shared = std::make_shared<const Parts>(std::move(parts));  // shared: by the routes
  for (const Endpoint& endpoint : kEndpoints) {
    net::Route route;
    route.method = "GET";
    route.path = endpoint.path;
    route.lane = net::Lane::kQuery;
    route.body_bytes_max = 64u << 10;
    route.handler = [shared, &endpoint](const net::Request& request, net::Responder responder) {
      Handle(*shared, endpoint, request, std::move(responder));
    };
    route.on_error = [](const net::Request&, const Error& error) {
      return ErrorResponse(error, std::nullopt);
    };
    router.Add(std::move(route));
  }
}

}  // namespace skep::ui
