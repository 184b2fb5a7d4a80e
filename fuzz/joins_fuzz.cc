// SPDX-License-Identifier: Apache-2.0
// link: join
#include "join/join_record.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto batch = skep::join::DecodeJoins(skep::Bytes(bytes), {});
  if (!batch) return 0;
  if (batch->records().size() > 2 * skep::join::kJoinsPerBodyMax) __builtin_trap();
  for (const skep::Record& record : batch->records())
    if (record.signal != skep::Signal::kJoin || record.trace_id.empty()) __builtin_trap();
  return 0;
}
