// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/reply.h"

#include <string>
#include <utility>

#include "doors/honeycomb/event_decoder.h"
#include "wire/json.h"

namespace skep::honeycomb {
namespace {

constexpr int kTaken = 202;
constexpr int kRefused = 400;

net::Response WithBrowserHeaders(const ReplyContext& context, net::Response response) {
  if (!context.browser) return response;
  response.headers.emplace_back("access-control-allow-origin", "*");
  response.headers.emplace_back("access-control-expose-headers", "retry-after");
  return response;
}

net::Response Refusal(const ReplyContext& context, int status, std::string_view message) {
  JsonWriter writer;
  writer.BeginObject();
  writer.Field("error", message);
  writer.EndObject();
  return WithBrowserHeaders(context, net::Response::Json(status, writer.Take()));
}

std::string StatusesJson(const std::vector<const char*>& problems) {
  JsonWriter writer;
  writer.BeginArray();
  for (const char* problem : problems) {
    writer.BeginObject();
    writer.Field("status", problem == nullptr ? kTaken : kRefused);
    if (problem != nullptr) writer.Field("error", problem);
    writer.EndObject();
  }
  writer.EndArray();
  return writer.Take();
}

void AppendBigEndian(uint64_t value, int bytes, std::string* out) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    out->push_back(static_cast<char>(value >> shift & 0xFF));
}

// Texts of up to 255 bytes, which all of ours are.
void AppendText(std::string_view text, std::string* out) {
  out->push_back('\xD9');
  AppendBigEndian(text.size(), 1, out);
  out->append(text);
}

std::string StatusesMsgpack(const std::vector<const char*>& problems) {
  std::string out = "\xDD";
  AppendBigEndian(problems.size(), 4, &out);
  for (const char* problem : problems) {
    out.push_back(problem == nullptr ? '\x81' : '\x82');
    AppendText("status", &out);
    out.push_back('\xCD');
    AppendBigEndian(problem == nullptr ? kTaken : kRefused, 2, &out);
    if (problem == nullptr) continue;
    AppendText("error", &out);
    AppendText(problem, &out);
  }
  return out;
}

}  // namespace

net::Response EventReply(const ReplyContext& context) {
  return WithBrowserHeaders(context, net::Response());
}

net::Response BatchReply(const ReplyContext& context, const std::vector<const char*>& problems) {
  net::Response response;
  response.headers.emplace_back("content-type",
                                context.msgpack ? "application/msgpack" : "application/json");
  response.body = context.msgpack ? StatusesMsgpack(problems) : StatusesJson(problems);
  return WithBrowserHeaders(context, std::move(response));
}

net::Response KinesisReply(int status, std::string_view request_id, int64_t time_ms,
                           std::string_view error) {
  JsonWriter writer;
  writer.BeginObject();
  writer.Field("requestId", request_id);
  writer.Field("timestamp", time_ms);
  if (!error.empty()) writer.Field("errorMessage", error);
  writer.EndObject();
  return net::Response::Json(status, writer.Take());
}

net::Response ErrorReply(const ReplyContext& context, const Error& error) {
  net::Response response = Refusal(context, ReplyFor(error.code).http, error.message);
  if (error.code == Code::kResourceExhausted || error.code == Code::kUnavailable)
    response.headers.emplace_back("retry-after", std::to_string(context.retry_after_s));
  return response;
}

}  // namespace skep::honeycomb
