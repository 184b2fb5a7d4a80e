// SPDX-License-Identifier: Apache-2.0
// What must hold for every item that the Rollbar door takes: one record in a group, with its limits
// kept and its document as it was sent.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "doors/rollbar/decode.h"
#include "model/canonical.h"
#include "wire/json_tape.h"

namespace skep::rollbar {

inline constexpr DecodeContext kFuzzContext = {.receive_time_ns = 1'795'521'600'000'000'000,
                                               .context = "203.0.113.9"};

// Small, so that inputs of a few hundred bytes go over them.
inline Limits FuzzLimits() {
  Limits limits;
  limits.body_bytes_max = 16384;
  limits.depth_max = 6;
  limits.attributes_per_record_max = 32;
  limits.keys_per_request_max = 48;
  limits.key_bytes_max = 64;
  limits.string_bytes_max = 8192;
  return limits;
}

inline void CheckItem(const RecordBatch& batch) {
  const Limits limits = FuzzLimits();
  SKEP_CHECK(batch.records().size() == 1);
  const Record& record = batch.records().front();
  SKEP_CHECK(record.signal == Signal::kError);
  SKEP_CHECK(record.item != 0 && record.severity != 0);
  SKEP_CHECK(record.time_ns > 0);
  SKEP_CHECK(!record.name.empty() && record.name.size() <= 255);
  SKEP_CHECK(!record.dataset.empty());
  SKEP_CHECK(record.parent_id.empty() || !record.trace_id.empty());
  const Value* uuid = batch.Find(record, kUuid);
  SKEP_CHECK(uuid != nullptr && !uuid->text().empty());
  JsonTape tape;
  SKEP_CHECK(tape.Parse(record.raw));
  // What was left out is counted in one more.
  SKEP_CHECK(batch.attributes().size() <= limits.attributes_per_record_max + 1);
  for (const Attribute& attribute : batch.attributes()) {
    SKEP_CHECK(attribute.value.type() != ValueType::kString ||
               attribute.value.text().size() <= limits.string_bytes_max);
  }
}

}  // namespace skep::rollbar
