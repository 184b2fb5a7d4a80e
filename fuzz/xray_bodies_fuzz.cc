// SPDX-License-Identifier: Apache-2.0
// link: doors/xray
#include "doors/xray/sampling.h"
#include "wire/json.h"
#include "xray_properties.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace skep::xray;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const skep::Limits limits = FuzzLimits();
  CheckBatch(DecodeDatagrams(skep::Bytes(body), limits), limits);
  CheckBatch(DecodePutSegments(skep::Bytes(body), limits, nullptr), limits);
  const auto targets = SamplingTargets(body, 1'795'521'600'000'000'000);
  SKEP_CHECK(!targets || skep::JsonDocument::Parse(*targets));
  return 0;
}
