// SPDX-License-Identifier: Apache-2.0
// DedupSidecar: the keys of a released segment in a small file of their own, so that the
// DedupWindow outlives a restart although the segment is gone. Pure codec; thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ingest/sink.h"

namespace skep {

struct TimedKey {
  DedupKey key;
  int64_t time_ns = 0;
};

std::string EncodeSidecar(const std::vector<TimedKey>& keys);
// Takes any bytes. kDataLoss when they are no sidecar, or a damaged one.
Result<std::vector<TimedKey>> DecodeSidecar(std::string_view bytes);

}  // namespace skep
