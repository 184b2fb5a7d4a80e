// SPDX-License-Identifier: Apache-2.0
#include "doors/otlp/decode.h"

#include <utility>

#include "doors/otlp/json_form.h"
#include "doors/otlp/request_decoder.h"
#include "doors/otlp/schema.h"

namespace skep::otlp {
namespace {

std::unique_ptr<RequestDecoder> MakeDecoder(SignalType signal, Bytes body, int64_t receive_time_ns,
                                            const Limits& limits) {
  switch (signal) {
    case SignalType::kTraces:
      return MakeTraceDecoder(std::move(body), receive_time_ns, limits);
    case SignalType::kLogs:
      return MakeLogDecoder(std::move(body), receive_time_ns, limits);
    case SignalType::kMetrics:
      break;
  }
  return MakeMetricDecoder(std::move(body), receive_time_ns, limits);
}

const Message& MessageOf(SignalType signal) {
  switch (signal) {
    case SignalType::kTraces:
      return kTracesRequest;
    case SignalType::kLogs:
      return kLogsRequest;
    case SignalType::kMetrics:
      break;
  }
  return kMetricsRequest;
}

}  // namespace

WireFormat WireFormatOf(SignalType signal, Encoding encoding) {
  const bool json = encoding == Encoding::kJson;
  switch (signal) {
    case SignalType::kTraces:
      return json ? WireFormat::kOtlpTracesJson : WireFormat::kOtlpTracesProto;
    case SignalType::kLogs:
      return json ? WireFormat::kOtlpLogsJson : WireFormat::kOtlpLogsProto;
    case SignalType::kMetrics:
      break;
  }
  return json ? WireFormat::kOtlpMetricsJson : WireFormat::kOtlpMetricsProto;
}

Result<RecordBatch> Decode(SignalType signal, Encoding encoding, Bytes body,
                           const DecodeContext& context, const Limits& limits) {
  if (body.size() > limits.body_bytes_max)
    return Error(Code::kInvalidArgument, "the body is too large");
  const auto decoder = MakeDecoder(signal, std::move(body), context.receive_time_ns, limits);
  RecordBatch& batch = decoder->batch();
  if (encoding == Encoding::kProtobuf) return decoder->Decode(batch.body());
  SKEP_ASSIGN(const Bytes message, JsonToProto(batch.body(), MessageOf(signal)));
  return decoder->Decode(batch.arena().Copy(message.view()));
}

}  // namespace skep::otlp
