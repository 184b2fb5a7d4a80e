// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/api.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/clock.h"
#include "doors/honeycomb/api_call.h"
#include "doors/honeycomb/api_key.h"
#include "doors/honeycomb/api_permission.h"
#include "doors/honeycomb/api_time.h"
#include "model/record.h"
#include "wire/url.h"

namespace skep::honeycomb {
namespace {

constexpr size_t kBodyMax = 2u << 20;  // a document and what may stand around it
// Calls of management are not counted against anybody: the limit that is told never falls.
constexpr char kRateLimit[] = "limit=100000, remaining=100000, reset=60";
constexpr char kRateLimitPolicy[] = "100000;w=60";
constexpr int64_t kRetryAfterS = 1;

bool IsVersion2(const net::Request& request) { return request.path.starts_with("/2/"); }

std::string BaseOf(const net::Request& request) {
  std::string_view host = request.Header("host");
  if (host.empty()) host = request.Header(":authority");
  return host.empty() ? "https://api.honeycomb.io" : "http://" + std::string(host);
}

std::string OccurrenceId(const net::Request& request) {
  return std::to_string(request.receive_time_ns);
}

net::Response Finish(net::Response response) {
  response.headers.emplace_back("RateLimit", kRateLimit);
  response.headers.emplace_back("RateLimit-Policy", kRateLimitPolicy);
  response.headers.emplace_back("RateLimitPolicy", kRateLimitPolicy);
  return response;
}

net::Response Render(const net::Request& request, const Problem& problem) {
  return Finish(IsVersion2(request) ? RenderJsonApiProblem(problem, OccurrenceId(request))
                                    : RenderProblem(problem, BaseOf(request)));
}

// The parts of a path between its slashes; one slash at the end does not count.
std::vector<std::string_view> PartsOf(std::string_view path) {
  std::vector<std::string_view> parts;
  if (path.ends_with('/')) path.remove_suffix(1);
  while (!path.empty()) {
    path.remove_prefix(1);
    const size_t end = std::min(path.find('/'), path.size());
    parts.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return parts;
}

// Whether the path is the route's; its arguments then.
bool Matches(std::string_view route, const std::vector<std::string_view>& parts,
             std::vector<std::string>* arguments) {
  const std::vector<std::string_view> wanted = PartsOf(route);
  if (wanted.size() != parts.size()) return false;
  arguments->clear();
  for (size_t i = 0; i < parts.size(); ++i) {
    if (wanted[i] != "{}") {
      if (wanted[i] != parts[i]) return false;
      continue;
    }
    auto decoded = PercentDecode(parts[i]);
    if (!decoded || decoded->empty()) return false;
    arguments->push_back(std::move(*decoded));
  }
  return true;
}

const std::array<ApiRoutes, 20>& AllRoutes() {
  static const std::array<ApiRoutes, 20> routes = {
      AuthRoutes(),          DatasetRoutes(),   DefinitionRoutes(),  ColumnRoutes(),
      DerivedColumnRoutes(), QueryRoutes(),     QueryResultRoutes(), AnnotationRoutes(),
      BoardRoutes(),         BoardViewRoutes(), MarkerRoutes(),      MarkerSettingRoutes(),
      RecipientRoutes(),     TriggerRoutes(),   SloRoutes(),         BurnAlertRoutes(),
      EnvironmentRoutes(),   KeyRoutes(),       TeamMarkerRoutes(),  MapRoutes()};
  return routes;
}

// Nothing, and whether the path exists with other methods.
const ApiRoute* FindRoute(const net::Request& request, std::vector<std::string>* arguments,
                          bool* other_methods) {
  const std::vector<std::string_view> parts = PartsOf(request.path);
  std::string_view method = request.method;
  if (method == "HEAD") method = "GET";
  for (const ApiRoutes routes : AllRoutes()) {
    for (const ApiRoute& route : routes) {
      if (!Matches(route.path, parts, arguments)) continue;
      if (route.method == method) return &route;
      *other_methods = true;
    }
  }
  return nullptr;
}

bool HasBody(std::string_view method) {
  return method == "POST" || method == "PUT" || method == "PATCH";
}

Status ReadBody(ApiCall* call) {
  auto document = JsonDocument::Parse(call->request.body.view(), 32);
  if (!document || !document->root().IsObject()) return call->Refuse(UnparseableProblem());
  call->document = std::move(*document);
  call->body = call->document.root();
  return {};
}

Status Handle(ApiCall* call) {
  SKEP_TRY(CheckKey(call));
  bool other_methods = false;
  const ApiRoute* route = FindRoute(call->request, &call->arguments, &other_methods);
  if (route == nullptr && other_methods) {
    Problem problem = NotFoundProblem("This path does not take the method.");
    problem.status = 405;
    problem.type = "method-not-allowed";
    return call->Refuse(std::move(problem));
  }
  if (route == nullptr) return call->Refuse(NotFoundProblem("There is no such path."));
  SKEP_TRY(CheckPermission(call));
  const bool may_be_empty = route->body == BodyUse::kMayBeEmpty && call->request.body.size() == 0;
  if (HasBody(route->method) && !may_be_empty) SKEP_TRY(ReadBody(call));
  return route->handler(call);
}

void Answer(const ApiParts& parts, const net::Request& request, net::Responder responder) {
  parts.counters->door(static_cast<size_t>(Door::kHoneycomb)).Add(Counter::kRequests);
  ApiCall call{.parts = parts, .request = request};
  call.now_ns = request.receive_time_ns;
  call.base = BaseOf(request);
  const Status done = Handle(&call);
  if (!done) {
    net::Response refusal = Render(request, call.problem ? *call.problem : ProblemOf(done.error()));
    for (auto& header : call.headers) refusal.headers.push_back(std::move(header));
    return responder.Send(std::move(refusal));
  }
  net::Response response;
  response.status = call.status;
  response.headers = std::move(call.headers);
  response.body = call.out.Take();
  if (!response.body.empty())
    response.headers.emplace_back(
        "content-type", IsVersion2(request) ? "application/vnd.api+json" : "application/json");
  responder.Send(Finish(std::move(response)));
}

}  // namespace

Error RefuseToWait(ApiCall* call, std::string error) {
  call->headers.emplace_back("Retry-After", HttpDate(call->now_ns + kRetryAfterS * kNsPerS));
  return call->Refuse(ThrottledProblem(std::move(error)));
}

void RegisterApi(net::Router& router, const ApiParts& parts) {
  for (const char* path : {"/1/*", "/2/*"}) {
    net::Route route;
    route.path = path;
    route.lane = net::Lane::kQuery;
    route.body_bytes_max = kBodyMax;
    route.handler = [parts](const net::Request& request, net::Responder responder) {
      Answer(parts, request, std::move(responder));
    };
    route.on_error = [parts](const net::Request& request, const Error& error) {
      parts.counters->door(static_cast<size_t>(Door::kHoneycomb)).Add(Counter::kRequests);
      if (error.code == Code::kInvalidArgument)
        return Render(request, UnparseableProblem(error.message));
      if (error.code == Code::kResourceExhausted)
        return Render(request, ThrottledProblem("The server is busy."));
      return Render(request, ProblemOf(error));
    };
    router.Add(std::move(route));
  }
}

}  // namespace skep::honeycomb
