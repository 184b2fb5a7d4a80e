// SPDX-License-Identifier: Apache-2.0
// link: doors/rollbar
#include "rollbar_properties.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace skep::rollbar;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  auto payload = ParsePayload(skep::Bytes(body), FuzzLimits());
  if (!payload) return 0;
  const std::string journalled(payload->body.view());
  const auto batch = Decode(std::move(*payload), kFuzzContext, FuzzLimits());
  if (batch) CheckItem(*batch);
  // What the journal keeps decodes to the same, or is refused again.
  const auto again = Decode(skep::Bytes(journalled), kFuzzContext, FuzzLimits());
  SKEP_CHECK(batch.has_value() == again.has_value());
  if (batch) SKEP_CHECK(skep::Canonical(*batch) == skep::Canonical(*again));
  return 0;
}
