// SPDX-License-Identifier: Apache-2.0
#include "doors/xray/door.h"

#include <array>
#include <functional>
#include <string>
#include <string_view>

#include "doors/xray/decode.h"
#include "doors/xray/reply.h"
#include "doors/xray/sampling.h"
#include "wire/json.h"

namespace skep::xray {
namespace {

// X-Ray's other operations, by their paths (service model 2016-04-12).
constexpr std::array<const char*, 34> kOtherPaths = {
    "/Traces",
    "/CancelTraceRetrieval",
    "/CreateGroup",
    "/CreateSamplingRule",
    "/DeleteGroup",
    "/DeleteResourcePolicy",
    "/DeleteSamplingRule",
    "/EncryptionConfig",
    "/GetGroup",
    "/Groups",
    "/GetIndexingRules",
    "/Insight",
    "/InsightEvents",
    "/InsightImpactGraph",
    "/InsightSummaries",
    "/GetRetrievedTracesGraph",
    "/SamplingStatisticSummaries",
    "/ServiceGraph",
    "/TimeSeriesServiceStatistics",
    "/TraceGraph",
    "/GetTraceSegmentDestination",
    "/TraceSummaries",
    "/ListResourcePolicies",
    "/ListRetrievedTraces",
    "/ListTagsForResource",
    "/PutEncryptionConfig",
    "/PutResourcePolicy",
    "/StartTraceRetrieval",
    "/TagResource",
    "/UntagResource",
    "/UpdateGroup",
    "/UpdateIndexingRule",
    "/UpdateSamplingRule",
    "/UpdateTraceSegmentDestination",
};

// What the handlers share; copied into each.
struct Parts {
  Sink* sink;
  DoorCounters* counters;
  DoorOptions options;
};

net::Response Refuse(const Parts& parts, std::string_view request_id, const Error& error) {
  const bool throttled = error.code == Code::kResourceExhausted || error.code == Code::kUnavailable;
  parts.counters->Add(throttled ? Counter::kThrottled : Counter::kRefused);
  return ErrorReply(request_id, error);
}

// What the sink could not keep for reasons of its own may be sent again; SDKs retry 429 and 5xx.
Error FromSink(Error error) {
  if (error.code == Code::kResourceExhausted) return error;
  return {Code::kUnavailable, "the server cannot store this now", std::move(error.message)};
}

void PutSegments(const Parts& parts, net::Request request, net::Responder responder) {
  std::string id = RequestId(request);
  Submission submission;
  submission.door = Door::kXRay;
  submission.format = WireFormat::kXRayPutSegments;
  submission.receive_time_ns = request.receive_time_ns;
  submission.dedup = DedupKeyOf(submission.project, submission.format, request.body.view());
  parts.counters->Add(Counter::kBytes, static_cast<int64_t>(request.body.size()));

  std::vector<Refusal> refusals;
  auto batch = DecodePutSegments(std::move(request.body), parts.options.limits, &refusals);
  if (!batch) return responder.Send(Refuse(parts, id, batch.error()));
  parts.counters->Add(Counter::kDropped, static_cast<int64_t>(batch->rejected()));
  net::Response success = JsonReply(id, UnprocessedSegments(refusals));
  if (batch->records().empty()) return responder.Send(std::move(success));
  submission.batch = std::move(*batch);
  parts.sink->Submit(
      std::move(submission), [parts, success = std::move(success), id = std::move(id),
                              reply = net::Share(std::move(responder))](Status status) mutable {
        reply->Send(status ? std::move(success) : Refuse(parts, id, FromSink(status.error())));
      });
}

// The daemon's and the SDKs' own counts; nothing here depends on them.
Result<std::string> TakeTelemetry(std::string_view body) {
  const auto document = JsonDocument::Parse(body);
  if (!document || !document->root().IsObject())
    return Error(Code::kFailedPrecondition, "the body is no JSON object");
  if (!document->root()["TelemetryRecords"].IsArray())
    return Error(Code::kInvalidArgument,
                 "1 validation error detected: Value null at 'telemetryRecords' failed to satisfy "
                 "constraint: Member must not be null");
  return std::string("{}");
}

using AnswerFunction = std::function<Result<std::string>(const net::Request&)>;

net::Route MakeRoute(const Parts& parts, std::string path, net::Handler handler) {
  net::Route route;
  route.method = "POST";
  route.path = std::move(path);
  route.lane = net::Lane::kIngest;
  route.body_bytes_max = parts.options.limits.body_bytes_max;
  route.handler = [parts, handler = std::move(handler)](net::Request request,
                                                        net::Responder responder) {
    parts.counters->Add(Counter::kRequests);
    handler(std::move(request), std::move(responder));
  };
  route.on_error = [parts](const net::Request& request, const Error& error) {
    parts.counters->Add(Counter::kRequests);
    return Refuse(parts, RequestId(request), error);
  };
  return route;
}

// A call that is answered from the request alone.
net::Route MakeAnswer(const Parts& parts, std::string path, AnswerFunction answer) {
  return MakeRoute(
      parts, std::move(path),
      [parts, answer = std::move(answer)](const net::Request& request, net::Responder responder) {
        auto body = answer(request);
        const std::string id = RequestId(request);
        responder.Send(body ? JsonReply(id, std::move(*body)) : Refuse(parts, id, body.error()));
      });
}

void TakeDatagrams(const Parts& parts, const std::vector<net::Datagram>& datagrams) {
  Submission submission;
  submission.door = Door::kXRay;
  submission.format = WireFormat::kXRayDatagrams;
  submission.receive_time_ns = parts.options.clock();
  Bytes body;
  int64_t bytes = 0;
  for (const net::Datagram& datagram : datagrams) {
    AppendDatagram(datagram.bytes, &body);
    bytes += static_cast<int64_t>(datagram.bytes.size());
  }
  parts.counters->Add(Counter::kRequests, static_cast<int64_t>(datagrams.size()));
  parts.counters->Add(Counter::kBytes, bytes);
  auto batch = DecodeDatagrams(std::move(body), parts.options.limits);
  if (!batch) {
    parts.counters->Add(Counter::kDropped, static_cast<int64_t>(datagrams.size()));
    return;
  }
  parts.counters->Add(Counter::kDropped, static_cast<int64_t>(batch->rejected()));
  const auto records = static_cast<int64_t>(batch->records().size());
  if (records == 0) return;
  submission.batch = std::move(*batch);
  parts.sink->Submit(std::move(submission), [counters = parts.counters, records](Status status) {
    if (!status) counters->Add(Counter::kDropped, records);
  });
}

}  // namespace

void Register(net::Router& router, Sink& sink, Counters& counters, const DoorOptions& options) {
  const Parts parts{&sink, &counters.door(static_cast<size_t>(Door::kXRay)), options};
  router.Add(
      MakeRoute(parts, "/TraceSegments", [parts](net::Request request, net::Responder responder) {
        PutSegments(parts, std::move(request), std::move(responder));
      }));
  router.Add(MakeAnswer(parts, "/TelemetryRecords", [](const net::Request& request) {
    return TakeTelemetry(request.body.view());
  }));
  for (const char* path : {"/GetSamplingRules", "/SamplingRules"})
    router.Add(MakeAnswer(parts, path, [](const net::Request& request) {
      return SamplingRules(request.body.view());
    }));
  router.Add(MakeAnswer(parts, "/SamplingTargets", [](const net::Request& request) {
    return SamplingTargets(request.body.view(), request.receive_time_ns);
  }));
  for (const char* path : kOtherPaths)
    router.Add(MakeAnswer(parts, path, [](const net::Request&) -> Result<std::string> {
      return Error(Code::kUnimplemented, "Skep does not have this operation of X-Ray");
    }));
}

net::DatagramHandler MakeDatagramHandler(Sink& sink, Counters& counters,
                                         const DoorOptions& options) {
  const Parts parts{&sink, &counters.door(static_cast<size_t>(Door::kXRay)), options};
  return [parts](const std::vector<net::Datagram>& datagrams) { TakeDatagrams(parts, datagrams); };
}

std::vector<std::pair<WireFormat, DecodeFunction>> Formats(const Limits& limits) {
  return {{WireFormat::kXRayDatagrams,
           [limits](Bytes body, const DecodeContext&) {
             return DecodeDatagrams(std::move(body), limits);
           }},
          {WireFormat::kXRayPutSegments, [limits](Bytes body, const DecodeContext&) {
             return DecodePutSegments(std::move(body), limits, nullptr);
           }}};
}

}  // namespace skep::xray
