// SPDX-License-Identifier: Apache-2.0
// Decode: the body of a request to Rollbar's item path to one error record with views into the
// body. Pure: the same body and context give the same batch. kInvalidArgument: no JSON object;
// kFailedPrecondition: JSON that Rollbar refuses too, in its words (status 422).
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/result.h"
#include "doors/rollbar/payload.h"
#include "ingest/sink.h"
#include "model/record_batch.h"

namespace skep::rollbar {

// The attribute with the occurrence's UUID: the client's, else one made of body and receive time.
inline constexpr std::string_view kUuid = "rollbar.uuid";
// Whether the client sent one.
bool HasUuid(const Payload& payload);

// context.context is the peer's address: what `$remote_ip` stands for.
Result<RecordBatch> Decode(Payload payload, const DecodeContext& context, const Limits& limits);
Result<RecordBatch> Decode(Bytes body, const DecodeContext& context, const Limits& limits);

}  // namespace skep::rollbar
