// SPDX-License-Identifier: Apache-2.0
#include "doors/rollbar/reply.h"

#include <string>
#include <utility>

#include "base/clock.h"
#include "wire/json.h"

namespace skep::rollbar {
namespace {

net::Response WithBrowserHeaders(const ReplyContext& context, net::Response response) {
  if (!context.browser) return response;
  response.headers.emplace_back("access-control-allow-origin", "*");
  response.headers.emplace_back("access-control-expose-headers",
                                "retry-after, x-rate-limit-remaining, x-rate-limit-reset, "
                                "x-rate-limit-remaining-seconds");
  return response;
}

net::Response Refusal(const ReplyContext& context, int status, std::string_view message) {
  JsonWriter writer;
  writer.BeginObject();
  writer.Field("err", 1);
  writer.Field("message", message);
  writer.EndObject();
  return WithBrowserHeaders(context, net::Response::Json(status, writer.Take()));
}

}  // namespace

net::Response ItemReply(const ReplyContext& context, std::string_view uuid) {
  JsonWriter writer;
  writer.BeginObject();
  writer.Field("err", 0);
  writer.Key("result");
  writer.BeginObject();
  writer.Key("id");
  writer.Null();
  writer.Field("uuid", uuid);
  writer.EndObject();
  writer.EndObject();
  return WithBrowserHeaders(context, net::Response::Json(200, writer.Take()));
}

net::Response ErrorReply(const ReplyContext& context, const Error& error) {
  net::Response response = Refusal(context, ReplyFor(error.code).http, error.message);
  const bool throttled = error.code == Code::kResourceExhausted;
  const std::string after_s = std::to_string(context.retry_after_s);
  if (throttled || error.code == Code::kUnavailable)
    response.headers.emplace_back("retry-after", after_s);
  if (throttled) {
    // rollbar.js keeps quiet for that many seconds when nothing remains.
    const int64_t reset_s = context.receive_time_ns / kNsPerS + context.retry_after_s;
    response.headers.emplace_back("x-rate-limit-remaining", "0");
    response.headers.emplace_back("x-rate-limit-remaining-seconds", after_s);
    response.headers.emplace_back("x-rate-limit-reset", std::to_string(reset_s));
  }
  return response;
}

net::Response TooLargeReply(const ReplyContext& context) {
  return Refusal(context, 413, "Request entity too large.");
}

}  // namespace skep::rollbar
