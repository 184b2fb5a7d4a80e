// SPDX-License-Identifier: Apache-2.0
#include "doors/cloudwatch/put_log_events.h"

#include <fmt/format.h>

#include <utility>

#include "doors/cloudwatch/call.h"
#include "doors/cloudwatch/decode.h"
#include "doors/cloudwatch/reply.h"
#include "wire/aws_request_id.h"
#include "wire/json.h"

namespace skep::cloudwatch {
namespace {

constexpr int64_t kDayMs = 86'400'000;
constexpr int64_t kTooNewMs = 2 * 3'600'000;
constexpr std::string_view kTokenHead = "4965";  // of AWS's tokens; then a time and a salt
constexpr size_t kTokenDigits = 56;

EventWindow WindowOf(const DoorOptions& options, int64_t now_ms, int64_t retention_days) {
  EventWindow window;
  if (options.too_old_days != 0) window.too_old_before = now_ms - options.too_old_days * kDayMs;
  if (retention_days != 0) window.expired_before = now_ms - retention_days * kDayMs;
  window.too_new_after = now_ms + kTooNewMs;
  return window;
}

// A batch that is sent again must be stored once, and two that are alike twice. The bytes do not
// tell: SDKs give all tries of one call the same invocation id, and a client that sends the token
// of its last answer never sends it with two batches. Without either, what comes is taken.
DedupKey DedupKeyOf(const net::Request& request, const Submission& submission,
                    std::string_view sequence_token, std::string_view body) {
  if (IsSequenceToken(sequence_token))
    return skep::DedupKeyOf(submission.project, submission.format, body);
  const std::string_view invocation = request.Header("amz-sdk-invocation-id");
  if (invocation.empty()) return {};
  return skep::DedupKeyOf(submission.project + '\n' + std::string(invocation), submission.format,
                          body);
}

std::string SuccessBody(const RejectedEvents& rejected, std::string_view token) {
  JsonWriter out;
  const auto index = [&](std::string_view name, const std::optional<size_t>& value) {
    if (value) out.Field(name, static_cast<uint64_t>(*value));
  };
  out.BeginObject();
  out.Field("nextSequenceToken", token);
  if (rejected.any()) {
    out.Key("rejectedLogEventsInfo");
    out.BeginObject();
    index("tooNewLogEventStartIndex", rejected.too_new_start);
    index("tooOldLogEventEndIndex", rejected.too_old_end);
    index("expiredLogEventEndIndex", rejected.expired_end);
    out.EndObject();
  }
  out.EndObject();
  return out.Take();
}

// What the sink could not keep for reasons of its own may be sent again; SDKs do so after
// throttling and 5xx.
Error FromSink(Error error) {
  if (error.code == Code::kResourceExhausted) return {error.code, "Rate exceeded"};
  return {Code::kUnavailable, "The server cannot store this now.", std::move(error.message)};
}

}  // namespace

std::string SequenceToken(int64_t time_ns, uint64_t salt) {
  return fmt::format("{}{:032}{:020}", kTokenHead, time_ns, salt);
}

bool IsSequenceToken(std::string_view token) {
  return token.size() == kTokenDigits && token.starts_with("49650000000000000") &&
         token.find_first_not_of("0123456789") == std::string_view::npos;
}

void PutLogEvents(const Parts& parts, net::Request request, net::Responder responder) {
  DoorCounters& counters = CountersOf(parts);
  counters.Add(Counter::kRequests);
  counters.Add(Counter::kBytes, static_cast<int64_t>(request.body.size()));
  std::string id = AwsRequestId(request.receive_time_ns, request.body.size());

  PutLogEventsBody body;
  if (!body.Parse(std::move(request.body), parts.options.limits)) {
    const PutLogEventsBody::Problem& problem = body.problem();
    return responder.Send(Refuse(parts, id, {Code::kInvalidArgument, problem.message},
                                 problem.serialization ? "SerializationException" : ""));
  }
  Submission submission;
  submission.door = Door::kCloudWatch;
  submission.format = WireFormat::kCloudWatchPutLogEvents;
  submission.receive_time_ns = request.receive_time_ns;
  const auto retention = parts.groups->RetentionForWriting(
      submission.project, std::string(body.group()), std::string(body.stream()));
  if (!retention) return responder.Send(Refuse(parts, id, retention.error()));

  const EventWindow window =
      WindowOf(parts.options, request.receive_time_ns / kNsPerMs, *retention);
  const DedupKey body_key = skep::DedupKeyOf({}, submission.format, body.body());
  const std::string answer =
      SuccessBody(body.Rejected(window), SequenceToken(request.receive_time_ns, body_key.low));
  submission.context = FormatWindow(window);
  submission.dedup = DedupKeyOf(request, submission, body.sequence_token(), body.body());
  const size_t events = body.events();
  submission.batch = body.ToBatch(window);
  counters.Add(Counter::kDropped, static_cast<int64_t>(events - submission.batch.records().size()));
  if (submission.batch.records().empty()) return responder.Send(SuccessReply(id, answer));
  parts.sink->Submit(std::move(submission), [parts, answer, id = std::move(id),
                                             reply =
                                                 net::Share(std::move(responder))](Status status) {
    reply->Send(status ? SuccessReply(id, answer) : Refuse(parts, id, FromSink(status.error())));
  });
}

}  // namespace skep::cloudwatch
