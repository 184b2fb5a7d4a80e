// SPDX-License-Identifier: Apache-2.0
#include "doors/otlp/door.h"

#include <array>
#include <string>
#include <string_view>

#include "doors/otlp/decode.h"
#include "doors/otlp/reply.h"

namespace skep::otlp {
namespace {

struct Endpoint {
  SignalType signal;
  std::string_view path;
  std::string_view grpc_path;
};
constexpr std::array<Endpoint, 3> kEndpoints = {{
    {SignalType::kTraces, "/v1/traces",
     "/opentelemetry.proto.collector.trace.v1.TraceService/Export"},
    {SignalType::kLogs, "/v1/logs", "/opentelemetry.proto.collector.logs.v1.LogsService/Export"},
    {SignalType::kMetrics, "/v1/metrics",
     "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export"},
}};

// What the handlers share; copied into each.
struct Parts {
  Sink* sink;
  DoorCounters* counters;
  DoorOptions options;
};

// One for a request that has no content type that OTLP knows: it is answered like protobuf.
Dialect DialectOf(const net::Request& request) {
  Dialect dialect;
  dialect.grpc = request.grpc;
  dialect.browser = request.HasHeader("origin");
  if (!request.grpc)
    dialect.encoding = EncodingOf(request.Header("content-type")).value_or(Encoding::kProtobuf);
  return dialect;
}

net::Response Refuse(const Parts& parts, const Dialect& dialect, const Error& error) {
  const bool throttled = error.code == Code::kResourceExhausted || error.code == Code::kUnavailable;
  parts.counters->Add(throttled ? Counter::kThrottled : Counter::kRefused);
  return ErrorReply(dialect, error, parts.options.retry_after_s);
}

// What the sink could not keep for reasons of its own may be sent again: 503, never 500, which
// clients drop.
Error FromSink(Error error) {
  if (error.code == Code::kInvalidArgument || error.code == Code::kResourceExhausted) return error;
  return Error(Code::kUnavailable, "the server cannot store this now", std::move(error.message));
}

// What a check of a key says; that it could not be made is trouble of ours.
Status FromKeyCheck(Status checked) {
  if (checked) return {};
  const Code code = checked.error().code;
  if (code == Code::kUnauthenticated || code == Code::kPermissionDenied || code == Code::kNotFound)
    return checked;
  return FromSink(std::move(checked.error()));
}

// No key is asked for; one that is known not to be good is refused.
Status CheckKey(const Parts& parts, const std::string& project, std::string_view key) {
  if (key.empty() || !parts.options.check_key) return {};
  return FromKeyCheck(parts.options.check_key(project, key));
}

Status CheckDatasets(const Parts& parts, const std::string& project, std::string_view key,
                     const RecordBatch& batch) {
  if (key.empty() || !parts.options.check_datasets) return {};
  return FromKeyCheck(parts.options.check_datasets(project, key, batch));
}

void Handle(const Parts& parts, SignalType signal, net::Request request, net::Responder responder) {
  const Dialect dialect = DialectOf(request);
  parts.counters->Add(Counter::kRequests);
  if (!request.grpc && !EncodingOf(request.Header("content-type"))) {
    parts.counters->Add(Counter::kRefused);
    responder.Send(UnsupportedTypeReply(dialect));
    return;
  }
  Submission submission;
  const std::string_view key = request.Header("x-honeycomb-team");
  if (const Status good = CheckKey(parts, submission.project, key); !good) {
    responder.Send(Refuse(parts, dialect, good.error()));
    return;
  }
  submission.door = Door::kOtlp;
  submission.format = WireFormatOf(signal, dialect.encoding);
  submission.receive_time_ns = request.receive_time_ns;
  submission.dedup = DedupKeyOf(submission.project, submission.format, request.body.view());
  parts.counters->Add(Counter::kBytes, static_cast<int64_t>(request.body.size()));

  auto batch =
      Decode(signal, dialect.encoding, std::move(request.body),
             {.receive_time_ns = request.receive_time_ns, .context = {}}, parts.options.limits);
  if (!batch) {
    responder.Send(Refuse(parts, dialect, batch.error()));
    return;
  }
  if (const Status good = CheckDatasets(parts, submission.project, key, *batch); !good) {
    responder.Send(Refuse(parts, dialect, good.error()));
    return;
  }
  net::Response success = SuccessReply(dialect, signal, batch->rejected(), batch->reject_reason());
  parts.counters->Add(Counter::kDropped, static_cast<int64_t>(batch->rejected()));
  if (batch->records().empty()) {
    responder.Send(std::move(success));
    return;
  }
  submission.batch = std::move(*batch);
  parts.sink->Submit(std::move(submission),
                     [parts, dialect, success = std::move(success),
                      reply = net::Share(std::move(responder))](Status status) mutable {
                       if (status) {
                         reply->Send(std::move(success));
                       } else {
                         reply->Send(Refuse(parts, dialect, FromSink(std::move(status.error()))));
                       }
                     });
}

net::Response RenderTransportError(const Parts& parts, const net::Request& request,
                                   const Error& error) {
  const Dialect dialect = DialectOf(request);
  parts.counters->Add(Counter::kRequests);
  if (error.code != Code::kOutOfRange) return Refuse(parts, dialect, error);
  parts.counters->Add(Counter::kRefused);
  return TooLargeReply(dialect);
}

net::Route MakeRoute(const Parts& parts, SignalType signal, std::string path) {
  net::Route route;
  route.method = "POST";
  route.path = std::move(path);
  route.lane = net::Lane::kIngest;
  route.body_bytes_max = parts.options.limits.body_bytes_max;
  route.handler = [parts, signal](net::Request request, net::Responder responder) {
    Handle(parts, signal, std::move(request), std::move(responder));
  };
  route.on_error = [parts](const net::Request& request, const Error& error) {
    return RenderTransportError(parts, request, error);
  };
  return route;
}

net::Route MakePreflightRoute(std::string path) {
  net::Route route;
  route.method = "OPTIONS";
  route.path = std::move(path);
  route.handler = [](const net::Request& request, net::Responder responder) {
    responder.Send(net::PreflightReply(request, "content-type"));
  };
  return route;
}

}  // namespace

void Register(net::Router& router, Sink& sink, Counters& counters, const DoorOptions& options) {
  const Parts parts{&sink, &counters.door(static_cast<size_t>(Door::kOtlp)), options};
  for (const Endpoint& endpoint : kEndpoints) {
    for (const char* slash : {"", "/"}) {
      const std::string path = std::string(endpoint.path) + slash;
      router.Add(MakeRoute(parts, endpoint.signal, path));
      router.Add(MakePreflightRoute(path));
    }
    router.Add(MakeRoute(parts, endpoint.signal, std::string(endpoint.grpc_path)));
  }
}

std::vector<std::pair<WireFormat, DecodeFunction>> Formats(const Limits& limits) {
  std::vector<std::pair<WireFormat, DecodeFunction>> formats;
  for (const Endpoint& endpoint : kEndpoints) {
    for (const Encoding encoding : {Encoding::kProtobuf, Encoding::kJson}) {
      formats.emplace_back(
          WireFormatOf(endpoint.signal, encoding),
          [signal = endpoint.signal, encoding, limits](Bytes body, const DecodeContext& context) {
            return Decode(signal, encoding, std::move(body), context, limits);
          });
    }
  }
  return formats;
}

}  // namespace skep::otlp
