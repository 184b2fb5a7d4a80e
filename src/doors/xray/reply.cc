// SPDX-License-Identifier: Apache-2.0
#include "doors/xray/reply.h"

#include <array>
#include <utility>

#include "wire/aws_request_id.h"
#include "wire/json.h"

namespace skep::xray {
namespace {

net::Response Reply(std::string_view request_id, int status, std::string body) {
  net::Response response = net::Response::Json(status, std::move(body));
  response.headers.emplace_back("x-amzn-RequestId", request_id);
  return response;
}

net::Response Refuse(std::string_view request_id, int status, std::string_view type,
                     std::string_view message) {
  JsonWriter writer;
  writer.BeginObject();
  writer.Field("Message", message);
  writer.EndObject();
  net::Response response = Reply(request_id, status, writer.Take());
  response.headers.emplace_back("x-amzn-ErrorType", type);
  return response;
}

// "Invalid segment. ErrorCode: InvalidTraceId"; for subsegments X-Ray adds a cause.
std::string MessageOf(const Refusal& refusal) {
  constexpr std::array<std::string_view, 3> kNames = {"entity", "segment", "subsegment"};
  std::string message = "Invalid ";
  message += kNames[static_cast<size_t>(refusal.entity)];
  message += ". ErrorCode: ";
  message += refusal.code;
  if (refusal.entity == Entity::kSubsegment) message += ", Cause: null";
  return message;
}

}  // namespace

std::string RequestId(const net::Request& request) {
  return AwsRequestId(request.receive_time_ns, request.path.size() + request.body.size());
}

net::Response JsonReply(std::string_view request_id, std::string body) {
  return Reply(request_id, 200, std::move(body));
}

std::string UnprocessedSegments(const std::vector<Refusal>& refusals) {
  JsonWriter writer;
  writer.BeginObject();
  writer.Key("UnprocessedTraceSegments");
  writer.BeginArray();
  for (const Refusal& refusal : refusals) {
    writer.BeginObject();
    if (!refusal.id.empty()) writer.Field("Id", refusal.id);
    writer.Field("ErrorCode", refusal.code);
    writer.Field("Message", std::string_view(MessageOf(refusal)));
    writer.EndObject();
  }
  writer.EndArray();
  writer.EndObject();
  return writer.Take();
}

net::Response ErrorReply(std::string_view request_id, const Error& error) {
  if (error.code == Code::kFailedPrecondition)
    return Refuse(request_id, 400, "SerializationException", error.message);
  if (error.code == Code::kOutOfRange)
    return Refuse(request_id, 413, "RequestEntityTooLargeException",
                  "the body is larger than this server takes");
  const CodeReply& reply = ReplyFor(error.code);
  return Refuse(request_id, reply.xray_http, reply.xray, error.message);
}

}  // namespace skep::xray
