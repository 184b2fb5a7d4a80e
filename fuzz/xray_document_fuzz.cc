// SPDX-License-Identifier: Apache-2.0
// link: doors/xray
#include "xray_properties.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace skep::xray;
  const skep::Limits limits = FuzzLimits();
  skep::RecordBatch batch(skep::Bytes({reinterpret_cast<const char*>(data), size}));
  std::vector<Refusal> refusals;
  SegmentDecoder(&batch, limits).Decode(batch.body(), &refusals);
  SKEP_CHECK(refusals.size() == batch.rejected());
  SKEP_CHECK(!batch.records().empty() || !refusals.empty());
  CheckBatch(std::move(batch), limits);
  return 0;
}
