// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/http/client.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "delivery/http_client.h"
#include "http/url.h"

namespace skep::sdk::http {
namespace {

bool SameName(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

void SetHeader(Headers& headers, std::string_view name, std::string_view value) {
  std::erase_if(headers, [&](const auto& header) { return SameName(header.first, name); });
  headers.emplace_back(name, value);
}

Span StartSpan(const Tracer& tracer, const ClientRequest& request, const std::string& url,
               const std::optional<UrlParts>& parts) {
  const bool known = IsKnownMethod(request.method);
  std::vector<Attribute> attributes;
  attributes.emplace_back("http.request.method",
                          known ? std::string_view(request.method) : std::string_view("_OTHER"));
  if (!known) attributes.emplace_back("http.request.method_original", request.method);
  attributes.emplace_back("url.full", url);
  if (parts) {
    const Authority server = ParseAuthority(parts->authority);
    attributes.emplace_back("server.address", server.host);
    attributes.emplace_back("server.port",
                            server.port != 0 ? server.port : DefaultPort(parts->scheme));
  }
  StartOptions options;
  options.kind = SpanKind::kClient;
  options.attributes = attributes;
  return tracer.StartSpan(known ? std::string_view(request.method) : "HTTP", options);
}

// Where a segment is current, and only there: a client without one has nothing to complain of.
xray::Subsegment StartSubsegment(xray::Recorder* recorder, const ClientRequest& request,
                                 const std::string& url, const std::optional<UrlParts>& parts) {
  if (recorder == nullptr) return {};
  const xray::Entity current = recorder->CurrentEntity();
  if (!current) return {};
  const std::string_view name = parts ? ParseAuthority(parts->authority).host : request.url;
  xray::Subsegment part = current.BeginSubsegment(name, {.name_space = xray::Namespace::kRemote});
  xray::RequestInfo info;
  info.method = request.method;
  info.url = std::string_view(url).substr(0, url.find('?'));
  part.SetHttpRequest(info);
  return part;
}

int64_t BodyBytes(const HttpResponse& response) {
  const std::string_view text = response.Header("content-length");
  int64_t bytes = -1;
  std::from_chars(text.data(), text.data() + text.size(), bytes);
  return bytes >= 0 ? bytes : static_cast<int64_t>(response.body.size());
}

void Finish(Span& span, xray::Subsegment& part, const HttpResponse& response) {
  if (response.status == 0) {
    span.SetAttribute("error.type", "no_response");
    span.SetStatus(StatusCode::kError, response.error);
    part.SetFault();
  } else {
    const int64_t bytes = BodyBytes(response);
    span.SetAttribute("http.response.status_code", response.status);
    span.SetAttribute("http.response.body.size", bytes);
    part.SetHttpResponse(response.status, bytes);
    if (response.status >= 400) {
      span.SetAttribute("error.type", std::to_string(response.status));
      span.SetStatus(StatusCode::kError);
    }
  }
  part.End();
  span.End();
}

}  // namespace

Client::Client(Tracer tracer, const Propagator* propagator, xray::Recorder* recorder)
    : Client(std::move(tracer), propagator, recorder, HttpClient::Create()) {}

Client::Client(Tracer tracer, const Propagator* propagator, xray::Recorder* recorder,
               std::unique_ptr<HttpClient> http)
    : tracer_(std::move(tracer)),
      propagator_(propagator),
      recorder_(recorder),
      http_(std::move(http)) {}

Client::~Client() = default;

ClientResponse Client::Do(const ClientRequest& request) {
  const std::string url = RedactUrl(request.url);
  const std::optional<UrlParts> parts = ParseUrl(request.url);
  Span span = StartSpan(tracer_, request, url, parts);
  xray::Subsegment part = StartSubsegment(recorder_, request, url, parts);

  HttpRequest sent;
  sent.method = request.method;
  sent.url = request.url;
  sent.headers = request.headers;
  sent.body = request.body;
  sent.timeout = request.timeout;
  const auto set = [&](std::string_view name, std::string_view value) {
    SetHeader(sent.headers, name, value);
  };
  if (propagator_ != nullptr) propagator_->Inject(Context::Current().WithSpan(span), set);
  if (part) set("x-amzn-trace-id", part.TraceHeaderText());

  HttpResponse response = http_->Do(sent);
  Finish(span, part, response);
  return {.status = response.status,
          .headers = std::move(response.headers),
          .body = std::move(response.body),
          .error = std::move(response.error)};
}

}  // namespace skep::sdk::http
