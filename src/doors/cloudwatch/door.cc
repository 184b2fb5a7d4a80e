// SPDX-License-Identifier: Apache-2.0
#include "doors/cloudwatch/door.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "doors/cloudwatch/call.h"
#include "doors/cloudwatch/decode.h"
#include "doors/cloudwatch/operations.h"
#include "doors/cloudwatch/put_log_events.h"
#include "doors/cloudwatch/reply.h"
#include "wire/aws_request_id.h"

namespace skep::cloudwatch {
namespace {

constexpr std::string_view kTarget = "Logs_20140328.";
constexpr size_t kBodyMax = 1u << 20;     // of every operation but PutLogEvents
constexpr size_t kPutBodyMax = 8u << 20;  // AWS takes 1 MiB of events

std::string RequestIdOf(const net::Request& request) {
  return AwsRequestId(request.receive_time_ns, request.body.size());
}

net::Response UnknownOperation(const Parts& parts, std::string_view request_id) {
  return Refuse(parts, request_id,
                {Code::kUnimplemented, "This server does not know the operation."});
}

void Answer(const Parts& parts, const net::Request& request, net::Responder responder) {
  CountersOf(parts).Add(Counter::kRequests);
  const std::string id = RequestIdOf(request);
  const std::string_view name = request.Header("x-amz-target").substr(kTarget.size());
  const Operation operation = FindOperation(name);
  if (operation == nullptr) return responder.Send(UnknownOperation(parts, id));
  const auto document = JsonDocument::Parse(request.body.empty() ? "{}" : request.body.view(),
                                            parts.options.limits.depth_max);
  if (!document || !document->root().IsObject())
    return responder.Send(Refuse(parts, id,
                                 {Code::kInvalidArgument, "The body is not a JSON object."},
                                 "SerializationException"));
  const std::string_view region = AwsRegionOf(request.Header("authorization"));
  Call call{.parts = parts,
            .input = Input(document->root()),
            .region = region.empty() ? std::string_view(parts.options.region) : region,
            .now_ms = request.receive_time_ns / kNsPerMs,
            .cancel = request.cancel};
  const Status done = operation(&call);
  responder.Send(done ? SuccessReply(id, call.output.Take())
                      : Refuse(parts, id, done.error(), call.type));
}

net::Route MakeRoute(const Parts& parts, std::string target, net::Lane lane, size_t body_max,
                     net::Handler handler) {
  net::Route route;
  route.method = "POST";
  route.path = std::move(target);
  route.lane = lane;
  route.body_bytes_max = std::min(body_max, parts.options.limits.body_bytes_max);
  route.handler = std::move(handler);
  route.on_error = [parts](const net::Request& request, const Error& error) {
    CountersOf(parts).Add(Counter::kRequests);
    return Refuse(parts, RequestIdOf(request), error);
  };
  return route;
}

}  // namespace

void Register(net::Router& router, const Parts& parts) {
  const std::string put = std::string(kTarget) + "PutLogEvents";
  router.AddTarget(MakeRoute(parts, put, net::Lane::kIngest, kPutBodyMax,
                             [parts, put](net::Request request, net::Responder responder) {
                               // Targets are matched by their beginning.
                               if (request.Header("x-amz-target") != put)
                                 return Answer(parts, request, std::move(responder));
                               PutLogEvents(parts, std::move(request), std::move(responder));
                             }));
  router.AddTarget(MakeRoute(parts, std::string(kTarget), net::Lane::kQuery, kBodyMax,
                             [parts](const net::Request& request, net::Responder responder) {
                               Answer(parts, request, std::move(responder));
                             }));
}

std::vector<std::pair<WireFormat, DecodeFunction>> Formats(const Limits& limits) {
  return {{WireFormat::kCloudWatchPutLogEvents, [limits](Bytes body, const DecodeContext& context) {
             return DecodePutLogEvents(std::move(body), context, limits);
           }}};
}

}  // namespace skep::cloudwatch
