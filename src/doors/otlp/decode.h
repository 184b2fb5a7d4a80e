// SPDX-License-Identifier: Apache-2.0
// Decode: an OTLP request body, protobuf or JSON, to a RecordBatch with views into the body. Pure:
// the same body and receive time give the same batch. An error (kInvalidArgument) means that
// nothing of the request was taken; records with invalid ids or over a limit are refused one by one
// and counted in RecordBatch::rejected().
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/result.h"
#include "ingest/sink.h"
#include "model/record_batch.h"

namespace skep::otlp {

enum class SignalType { kTraces, kLogs, kMetrics };
enum class Encoding { kProtobuf, kJson };

Result<RecordBatch> Decode(SignalType signal, Encoding encoding, Bytes body,
                           const DecodeContext& context, const Limits& limits);

WireFormat WireFormatOf(SignalType signal, Encoding encoding);

}  // namespace skep::otlp
