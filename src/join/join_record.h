// SPDX-License-Identifier: Apache-2.0
// Joins on their way to the store: the compact body that the journal keeps, and the records that
// become of it. A join makes one record in the host's trace and, where what joins has a trace of
// its own, a second one there, so that one look-up by either id finds it. Pure.
#pragma once

#include <span>

#include "base/bytes.h"
#include "base/result.h"
#include "ingest/sink.h"
#include "join/candidate.h"
#include "model/record_batch.h"

namespace skep::join {

inline constexpr size_t kJoinsPerBodyMax = 10'000;

Bytes EncodeJoins(std::span<const Join> joins);

// For the sink's decoders, as WireFormat::kJoins. kInvalidArgument for what EncodeJoins did not
// write; fields that a later version adds are passed over.
Result<RecordBatch> DecodeJoins(Bytes body, const DecodeContext& context);

}  // namespace skep::join
