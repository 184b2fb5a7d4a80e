// SPDX-License-Identifier: Apache-2.0
// FakeClock: a clock that tests move. Thread-safe.
#pragma once

#include <atomic>
#include <chrono>

#include "skep/sdk/clock.h"

namespace skep::sdk {

class FakeClock : public Clock {
 public:
  int64_t UnixNanos() const override { return unix_ns_; }
  int64_t SteadyNanos() const override { return steady_ns_; }
  void Advance(std::chrono::nanoseconds time) {
    unix_ns_ += time.count();
    steady_ns_ += time.count();
  }
  // As somebody sets the calendar.
  void StepUnix(std::chrono::nanoseconds time) { unix_ns_ += time.count(); }
  // To where the other one stands; never back.
  void AdvanceTo(int64_t steady_ns) {
    if (steady_ns > steady_ns_) Advance(std::chrono::nanoseconds(steady_ns - steady_ns_));
  }

 private:
  std::atomic<int64_t> unix_ns_{1'700'000'000'000'000'000};
  std::atomic<int64_t> steady_ns_{1'000'000'000};
};

}  // namespace skep::sdk
