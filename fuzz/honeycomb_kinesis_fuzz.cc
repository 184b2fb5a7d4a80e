// SPDX-License-Identifier: Apache-2.0
// Whatever Firehose's envelope holds, the batch made of it can be read.
// link: doors/honeycomb
#include "doors/honeycomb/kinesis.h"
#include "honeycomb_properties.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace skep::honeycomb;
  const auto kinesis = ReadKinesis({reinterpret_cast<const char*>(data), size}, FuzzLimits());
  if (!kinesis) return 0;
  skep::Limits limits = FuzzLimits();
  limits.body_bytes_max = kBodyBytesMax;
  RequestBody request;
  SKEP_CHECK(
      request
          .Parse(skep::WireFormat::kHoneycombBatchJson, skep::Bytes(kinesis->batch.view()), limits)
          .has_value());
  CheckRequest(skep::WireFormat::kHoneycombBatchJson, kinesis->batch.view(), 0);
  return 0;
}
