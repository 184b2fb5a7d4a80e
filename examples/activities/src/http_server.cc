// SPDX-License-Identifier: Apache-2.0
#include "http_server.h"

#include <httplib.h>
#include <skep/sdk/rollbar/item.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <string_view>
#include <utility>

#include "cors.h"
#include "reason.h"

namespace activities {
namespace {

namespace sdk = skep::sdk;

constexpr size_t kThreads = 64;  // each connection has one; a request sleeps most of its time
constexpr size_t kBodyBytesMax = 64 << 10;
constexpr int kKeepAliveRequestsMax = 1000;
constexpr std::string_view kUserHandle = "x-user-handle";

// The status that cpp-httplib has for a request that it knows no handler of.
constexpr int kNotRouted = 404;

std::optional<std::string> HeaderOf(const httplib::Request& request, std::string_view name) {
  const auto [first, last] = request.headers.equal_range(std::string(name));
  if (first == last) return std::nullopt;
  std::string value = first->second;
  for (auto it = std::next(first); it != last; ++it) value.append(", ").append(it->second);
  return value;
}

std::string Html(std::string_view title, std::string_view text) {
  std::string html("<!doctype html>\n<html lang=en>\n<title>");
  html.append(title).append("</title>\n<h1>").append(title).append("</h1>\n<p>");
  return html.append(text).append("</p>\n");
}

Answer Problem(int status, std::string_view text) {
  const std::string title = std::to_string(status) + " " + std::string(Reason(status));
  return {.status = status,
          .content_type = "text/html; charset=utf-8",
          .body = Html(title, text),
          .headers = {}};
}

std::string_view Query(std::string_view target) {
  const size_t question = target.find('?');
  return question == std::string_view::npos ? std::string_view() : target.substr(question + 1);
}

sdk::rollbar::Request RollbarRequest(const httplib::Request& request) {
  sdk::rollbar::Request told;
  told.method = request.method;
  told.url = "http://" + request.get_header_value("Host") + request.target;
  told.user_ip = request.remote_addr;
  for (const auto& [name, value] : request.headers) {
    // cpp-httplib's own notes of the connection are no headers.
    if (name.starts_with("REMOTE_") || name.starts_with("LOCAL_")) continue;
    told.headers.emplace_back(name, value);
  }
  return told;
}

// Person and request for whatever is reported while the request is handled.
sdk::Context WithCaller(sdk::Context context, const httplib::Request& request) {
  context = sdk::rollbar::WithRequest(context, RollbarRequest(request));
  // [person]
  const std::optional<std::string> handle = HeaderOf(request, kUserHandle);
  if (!handle || handle->empty()) return context;
  return sdk::rollbar::WithPerson(
      context, {.id = *handle, .username = *handle, .email = *handle + "@example.com"});
  // [/person]
}

}  // namespace

struct HttpServer::Impl {
  Impl(const Router& the_router, const Telemetry& the_telemetry,
       const sdk::http::ServerMiddleware& the_middleware)
      : router(the_router), telemetry(the_telemetry), middleware(the_middleware) {}

  void Handle(const httplib::Request& request, httplib::Response& response);
  Answer AnswerTo(const httplib::Request& request, const Router::Match& match,
                  sdk::http::ServerRequest& traced);
  Answer Run(const httplib::Request& request, const Router::Match& match,
             sdk::http::ServerRequest& traced);

