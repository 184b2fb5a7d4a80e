// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/http/server.h"

#include <array>
#include <charconv>
#include <utility>
#include <vector>

#include "http/url.h"
#include "skep/sdk/xray/trace_header.h"
#include "stack/exception_chain.h"

namespace skep::sdk::http {
namespace {

constexpr std::string_view kTraceHeader = "x-amzn-trace-id";

std::string Header(const RequestView& view, std::string_view name) {
  return view.header ? view.header(name).value_or(std::string()) : std::string();
}

// What the attributes of a span's start point to.
struct Request {
  explicit Request(const RequestView& view, bool trust_forwarded);

  std::string host_header;
  std::string user_agent;
  std::string forwarded;
  std::string x_forwarded_for;
  Authority host;
  std::string_view client;  // forwarded, or the peer
  bool is_forwarded = false;
  std::string_view path;
  std::string query;
};

Request::Request(const RequestView& view, bool trust_forwarded)
    : host_header(Header(view, "host")), user_agent(Header(view, "user-agent")) {
  host = ParseAuthority(host_header);
  client = view.peer_address;
  if (trust_forwarded) {
    forwarded = Header(view, "forwarded");
    x_forwarded_for = Header(view, "x-forwarded-for");
    const std::string_view named = ForwardedFor(forwarded, x_forwarded_for);
    is_forwarded = !named.empty();
    if (is_forwarded) client = named;
  }
  const size_t question = view.target.find('?');
  path = view.target.substr(0, question);
  if (question != std::string_view::npos) query = RedactQuery(view.target.substr(question + 1));
}

// Of Request and RequestView, in the order of the conventions' table.
std::vector<Attribute> StartAttributes(const RequestView& view, const Request& request) {
  std::vector<Attribute> attributes;
  attributes.reserve(16);
  const auto add_text = [&](std::string_view key, std::string_view value) {
    if (!value.empty()) attributes.emplace_back(key, value);
  };
  const auto add_port = [&](std::string_view key, uint16_t port) {
    if (port != 0) attributes.emplace_back(key, port);
  };
  const bool known = IsKnownMethod(view.method);
  add_text("http.request.method", known ? view.method : "_OTHER");
  if (!known) add_text("http.request.method_original", view.method);
  add_text("url.path", request.path);
  add_text("url.query", request.query);
  add_text("url.scheme", view.scheme);
  add_text("http.route", view.route);
  add_text("server.address", request.host.host);
  if (!request.host.host.empty()) {
    add_port("server.port", request.host.port != 0 ? request.host.port : DefaultPort(view.scheme));
  }
  add_text("client.address", request.client);
  if (request.is_forwarded) {
    add_text("network.peer.address", view.peer_address);
    add_port("network.peer.port", view.peer_port);
  } else {
    add_port("client.port", view.peer_port);
  }
  add_text("network.protocol.version", view.protocol_version);
  add_text("user_agent.original", request.user_agent);
  return attributes;
}

std::string SpanName(std::string_view method, std::string_view route) {
  std::string name(IsKnownMethod(method) ? method : "HTTP");
  if (!route.empty()) name.append(" ").append(route);
  return name;
}

}  // namespace

ServerMiddleware::ServerMiddleware(Tracer tracer, const Propagator* propagator,
                                   xray::Recorder* recorder, ServerOptions options)
    : tracer_(std::move(tracer)), propagator_(propagator), recorder_(recorder), options_(options) {}

ServerRequest ServerMiddleware::Start(const RequestView& view) const {
  const Request request(view, options_.trust_forwarded);
  const std::vector<Attribute> attributes = StartAttributes(view, request);
  ServerRequest started;
  started.method_ = view.method;
  started.context_ = Context::Current();
  if (propagator_ != nullptr && view.header) {
    started.context_ = propagator_->Extract(started.context_, view.header);
  }
  StartOptions start;
  start.kind = SpanKind::kServer;
  start.parent = &started.context_;
  start.attributes = attributes;
  started.span_ = tracer_.StartSpan(SpanName(view.method, view.route), start);
  started.context_ = started.context_.WithSpan(started.span_);
  if (recorder_ != nullptr) {
    started.segment_ = StartSegment(view, started.span_, request.host_header);
    std::string url(view.scheme);
    url.append("://").append(request.host_header).append(request.path);
    started.segment_.SetHttpRequest({.method = view.method,
                                     .url = url,
                                     .user_agent = request.user_agent,
                                     .client_ip = request.client,
                                     .x_forwarded_for = request.is_forwarded});
    started.context_ = recorder_->With(started.context_, started.segment_);
  }
  started.open_ = true;
  return started;
}

xray::Segment ServerMiddleware::StartSegment(const RequestView& view, const Span& span,
                                             std::string_view host) const {
  const std::string header = Header(view, kTraceHeader);
  xray::SegmentOptions options;
  options.host = host;
  options.method = view.method;
  options.url_path = view.target.substr(0, view.target.find('?'));
  options.trace = xray::TraceOrigin::Header(header);
  if (options_.share_ids && span.GetContext().IsValid() && !xray::TraceHeader::Parse(header).root) {
    options.trace = xray::TraceOrigin::FromSpan(span);
  }
  return recorder_->BeginSegment({}, options);
}

ServerRequest::ServerRequest(ServerRequest&& other) noexcept
    : method_(std::move(other.method_)),
      context_(std::move(other.context_)),
      span_(std::move(other.span_)),
      segment_(std::move(other.segment_)),
      exception_type_(std::move(other.exception_type_)),
      open_(std::exchange(other.open_, false)) {}

ServerRequest::~ServerRequest() {
  if (open_) End(0);
}

void ServerRequest::SetRoute(std::string_view route) {
  if (route.empty()) return;
  span_.SetAttribute("http.route", route);
  span_.UpdateName(SpanName(method_, route));
}

void ServerRequest::RecordException(const std::exception_ptr& exception) {
  const std::vector<ExceptionDescription> chain = DescribeException(exception, 1);
  if (chain.empty()) return;
  exception_type_ = chain.front().type;
  span_.RecordException(exception);
  span_.SetStatus(StatusCode::kError, chain.front().type + ": " + chain.front().message);
  segment_.AddException(exception);
}

void ServerRequest::SetResponseHeaders(const HeaderSetter& set) const {
  const std::string text = segment_.ResponseHeaderText();
  if (!text.empty()) set(kTraceHeader, text);
}

void ServerRequest::End(int status, int64_t response_body_bytes) {
  if (!std::exchange(open_, false)) return;
  if (status > 0) {
    span_.SetAttribute("http.response.status_code", status);
    segment_.SetHttpResponse(status, response_body_bytes);
  }
  if (response_body_bytes >= 0) {
    span_.SetAttribute("http.response.body.size", response_body_bytes);
  }
  if (!exception_type_.empty()) {
    span_.SetAttribute("error.type", exception_type_);
  } else if (status >= 500) {
    std::array<char, 12> digits;
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), status);
    span_.SetAttribute("error.type", std::string_view(digits.data(), end));
    span_.SetStatus(StatusCode::kError);
  }
  segment_.End();
  span_.End();
}

}  // namespace skep::sdk::http
