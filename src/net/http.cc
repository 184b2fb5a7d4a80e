// SPDX-License-Identifier: Apache-2.0
#include "net/http.h"

#include "base/log.h"
#include "wire/url.h"

namespace skep::net {

std::string_view Request::Header(std::string_view lower_case_name) const {
  for (const auto& [name, value] : headers)
    if (name == lower_case_name) return value;
  return {};
}

bool Request::HasHeader(std::string_view lower_case_name) const {
  for (const auto& [name, value] : headers)
    if (name == lower_case_name) return true;
  return false;
}

std::string Request::QueryParameter(std::string_view name) const {
  return FindQueryParameter(query, name).value_or(std::string());
}

Response Response::Text(int status, std::string body, std::string content_type) {
  Response response;
  response.status = status;
  response.headers.emplace_back("content-type", std::move(content_type));
  response.body = std::move(body);
  return response;
}

Response Response::Json(int status, std::string body) {
  return Text(status, std::move(body), "application/json");
}

Response PreflightReply(const Request& request, std::string headers) {
  if (const std::string_view asked = request.Header("access-control-request-headers");
      !asked.empty())
    headers = asked;
  Response response;
  response.status = 204;
  response.headers = {{"access-control-allow-origin", "*"},
                      {"access-control-allow-methods", "POST"},
                      {"access-control-allow-headers", std::move(headers)},
                      {"access-control-max-age", "86400"},
                      {"vary", "access-control-request-headers"}};
  return response;
}

Responder& Responder::operator=(Responder&& other) noexcept {
  Responder unsent(std::move(*this));  // its end answers for it
  send_ = std::exchange(other.send_, nullptr);
  return *this;
}

Responder::~Responder() {
  if (send_ == nullptr) return;
  LogLine(LogLevel::kError, "net", "a handler ended without an answer");
  Send(Response::Text(500, "internal error\n"));
}

void Responder::Send(Response response) {
  const SendFunction send = std::exchange(send_, nullptr);
  if (send != nullptr) send(std::move(response));
}

}  // namespace skep::net
