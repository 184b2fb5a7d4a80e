// SPDX-License-Identifier: Apache-2.0
#include "net/router.h"

#include <algorithm>

#include "base/error.h"

namespace skep::net {
namespace {

constexpr std::string_view kTargetHeader = "x-amz-target";
constexpr size_t kRefusedBodyMax = 1u << 20;  // of requests that nobody wants

Handler Answer(Response response) {
  return [response = std::move(response)](const Request&, Responder responder) {
    responder.Send(response);
  };
}

std::string AllowedMethods(const std::vector<Route>& routes) {
  std::string allowed;
  for (const Route& route : routes) {
    if (allowed.find(route.method) != std::string::npos) continue;
    if (!allowed.empty()) allowed += ", ";
    allowed += route.method == "GET" ? "GET, HEAD" : route.method;
  }
  return allowed;
}

}  // namespace

Router::Router() {
  fallback_.body_bytes_max = kRefusedBodyMax;
  fallback_.handler = Answer(Response::Text(404, "not found\n"));
  unknown_grpc_method_.body_bytes_max = kRefusedBodyMax;
  Response unknown;
  unknown.grpc_status = ReplyFor(Code::kUnimplemented).grpc;
  unknown.grpc_message = "unknown method";
  // A message that is refused unread says nothing else.
  unknown_grpc_method_.on_error = [unknown](const Request&, const Error&) { return unknown; };
  unknown_grpc_method_.handler = Answer(std::move(unknown));
}

void Router::AddTo(Place* place, Route route) {
  place->routes.push_back(std::move(route));
  Response refusal = Response::Text(405, "method not allowed\n");
  refusal.headers.emplace_back("allow", AllowedMethods(place->routes));
  place->method_not_allowed.body_bytes_max = kRefusedBodyMax;
  place->method_not_allowed.handler = Answer(std::move(refusal));
}

void Router::Add(Route route) {
  if (!route.path.ends_with('*')) {
    Place* place = &exact_[route.path];
    AddTo(place, std::move(route));
    return;
  }
  const std::string prefix = route.path.substr(0, route.path.size() - 1);
  auto at = std::find_if(prefixes_.begin(), prefixes_.end(),
                         [&](const auto& p) { return p.first == prefix; });
  if (at == prefixes_.end()) {
    at = std::find_if(prefixes_.begin(), prefixes_.end(),
                      [&](const auto& p) { return p.first.size() < prefix.size(); });
    at = prefixes_.insert(at, {prefix, Place()});
  }
  AddTo(&at->second, std::move(route));
}

void Router::AddTarget(Route route) {
  if (route.path.ends_with('*')) route.path.pop_back();
  targets_.push_back(std::move(route));
}

void Router::SetFallback(Route route) { fallback_ = std::move(route); }

const Route* Router::Choose(const Place& place, std::string_view method) {
  const Route* get = nullptr;
  for (const Route& route : place.routes) {
    if (route.method.empty() || route.method == method) return &route;
    if (route.method == "GET") get = &route;
  }
  return method == "HEAD" ? get : nullptr;
}

const Route* Router::Match(const Request& request) const {
  if (!targets_.empty()) {
    const std::string_view target = request.Header(kTargetHeader);
    for (const Route& route : targets_) {
      const bool method = route.method.empty() || route.method == request.method;
      if (method && !target.empty() && target.starts_with(route.path)) return &route;
    }
  }
  const Place* other_methods = nullptr;
  if (const auto exact = exact_.find(request.path); exact != exact_.end()) {
    if (const Route* route = Choose(exact->second, request.method)) return route;
    other_methods = &exact->second;
  }
  for (const auto& [prefix, place] : prefixes_) {
    if (!request.path.starts_with(prefix)) continue;
    if (const Route* route = Choose(place, request.method)) return route;
    if (other_methods == nullptr) other_methods = &place;
  }
  if (request.grpc) return &unknown_grpc_method_;
  if (other_methods != nullptr) return &other_methods->method_not_allowed;
  return &fallback_;
}

}  // namespace skep::net
