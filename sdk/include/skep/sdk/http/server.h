// SPDX-License-Identifier: Apache-2.0
// ServerMiddleware: what a server does around each request, whatever framework it uses: the
// caller's context is extracted, a server span and an X-Ray segment begin, both are current while
// the request is handled, and what was answered is recorded.
//
//   http::ServerMiddleware middleware(tracer, &sdk->GetPropagator(), sdk->Xray());
//   http::ActiveServerRequest request(middleware.Start({.method = "GET", .target = "/a?b=1",
//   ...})); request->SetRoute("/a"); try { ... } catch (...) {
//   request->RecordException(std::current_exception()); status = 500; }
//   request->SetResponseHeaders([&](auto name, auto value) { response.AddHeader(name, value); });
//   request->End(status, body.size());
//
// Names are the stable ones of OpenTelemetry (opentelemetry.io/docs/specs/semconv/http/http-spans,
// 1.28) and of X-Ray's segment documents. ServerMiddleware is thread-safe; a ServerRequest is used
// by one thread at a time, and ActiveServerRequest belongs to the thread that made it. A server
// that hands a request on to other threads keeps a ServerRequest and a ContextScope where it works.
// Nothing here throws or blocks.
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include "skep/sdk/context.h"
#include "skep/sdk/propagation.h"
#include "skep/sdk/span.h"
#include "skep/sdk/tracer.h"
#include "skep/sdk/xray/entity.h"
#include "skep/sdk/xray/recorder.h"

namespace skep::sdk::http {

// What came, as views that live during Start.
struct RequestView {
  std::string_view method = {};  // as it came
  std::string_view target = {};  // path and query, percent-encoded as they came
  std::string_view scheme = "http";
  std::string_view protocol_version = "1.1";
  std::string_view route = {};  // the template that fits, if that is known already; else SetRoute
  std::string_view peer_address = {};  // of the socket
  uint16_t peer_port = 0;              // 0: not known
  HeaderGetter header = {};            // asked for names in lower case
};

struct ServerOptions {
  // The segment is in the span's trace and its child, unless the caller sent X-Amzn-Trace-Id.
  // false: spans and segments know nothing of each other, as with two libraries side by side.
  bool share_ids = true;
  // Forwarded and X-Forwarded-For name the client; the socket's other end is network.peer.address.
  bool trust_forwarded = true;
};

class ServerRequest {
 public:
  ServerRequest(ServerRequest&& other) noexcept;
  ServerRequest& operator=(ServerRequest&&) = delete;
  ~ServerRequest();  // End without a status if nobody did: the request was given up

  Span& GetSpan() { return span_; }
  // Records nothing where there is no recorder.
  xray::Segment& GetSegment() { return segment_; }
  // In which span and segment are current.
  const Context& GetContext() const { return context_; }

  // Low-cardinality: "/users/<id>". Names the span: "GET /users/<id>".
  void SetRoute(std::string_view route);
  // On the span (with its error status) and as the segment's cause.
  void RecordException(const std::exception_ptr& exception);
  // What the vendors want answered: X-Amzn-Trace-Id. Before the headers go out.
  void SetResponseHeaders(const HeaderSetter& set) const;
  // The first call counts. Negative bytes are not recorded.
  void End(int status, int64_t response_body_bytes = -1);

 private:
  friend class ServerMiddleware;
  ServerRequest() = default;

  std::string method_;  // for the span's name
  Context context_;
  Span span_;
  xray::Segment segment_;
  std::string exception_type_;
  bool open_ = false;
};

// A request that is current on this thread until the end of the scope.
class ActiveServerRequest {
 public:
  explicit ActiveServerRequest(ServerRequest request)
      : request_(std::move(request)), scope_(request_.GetContext()) {}
  ServerRequest* operator->() { return &request_; }
  ServerRequest& operator*() { return request_; }

 private:
  ServerRequest request_;
  ContextScope scope_;
};

class ServerMiddleware {
 public:
  // `propagator` and `recorder` may be null, and must outlive this, as the tracer's provider must.
  ServerMiddleware(Tracer tracer, const Propagator* propagator, xray::Recorder* recorder,
                   ServerOptions options = {});

  ServerRequest Start(const RequestView& view) const;

 private:
  xray::Segment StartSegment(const RequestView& view, const Span& span,
                             std::string_view host) const;

  Tracer tracer_;
  const Propagator* propagator_;
  xray::Recorder* recorder_;
  ServerOptions options_;
};

}  // namespace skep::sdk::http
