// SPDX-License-Identifier: Apache-2.0
#include "doors/rollbar/door.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "doors/rollbar/decode.h"
#include "doors/rollbar/payload.h"
#include "doors/rollbar/reply.h"

namespace skep::rollbar {
namespace {

constexpr std::array<std::string_view, 4> kItemPaths = {"/api/1/item/", "/api/1/item",
                                                        "/api/1/items/", "/api/1/items"};

// What the handlers share; copied into each.
struct Parts {
  Sink* sink;
  DoorCounters* counters;
  DoorOptions options;
};

ReplyContext ContextOf(const Parts& parts, const net::Request& request) {
  return {request.HasHeader("origin"), request.receive_time_ns, parts.options.retry_after_s};
}

net::Response Refuse(const Parts& parts, const ReplyContext& context, const Error& error) {
  const bool throttled = error.code == Code::kResourceExhausted || error.code == Code::kUnavailable;
  parts.counters->Add(throttled ? Counter::kThrottled : Counter::kRefused);
  return ErrorReply(context, error);
}

// Any token will do until there are keys.
bool HasToken(const net::Request& request, const Payload& payload) {
  return !request.Header("x-rollbar-access-token").empty() || !payload.access_token.empty() ||
         !request.QueryParameter("access_token").empty();
}

// What the sink could not keep for reasons of its own may be sent again.
Error FromSink(Error error) {
  if (error.code == Code::kInvalidArgument || error.code == Code::kResourceExhausted) return error;
  return Error(Code::kUnavailable, "the server cannot store this now", std::move(error.message));
}

Result<Submission> MakeSubmission(const Parts& parts, net::Request request, std::string* uuid) {
  SKEP_ASSIGN(Payload payload, ParsePayload(std::move(request.body), parts.options.limits));
  if (!HasToken(request, payload)) {
    return Error(Code::kUnauthenticated,
                 "Invalid format. access_token is missing and it is required.");
  }
  Submission submission;
  submission.door = Door::kRollbar;
  submission.format = WireFormat::kRollbarItem;
  submission.context = std::move(request.peer_address);
  submission.receive_time_ns = request.receive_time_ns;
  const bool has_uuid = HasUuid(payload);
  SKEP_ASSIGN(submission.batch,
              Decode(std::move(payload),
                     {.receive_time_ns = request.receive_time_ns, .context = submission.context},
                     parts.options.limits));
  const RecordBatch& batch = submission.batch;
  *uuid = batch.Find(batch.records().front(), kUuid)->text();
  // Without a UUID of its own, an item sent twice and two items in one second look the same.
  if (has_uuid) submission.dedup = DedupKeyOf(submission.project, submission.format, *uuid);
  return submission;
}

void Handle(const Parts& parts, net::Request request, net::Responder responder) {
  const ReplyContext context = ContextOf(parts, request);
  parts.counters->Add(Counter::kRequests);
  parts.counters->Add(Counter::kBytes, static_cast<int64_t>(request.body.size()));
  std::string uuid;
  auto submission = MakeSubmission(parts, std::move(request), &uuid);
  if (!submission) {
    responder.Send(Refuse(parts, context, submission.error()));
    return;
  }
  parts.sink->Submit(
      std::move(*submission), [parts, context, uuid = std::move(uuid),
                               reply = net::Share(std::move(responder))](Status status) mutable {
        reply->Send(status ? ItemReply(context, uuid)
                           : Refuse(parts, context, FromSink(std::move(status.error()))));
      });
}

net::Response RenderTransportError(const Parts& parts, const net::Request& request,
                                   const Error& error) {
  const ReplyContext context = ContextOf(parts, request);
  parts.counters->Add(Counter::kRequests);
  if (error.code != Code::kOutOfRange) return Refuse(parts, context, error);
  parts.counters->Add(Counter::kRefused);
  return TooLargeReply(context);
}

net::Route MakeItemRoute(const Parts& parts, std::string_view path) {
  net::Route route;
  route.method = "POST";
  route.path = path;
  route.lane = net::Lane::kIngest;
  route.body_bytes_max = parts.options.limits.body_bytes_max;
  route.handler = [parts](net::Request request, net::Responder responder) {
    Handle(parts, std::move(request), std::move(responder));
  };
  route.on_error = [parts](const net::Request& request, const Error& error) {
    return RenderTransportError(parts, request, error);
  };
  return route;
}

net::Route MakeRoute(std::string method, std::string_view path,
                     std::function<net::Response(const net::Request&)> answer) {
  net::Route route;
  route.method = std::move(method);
  route.path = path;
  route.handler = [answer = std::move(answer)](const net::Request& request,
                                               net::Responder responder) {
    responder.Send(answer(request));
  };
  return route;
}

}  // namespace

void Register(net::Router& router, Sink& sink, Counters& counters, const DoorOptions& options) {
  Parts parts{&sink, &counters.door(static_cast<size_t>(Door::kRollbar)), options};
  size_t& body_bytes_max = parts.options.limits.body_bytes_max;
  body_bytes_max = std::min(body_bytes_max, kBodyBytesMax);
  for (const std::string_view path : kItemPaths) {
    router.Add(MakeItemRoute(parts, path));
    router.Add(MakeRoute("OPTIONS", path, [](const net::Request& request) {
      return net::PreflightReply(request, "content-type, x-rollbar-access-token");
    }));
  }
  // Everything else of Rollbar's API is not here: reading, deploys, source maps.
  const auto unknown = [parts](const net::Request& request) {
    return ErrorReply(ContextOf(parts, request), Error(Code::kNotFound, "Not found."));
  };
  router.Add(MakeRoute("", "/api/1/*", unknown));
  router.Add(MakeRoute("GET", "/api/1/status/ping",
                       [](const net::Request&) { return net::Response::Text(200, "pong"); }));
}

std::vector<std::pair<WireFormat, DecodeFunction>> Formats(const Limits& limits) {
  return {{WireFormat::kRollbarItem, [limits](Bytes body, const DecodeContext& context) {
             return Decode(std::move(body), context, limits);
           }}};
}

}  // namespace skep::rollbar
