// SPDX-License-Identifier: Apache-2.0
// Whatever PutLogEvents is sent: no crash, limits kept, records in order and of one stream.
// link: doors/cloudwatch
#include "base/check.h"
#include "doors/cloudwatch/decode.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  skep::Limits limits;
  limits.depth_max = 6;
  limits.records_max = 64;
  limits.attributes_per_record_max = 32;
  limits.attributes_per_request_max = 512;
  limits.keys_per_request_max = 128;
  limits.key_bytes_max = 64;
  limits.string_bytes_max = 512;
  const auto batch = skep::cloudwatch::DecodePutLogEvents(
      skep::Bytes({reinterpret_cast<const char*>(data), size}), {}, limits);
  if (!batch) return 0;
  SKEP_CHECK(batch->records().size() <= limits.records_max);
  SKEP_CHECK(batch->keys().size() <= limits.keys_per_request_max + 2);
  int64_t last_ns = 0;
  for (const skep::Record& record : batch->records()) {
    SKEP_CHECK(record.time_ns >= last_ns && !record.body.empty());
    last_ns = record.time_ns;
    SKEP_CHECK(record.body.size() <= limits.string_bytes_max && record.severity <= 24);
    SKEP_CHECK(record.own_end - record.own_begin <= limits.attributes_per_record_max);
    SKEP_CHECK(batch->Find(record, skep::cloudwatch::kStreamAttribute) ==
               batch->Find(batch->records().front(), skep::cloudwatch::kStreamAttribute));
  }
  return 0;
}
