// SPDX-License-Identifier: Apache-2.0
#include "doors/xray/door.h"

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/guarded.h"
#include "doors/xray/decode.h"
#include "doors/xray/otlp_inside.h"
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

// One answer for all that a request gives to the sink: sent when the last of it is on disk, an
// error if any of it is not. Thread-safe.
class JointReply {
 public:
  JointReply(const Parts& parts, std::string request_id, net::Response success,
             net::Responder responder, size_t submissions)
      : parts_(parts),
        request_id_(std::move(request_id)),
        success_(std::move(success)),
        responder_(std::move(responder)),
        state_(std::in_place, State{submissions, {}}) {}

  void Acknowledge(const Status& status) {
    const auto [done, error] = state_.With([&](State& state) {
      if (!status) state.error = status.error();
      return std::pair(--state.left == 0, state.error);
    });
    if (!done) return;
    responder_.Send(error ? Refuse(parts_, request_id_, FromSink(*error)) : std::move(success_));
  }

 private:
  struct State {
    size_t left;
    std::optional<Error> error;
  };
  const Parts parts_;
  const std::string request_id_;
  net::Response success_;
  net::Responder responder_;
  Guarded<State> state_;
};

// Takes out of the refused documents those that hold OTLP; they become submissions of their own.
std::vector<Submission> TakeOtlp(const Parts& parts, int64_t receive_time_ns,
                                 std::vector<Refusal>* refusals) {
  std::vector<Submission> submissions;
  if (!parts.options.otlp_traces) return submissions;
  std::erase_if(*refusals, [&](const Refusal& refusal) {
    if (!IsOtlpTraces(refusal.document)) return false;
    auto otlp = OtlpSubmission(refusal.document, parts.options.otlp_traces, receive_time_ns);
    if (otlp) submissions.push_back(std::move(*otlp));
    return otlp.has_value();
  });
  return submissions;
}

void PutSegments(const Parts& parts, net::Request request, net::Responder responder) {
  std::string id = RequestId(request);
  Submission segments;
  segments.door = Door::kXRay;
  segments.format = WireFormat::kXRayPutSegments;
  segments.receive_time_ns = request.receive_time_ns;
  segments.dedup = DedupKeyOf(segments.project, segments.format, request.body.view());
  parts.counters->Add(Counter::kBytes, static_cast<int64_t>(request.body.size()));

  std::vector<Refusal> refusals;
  auto batch = DecodePutSegments(std::move(request.body), parts.options.limits, &refusals);
  if (!batch) return responder.Send(Refuse(parts, id, batch.error()));
  std::vector<Submission> submissions = TakeOtlp(parts, request.receive_time_ns, &refusals);
  parts.counters->Add(Counter::kDropped, static_cast<int64_t>(refusals.size()));
  net::Response success = JsonReply(id, UnprocessedSegments(refusals));
  if (!batch->records().empty()) {
    segments.batch = std::move(*batch);
    submissions.push_back(std::move(segments));
  }
  if (submissions.empty()) return responder.Send(std::move(success));
  // shared: by the callbacks of all submissions
  const auto reply = std::make_shared<JointReply>(parts, std::move(id), std::move(success),
                                                  std::move(responder), submissions.size());
  for (Submission& submission : submissions)
    parts.sink->Submit(std::move(submission),
                       [reply](const Status& status) { reply->Acknowledge(status); });
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

// Nobody is told when the sink does not take it, so it is counted.
void SubmitDatagrams(const Parts& parts, Submission submission) {
  const auto records = static_cast<int64_t>(submission.batch.records().size());
  if (records == 0) return;
  parts.sink->Submit(std::move(submission),
                     [counters = parts.counters, records](const Status& status) {
                       if (!status) counters->Add(Counter::kDropped, records);
                     });
}

void TakeDatagrams(const Parts& parts, const std::vector<net::Datagram>& datagrams) {
  Submission segments;
  segments.door = Door::kXRay;
  segments.format = WireFormat::kXRayDatagrams;
  segments.receive_time_ns = parts.options.clock();
  Bytes body;
  int64_t bytes = 0;
  int64_t dropped = 0;
  for (const net::Datagram& datagram : datagrams) {
    bytes += static_cast<int64_t>(datagram.bytes.size());
    const std::string_view document = DocumentOf(datagram.bytes);
    if (!parts.options.otlp_traces || !IsOtlpTraces(document)) {
      AppendDatagram(datagram.bytes, &body);
      continue;
    }
    auto otlp = OtlpSubmission(document, parts.options.otlp_traces, segments.receive_time_ns);
    if (!otlp) {
      ++dropped;
      continue;
    }
    dropped += static_cast<int64_t>(otlp->batch.rejected());
    SubmitDatagrams(parts, std::move(*otlp));
  }
  auto batch = DecodeDatagrams(std::move(body), parts.options.limits);
  SKEP_CHECK(batch.has_value());  // only a journal can hold lengths that do not fit
  dropped += static_cast<int64_t>(batch->rejected());
  parts.counters->Add(Counter::kRequests, static_cast<int64_t>(datagrams.size()));
  parts.counters->Add(Counter::kBytes, bytes);
  parts.counters->Add(Counter::kDropped, dropped);
  segments.batch = std::move(*batch);
  SubmitDatagrams(parts, std::move(segments));
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
