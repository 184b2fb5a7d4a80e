// SPDX-License-Identifier: Apache-2.0
// FakeDatabase: the time that a database would take: sleeps a random while, and says so in spans.
// Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "telemetry.h"

namespace activities {

class FakeDatabase {
 public:
  FakeDatabase(const Telemetry& telemetry, uint32_t delay_min_ms, uint32_t delay_max_ms)
      : telemetry_(telemetry), delay_min_ms_(delay_min_ms), delay_max_ms_(delay_max_ms) {}

  // `operation`: "select", "insert". Returns how long it took to.
  std::chrono::milliseconds Call(std::string_view operation) const;

 private:
  const Telemetry& telemetry_;
  uint32_t delay_min_ms_;
  uint32_t delay_max_ms_;
};

}  // namespace activities