  const Router& router;
  const Telemetry& telemetry;
  const sdk::http::ServerMiddleware& middleware;
  socket_t listener = INVALID_SOCKET;  // the server's
  httplib::Server server;
};

// The whole life of one request, from the bytes read to the bytes to write.
void HttpServer::Impl::Handle(const httplib::Request& request, httplib::Response& response) {
  const auto header = [&](std::string_view name) { return HeaderOf(request, name); };
  const Router::Match match = router.Find(request.method, request.path);
  sdk::http::ServerRequest traced = middleware.Start(
      {.method = request.method,
       .target = request.target,
       .scheme = "http",
       .protocol_version = request.version == "HTTP/1.0" ? "1.0" : "1.1",
       .route = match.handler != nullptr || request.method == "OPTIONS" ? match.path_template
                                                                        : std::string_view(),
       .peer_address = request.remote_addr,
       .peer_port = static_cast<uint16_t>(std::max(request.remote_port, 0)),
       .header = header});
  const sdk::ContextScope scope(WithCaller(traced.GetContext(), request));
  Answer answer = response.status == kNotRouted
                      ? AnswerTo(request, match, traced)
                      : Problem(response.status, "The request cannot be read.");
  AddCorsHeaders(request.method, request.path, header, answer);
  traced.SetResponseHeaders([&](std::string_view name, std::string_view value) {
    answer.headers.emplace_back(name, value);
  });
  // W3C Trace Context, level 2: so that the page can name the trace of its own request.
  const sdk::SpanContext& ids = traced.GetSpan().GetContext();
  if (ids.IsValid()) {
    answer.headers.emplace_back(
        "traceresponse",
        "00-" + ids.trace_id.Hex() + "-" + ids.span_id.Hex() + (ids.sampled ? "-01" : "-00"));
  }
  response.status = answer.status;
  response.body = std::move(answer.body);
  const size_t body_bytes = response.body.size();
  response.set_header("Content-Type", answer.content_type);
  response.set_header("Content-Length", std::to_string(body_bytes));
  for (const auto& [name, value] : answer.headers) response.set_header(name, value);
  telemetry.log.Info(request.remote_addr + " " + request.method + " " + request.path + "?" +
                     std::string(Query(request.target)) + " " + std::to_string(answer.status) +
                     " " + ReasonInCapitals(answer.status));
  traced.End(answer.status, static_cast<int64_t>(body_bytes));
}

Answer HttpServer::Impl::AnswerTo(const httplib::Request& request, const Router::Match& match,
                                  sdk::http::ServerRequest& traced) {
  if (match.handler != nullptr) return Run(request, match, traced);
  if (match.path_template.empty()) {
    return Problem(404, "The requested URL was not found on the server.");
  }
  Answer answer = request.method == "OPTIONS"
                      ? Answer{.status = 200,
                               .content_type = "text/html; charset=utf-8",
                               .body = {},
                               .headers = {}}
                      : Problem(405, "The method is not allowed for the requested URL.");
  answer.headers.emplace_back("Allow", match.allow);
  return answer;
}

Answer HttpServer::Impl::Run(const httplib::Request& request, const Router::Match& match,
                             sdk::http::ServerRequest& traced) {
  Call call;
  call.method = request.method;
  call.path = request.path;
  call.parameter = match.parameter;
  call.target = request.target;
  call.body = request.body;
  call.peer_address = request.remote_addr;
  for (const auto& [name, value] : request.params) call.query.emplace(name, value);
  call.header = [&](std::string_view name) { return HeaderOf(request, name); };
  // [errors]
  try {
    return (*match.handler)(call);
  } catch (...) {
    const std::exception_ptr exception = std::current_exception();
    traced.RecordException(exception);
    telemetry.errors.Report(exception);
    return Problem(500, "The server encountered an internal error.");
  }
  // [/errors]
}

HttpServer::HttpServer(const Router& router, const Telemetry& telemetry,
                       const sdk::http::ServerMiddleware& middleware)
    : impl_(std::make_unique<Impl>(router, telemetry, middleware)) {
  httplib::Server& server = impl_->server;
  server.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  server.set_payload_max_length(kBodyBytesMax);
  server.set_keep_alive_max_count(kKeepAliveRequestsMax);
  server.set_keep_alive_timeout(1);
  server.set_tcp_nodelay(true);
  server.set_socket_options([this](socket_t socket) {
    httplib::default_socket_options(socket);
    impl_->listener = socket;
  });
  // Nothing is registered with it, so every request ends here; `Unhandled` leaves the answer as it
  // is.
  const httplib::Server::HandlerWithResponse handle = [this](const httplib::Request& request,
                                                             httplib::Response& response) {
    if (!request.method.empty()) impl_->Handle(request, response);
    return httplib::Server::HandlerResponse::Unhandled;
  };
  server.set_error_handler(handle);
}

HttpServer::~HttpServer() = default;

int HttpServer::Bind(const std::string& host, uint16_t port) {
  int bound = port;
  if (port == 0) {
    bound = impl_->server.bind_to_any_port(host);
  } else if (!impl_->server.bind_to_port(host, port)) {
    bound = 0;
  }
  if (bound <= 0) return 0;
  // cpp-httplib lets five connections wait to be accepted. In a burst the kernel drops the others:
  // they come a second later, or are reset.
  listen(impl_->listener, SOMAXCONN);
  return bound;
}

void HttpServer::Serve() { impl_->server.listen_after_bind(); }

void HttpServer::Stop() { impl_->server.stop(); }

}  // namespace activities
