// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/door.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/ascii.h"
#include "base/clock.h"
#include "doors/honeycomb/decode.h"
#include "doors/honeycomb/event_context.h"
#include "doors/honeycomb/event_decoder.h"
#include "doors/honeycomb/kinesis.h"
#include "doors/honeycomb/reply.h"
#include "wire/url.h"

namespace skep::honeycomb {
namespace {

enum class Call { kEvent, kBatch, kKinesis };

struct Endpoint {
  Call call;
  std::string_view prefix;  // the dataset stands behind it
};
constexpr std::array<Endpoint, 3> kEndpoints = {{{Call::kEvent, "/1/events/"},
                                                 {Call::kBatch, "/1/batch/"},
                                                 {Call::kKinesis, "/1/kinesis_events/"}}};

constexpr char kThrottled[] = "Request dropped due to rate limiting.";

// What the answer of one request needs, whatever becomes of it.
struct Answer {
  Call call = Call::kBatch;
  ReplyContext context;
  std::string request_id;  // Firehose's
  int64_t time_ms = 0;
  std::vector<const char*> problems;
};

DoorCounters& CountersOf(const Parts& parts) {
  return parts.counters->door(static_cast<size_t>(Door::kHoneycomb));
}

bool IsMsgpack(const net::Request& request) {
  std::string_view type = request.Header("content-type");
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  return EqualsIgnoringCase(type, "application/msgpack") ||
         EqualsIgnoringCase(type, "application/x-msgpack");
}

std::string_view KeyIn(const net::Request& request, Call call) {
  for (const char* header : {"x-honeycomb-team", "x-hny-team"})
    if (const std::string_view key = request.Header(header); !key.empty()) return key;
  return call == Call::kKinesis ? request.Header("x-amz-firehose-access-key") : std::string_view();
}

Answer MakeAnswer(const Parts& parts, const Endpoint& endpoint, const net::Request& request) {
  Answer answer;
  answer.call = endpoint.call;
  answer.context = {request.HasHeader("origin"), IsMsgpack(request), parts.options.retry_after_s};
  answer.request_id = request.Header("x-amz-firehose-request-id");
  answer.time_ms = request.receive_time_ns / kNsPerMs;
  return answer;
}

net::Response Success(const Answer& answer) {
  switch (answer.call) {
    case Call::kEvent:
      return EventReply(answer.context);
    case Call::kBatch:
      return BatchReply(answer.context, answer.problems);
    case Call::kKinesis:
      break;
  }
  return KinesisReply(200, answer.request_id, answer.time_ms, {});
}

net::Response Refuse(const Parts& parts, const Answer& answer, const Error& error) {
  const bool throttled = error.code == Code::kResourceExhausted || error.code == Code::kUnavailable;
  CountersOf(parts).Add(throttled ? Counter::kThrottled : Counter::kRefused);
  if (answer.call == Call::kKinesis) {
    return KinesisReply(ReplyFor(error.code).http, answer.request_id, answer.time_ms,
                        error.message);
  }
  return ErrorReply(answer.context, error);
}

// What the server could not keep for reasons of its own may be sent again.
Error ToTryAgain(Error error) {
  if (error.code == Code::kResourceExhausted) return {error.code, kThrottled};
  if (error.code == Code::kInvalidArgument || error.code == Code::kNotFound) return error;
  return {Code::kUnavailable, "The server cannot store this now.", std::move(error.message)};
}

// Any key will do, but for one that was made here and may not send.
Result<WriteAccess> CheckKey(const Parts& parts, const std::string& project, std::string_view key) {
  if (key.empty()) return Error(Code::kUnauthenticated, kUnknownKey);
  auto access = parts.keys->AccessOf(project, key);
  if (!access) return ToTryAgain(std::move(access.error()));
  SKEP_TRY(CheckSends(*access));
  return access;
}

WireFormat FormatOf(Call call, bool msgpack) {
  if (call == Call::kEvent)
    return msgpack ? WireFormat::kHoneycombEventMsgpack : WireFormat::kHoneycombEventJson;
  return msgpack && call == Call::kBatch ? WireFormat::kHoneycombBatchMsgpack
                                         : WireFormat::kHoneycombBatchJson;
}

// The dataset that the request names, made if it is new and the key may, and the headers of its
// event.
Result<EventContext> MakeContext(const Parts& parts, const Endpoint& endpoint,
                                 const net::Request& request, const std::string& project,
                                 bool may_create) {
  const auto name = PercentDecode(std::string_view(request.path).substr(endpoint.prefix.size()));
  if (!name || name->empty()) return Error(Code::kNotFound, "Dataset not found");
  auto dataset = parts.datasets->ForWriting(project, *name, may_create);
  if (!dataset) return ToTryAgain(std::move(dataset.error()));
  EventContext context{dataset->name, dataset->expand_json_depth, {}, {}};
  if (endpoint.call == Call::kEvent) {
    context.time = request.Header("x-honeycomb-event-time");
    context.sample_rate = request.Header("x-honeycomb-samplerate");
  }
  return context;
}

// A batch without a record where no event of it was taken.
Result<Submission> MakeSubmission(const Parts& parts, const Endpoint& endpoint,
                                  net::Request request, Answer* answer) {
  Submission submission;
  SKEP_ASSIGN(const WriteAccess access,
              CheckKey(parts, submission.project, KeyIn(request, endpoint.call)));
  Bytes bytes = std::move(request.body);
  if (endpoint.call == Call::kKinesis) {
    SKEP_ASSIGN(KinesisRequest kinesis, ReadKinesis(bytes.view(), parts.options.limits));
    bytes = std::move(kinesis.batch);
    if (answer->request_id.empty()) answer->request_id = kinesis.request_id;
  }
  submission.door = Door::kHoneycomb;
  submission.format = FormatOf(endpoint.call, answer->context.msgpack);
  submission.receive_time_ns = request.receive_time_ns;
  RequestBody body;
  SKEP_TRY(body.Parse(submission.format, std::move(bytes), parts.options.limits));
  SKEP_ASSIGN(const EventContext context,
              MakeContext(parts, endpoint, request, submission.project, access.create_datasets));
  submission.context = FormatContext(context);
  DecodedRequest decoded = body.Decode(context, request.receive_time_ns);
  answer->problems = std::move(decoded.problems);
  if (endpoint.call == Call::kEvent && answer->problems.front() != nullptr)
    return Error(Code::kInvalidArgument, answer->problems.front());
  if (decoded.unmistakable || !answer->request_id.empty()) {
    submission.dedup =
        DedupKeyOf(submission.project + '\n' + answer->request_id + '\n' + submission.context,
                   submission.format, decoded.batch.body());
  }
  submission.batch = std::move(decoded.batch);
  return submission;
}

void Handle(const Parts& parts, const Endpoint& endpoint, net::Request request,
            net::Responder responder) {
  DoorCounters& counters = CountersOf(parts);
  counters.Add(Counter::kRequests);
  counters.Add(Counter::kBytes, static_cast<int64_t>(request.body.size()));
  Answer answer = MakeAnswer(parts, endpoint, request);
  auto submission = MakeSubmission(parts, endpoint, std::move(request), &answer);
  if (!submission) return responder.Send(Refuse(parts, answer, submission.error()));
  counters.Add(Counter::kDropped, static_cast<int64_t>(submission->batch.rejected()));
  if (submission->batch.records().empty()) return responder.Send(Success(answer));
  parts.sink->Submit(
      std::move(*submission),
      [parts, answer = std::move(answer), reply = net::Share(std::move(responder))](Status status) {
        reply->Send(status ? Success(answer) : Refuse(parts, answer, ToTryAgain(status.error())));
      });
}

net::Response RenderTransportError(const Parts& parts, const Endpoint& endpoint,
                                   const net::Request& request, const Error& error) {
  CountersOf(parts).Add(Counter::kRequests);
  const Answer answer = MakeAnswer(parts, endpoint, request);
  if (error.code == Code::kResourceExhausted)
    return Refuse(parts, answer, {error.code, kThrottled});
  return Refuse(parts, answer,
                {error.code, error.code == Code::kOutOfRange ? kTooLarge : kMalformed});
}

net::Route MakeRoute(const Parts& parts, const Endpoint& endpoint) {
  net::Route route;
  route.method = "POST";
  route.path = std::string(endpoint.prefix) + '*';
  route.lane = net::Lane::kIngest;
  route.body_bytes_max = std::min(parts.options.limits.body_bytes_max, kBodyBytesMax);
  route.handler = [parts, endpoint](net::Request request, net::Responder responder) {
    Handle(parts, endpoint, std::move(request), std::move(responder));
  };
  route.on_error = [parts, endpoint](const net::Request& request, const Error& error) {
    return RenderTransportError(parts, endpoint, request, error);
  };
  return route;
}

net::Route MakePreflightRoute(const Endpoint& endpoint) {
  net::Route route;
  route.method = "OPTIONS";
  route.path = std::string(endpoint.prefix) + '*';
  route.handler = [](const net::Request& request, net::Responder responder) {
    responder.Send(net::PreflightReply(request, "content-type, x-honeycomb-team"));
  };
  return route;
}

}  // namespace

void Register(net::Router& router, const Parts& parts) {
  for (const Endpoint& endpoint : kEndpoints) {
    router.Add(MakeRoute(parts, endpoint));
    router.Add(MakePreflightRoute(endpoint));
  }
}

std::vector<std::pair<WireFormat, DecodeFunction>> Formats(const Limits& limits) {
  std::vector<std::pair<WireFormat, DecodeFunction>> formats;
  for (const WireFormat format :
       {WireFormat::kHoneycombEventJson, WireFormat::kHoneycombEventMsgpack,
        WireFormat::kHoneycombBatchJson, WireFormat::kHoneycombBatchMsgpack}) {
    formats.emplace_back(format, [format, limits](Bytes body, const DecodeContext& context) {
      return DecodeRequest(format, std::move(body), context, limits);
    });
  }
  return formats;
}

}  // namespace skep::honeycomb
