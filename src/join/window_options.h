// SPDX-License-Identifier: Apache-2.0
// How long the joiner waits for what, and how much it keeps. Values.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/clock.h"

namespace skep::join {

struct WindowOptions {
  // OpenTelemetry's batch processors send every 5 s, and what is sent needs its time.
  int64_t grace_ns = 6'500 * kNsPerMs;
  // What ended together arrives together, give or take this.
  int64_t settle_ns = 500 * kNsPerMs;
  // Between two looks at what could not be decided.
  int64_t again_ns = kNsPerS;
  // After it nothing more is expected.
  int64_t give_up_ns = 30 * kNsPerS;
  int64_t retention_ns = 120 * kNsPerS;
  size_t candidates_max = 100'000;  // of each sort
};

}  // namespace skep::join
