// SPDX-License-Identifier: Apache-2.0
// What must hold for every request that the Honeycomb door takes: a record for each event that has
// no problem, limits kept, times that can be, and the same again from what the journal keeps.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "doors/honeycomb/decode.h"
#include "doors/honeycomb/known_fields.h"
#include "model/canonical.h"

namespace skep::honeycomb {

inline constexpr int64_t kFuzzTimeNs = 1'795'521'600'000'000'000;

// Small, so that inputs of a few hundred bytes go over them.
inline Limits FuzzLimits() {
  Limits limits;
  limits.body_bytes_max = 16384;
  limits.depth_max = 6;
  limits.records_max = 64;
  limits.attributes_per_record_max = 32;
  limits.attributes_per_request_max = 256;
  limits.keys_per_request_max = 48;
  limits.key_bytes_max = 64;
  limits.string_bytes_max = 8192;
  return limits;
}

inline void CheckRecord(const RecordBatch& batch, const Record& record) {
  const Limits limits = FuzzLimits();
  SKEP_CHECK(record.dataset == "fuzz");
  SKEP_CHECK(record.time_ns > 0 && record.time_ns <= kFuzzTimeNs + kAheadNsMax);
  SKEP_CHECK(record.sample_rate >= 1);
  SKEP_CHECK(record.signal != Signal::kSpan ||
             (!record.trace_id.empty() && !record.span_id.empty()));
  SKEP_CHECK(record.own_end - record.own_begin <= limits.attributes_per_record_max);
  batch.ForEach(record, [&](std::string_view name, const Value& value) {
    SKEP_CHECK(!name.empty());
    SKEP_CHECK(value.type() != ValueType::kString ||
               value.text().size() <= limits.string_bytes_max);
  });
}

// Decodes `body` as it would be received, and again as the journal would.
inline void CheckRequest(WireFormat format, std::string_view body, size_t expand_json_depth) {
  const EventContext context{"fuzz", expand_json_depth, "1795521599.25", "2"};
  RequestBody request;
  const Status read = request.Parse(format, Bytes(body), FuzzLimits());
  const std::string text = FormatContext(context);
  const auto again = DecodeRequest(format, Bytes(body), {kFuzzTimeNs, text}, FuzzLimits());
  SKEP_CHECK(read.has_value() == again.has_value());
  if (!read) return;
  const DecodedRequest decoded = request.Decode(context, kFuzzTimeNs);
  const auto taken = std::count(decoded.problems.begin(), decoded.problems.end(), nullptr);
  SKEP_CHECK(static_cast<size_t>(taken) == decoded.batch.records().size());
  for (const Record& record : decoded.batch.records()) CheckRecord(decoded.batch, record);
  SKEP_CHECK(Canonical(decoded.batch) == Canonical(*again));
}

}  // namespace skep::honeycomb
