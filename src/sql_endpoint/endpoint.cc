// SPDX-License-Identifier: Apache-2.0
#include "sql_endpoint/endpoint.h"

#include <string>
#include <utility>

#include "sql_endpoint/reply.h"
#include "sql_endpoint/request.h"
#include "store/engine_error.h"

namespace skep::sql_endpoint {
namespace {

bool IsLoopback(std::string_view address) {
  return address.starts_with("127.") || address == "::1" || address.starts_with("::ffff:127.");
}

net::Response Answer(Store& store, const EndpointOptions& options, const net::Request& request) {
  if (!IsLoopback(request.peer_address))
    return ErrorReply(
        QueryError("Code: 497. DB::Exception: Only from this machine. "
                   "(ACCESS_DENIED)"));
  if (request.method == "GET" && request.query.empty()) return OkReply();
  const auto query = ParseQueryRequest(request, options.read_only);
  if (!query) return ErrorReply(query.error());
  if (options.refresh) {
    const Status refreshed = options.refresh();
    if (!refreshed) return ErrorReply(refreshed.error());
  }
  auto answer = store.QueryFormatted(*query, request.cancel);
  if (!answer) return ErrorReply(answer.error());
  return AnswerReply(std::move(*answer), FormatOf(query->sql, query->default_format));
}

net::Response RefusedReply(const net::Request&, const Error& error) {
  const int status = error.code == Code::kOutOfRange ? 413 : ReplyFor(error.code).http;
  return net::Response::Text(status, error.message + "\n");
}

net::Route MakeRoute(std::string method, std::string path, size_t body_bytes_max) {
  net::Route route;
  route.method = std::move(method);
  route.path = std::move(path);
  route.lane = net::Lane::kQuery;
  route.body_bytes_max = body_bytes_max;
  route.on_error = RefusedReply;
  return route;
}

}  // namespace

void Register(net::Router& router, Store& store, const EndpointOptions& options) {
  const size_t body_max = options.read_only ? options.query_bytes_max : options.insert_bytes_max;
  for (const char* method : {"GET", "POST"}) {
    net::Route route = MakeRoute(method, "/", body_max);
    route.handler = [&store, options](const net::Request& request, net::Responder responder) {
      responder.Send(Answer(store, options, request));
    };
    router.Add(std::move(route));
  }
  net::Route ping = MakeRoute("GET", "/ping", 0);
  ping.handler = [](const net::Request&, net::Responder responder) { responder.Send(OkReply()); };
  router.Add(std::move(ping));
}

}  // namespace skep::sql_endpoint
