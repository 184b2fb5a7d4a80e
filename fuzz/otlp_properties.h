// SPDX-License-Identifier: Apache-2.0
// What must hold for every OTLP body: no crash, limits kept, and the JSON form of what was taken
// gives the same records.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/check.h"
#include "doors/otlp/decode.h"
#include "doors/otlp/proto_to_json.h"
#include "doors/otlp/schema.h"
#include "model/canonical.h"

namespace skep::otlp {

// Small, so that inputs of a few hundred bytes go over them.
inline Limits FuzzLimits() {
  Limits limits;
  limits.depth_max = 6;
  limits.records_max = 64;
  limits.attributes_per_record_max = 32;
  limits.attributes_per_request_max = 512;
  limits.keys_per_request_max = 128;
  limits.key_bytes_max = 64;
  limits.string_bytes_max = 512;
  return limits;
}

inline void CheckLimits(const RecordBatch& batch, const Limits& limits) {
  SKEP_CHECK(batch.records().size() <= limits.records_max);
  // A clash adds the hidden value under a second name.
  SKEP_CHECK(batch.attributes().size() <= 2 * limits.attributes_per_request_max);
  for (const Record& record : batch.records()) {
    SKEP_CHECK(record.own_end - record.own_begin <= 2 * limits.attributes_per_record_max);
    SKEP_CHECK(record.sample_rate >= 1);
    SKEP_CHECK(record.name.size() <= limits.string_bytes_max);
    SKEP_CHECK(record.body.size() <= limits.string_bytes_max);
    batch.ForEach(record, [&](std::string_view, const Value& value) {
      SKEP_CHECK(value.type() != ValueType::kString ||
                 value.text().size() <= limits.string_bytes_max);
    });
  }
}

inline Result<RecordBatch> FuzzDecode(SignalType signal, Encoding encoding, std::string_view body) {
  constexpr int64_t kReceiveTimeNs = 1'795'521'600'000'000'000;
  return Decode(signal, encoding, Bytes(body), {.receive_time_ns = kReceiveTimeNs, .context = {}},
                FuzzLimits());
}

inline int CheckProtobuf(SignalType signal, const Message& message, const uint8_t* data,
                         size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto batch = FuzzDecode(signal, Encoding::kProtobuf, body);
  if (batch) CheckLimits(*batch, FuzzLimits());
  const auto json = ProtoToJson(body, message);
  if (!json) return 0;
  const auto from_json = FuzzDecode(signal, Encoding::kJson, *json);
  SKEP_CHECK(batch.has_value() == from_json.has_value());
  if (batch) SKEP_CHECK(Canonical(*batch) == Canonical(*from_json));
  return 0;
}

}  // namespace skep::otlp
