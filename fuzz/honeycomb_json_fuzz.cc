// SPDX-License-Identifier: Apache-2.0
// link: doors/honeycomb
#include "honeycomb_properties.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace skep::honeycomb;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  for (const size_t depth : {0, 2}) {
    CheckRequest(skep::WireFormat::kHoneycombBatchJson, body, depth);
    CheckRequest(skep::WireFormat::kHoneycombEventJson, body, depth);
  }
  return 0;
}
