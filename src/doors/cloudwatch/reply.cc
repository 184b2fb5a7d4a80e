// SPDX-License-Identifier: Apache-2.0
#include "doors/cloudwatch/reply.h"

#include <utility>

#include "wire/json.h"

namespace skep::cloudwatch {
namespace {

net::Response Reply(std::string_view request_id, int status, std::string body) {
  net::Response response = net::Response::Text(status, std::move(body), std::string(kContentType));
  response.headers.emplace_back("x-amzn-RequestId", request_id);
  return response;
}

}  // namespace

net::Response SuccessReply(std::string_view request_id, std::string body) {
  return Reply(request_id, 200, std::move(body));
}

net::Response ErrorReply(std::string_view request_id, const Error& error, std::string_view type) {
  const std::string_view name = type.empty() ? ReplyFor(error.code).aws : type;
  JsonWriter writer;
  writer.BeginObject();
  writer.Field("__type", name);
  writer.Field("message", error.message);
  writer.EndObject();
  // SDKs send again what got this one; every other error of this API is a 400.
  const int status = name == "ServiceUnavailableException" ? 503 : 400;
  net::Response response = Reply(request_id, status, writer.Take());
  response.headers.emplace_back("x-amzn-ErrorType", name);
  return response;
}

}  // namespace skep::cloudwatch
