// SPDX-License-Identifier: Apache-2.0
// What must hold for all that the X-Ray door is sent: no crash, limits kept, times in order, and
// nothing that is half taken.
#pragma once

#include "base/check.h"
#include "doors/xray/decode.h"
#include "model/canonical.h"

namespace skep::xray {

// Small, so that inputs of a few hundred bytes go over them.
inline Limits FuzzLimits() {
  Limits limits;
  limits.records_max = 32;
  limits.attributes_per_record_max = 16;
  limits.attributes_per_request_max = 256;
  limits.keys_per_request_max = 96;
  limits.key_bytes_max = 64;
  limits.string_bytes_max = 256;
  return limits;
}

inline void CheckBatch(const Result<RecordBatch>& batch, const Limits& limits) {
  constexpr size_t kFixedNames = 64;  // they always find room
  if (!batch) return;
  SKEP_CHECK(batch->records().size() <= limits.records_max);
  SKEP_CHECK(batch->keys().size() <= limits.keys_per_request_max + kFixedNames);
  for (const Record& record : batch->records()) {
    SKEP_CHECK(record.time_ns >= 0);
    SKEP_CHECK(!record.trace_id.empty());
    SKEP_CHECK(record.signal == Signal::kSpanLink || !record.span_id.empty());
    SKEP_CHECK(record.signal == Signal::kSpan || record.duration_ns == 0);
    SKEP_CHECK(record.name.size() <= limits.key_bytes_max);
    SKEP_CHECK(record.own_end - record.own_begin <= limits.attributes_per_record_max + kFixedNames);
  }
  SKEP_CHECK(!Canonical(*batch).empty() || batch->records().empty());
}

}  // namespace skep::xray
