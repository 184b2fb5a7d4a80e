// SPDX-License-Identifier: Apache-2.0
#include "doors/rollbar/decode.h"

#include <utility>

#include "doors/rollbar/item_decoder.h"

namespace skep::rollbar {

bool HasUuid(const Payload& payload) {
  Arena arena;
  return !payload.Root(&arena)["data"]["uuid"].text().empty();
}

Result<RecordBatch> Decode(Payload payload, const DecodeContext& context, const Limits& limits) {
  RecordBatch batch(std::move(payload.body));
  const TapeView data = payload.Root(&batch.arena())["data"];
  if (!data) {
    return Error(Code::kFailedPrecondition, "Invalid format. data is missing and it is required.");
  }
  if (!data.IsObject())
    return Error(Code::kFailedPrecondition, "Invalid format. data should be object.");
  SKEP_TRY(ItemDecoder(&batch, data, context, limits).Decode());
  return batch;
}

Result<RecordBatch> Decode(Bytes body, const DecodeContext& context, const Limits& limits) {
  SKEP_ASSIGN(Payload payload, ParsePayload(std::move(body), limits));
  return Decode(std::move(payload), context, limits);
}

}  // namespace skep::rollbar
