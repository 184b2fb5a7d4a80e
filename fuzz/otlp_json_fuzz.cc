// SPDX-License-Identifier: Apache-2.0
// link: doors/otlp
#include "otlp_properties.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace skep::otlp;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  for (const SignalType signal : {SignalType::kTraces, SignalType::kLogs, SignalType::kMetrics}) {
    const auto batch = FuzzDecode(signal, Encoding::kJson, body);
    if (batch) CheckLimits(*batch, FuzzLimits());
  }
  return 0;
}
