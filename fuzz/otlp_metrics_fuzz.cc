// SPDX-License-Identifier: Apache-2.0
// link: doors/otlp
#include "otlp_properties.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace skep::otlp;
  return CheckProtobuf(SignalType::kMetrics, kMetricsRequest, data, size);
}
