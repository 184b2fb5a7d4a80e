// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/clock.h"

#include <chrono>

namespace skep::sdk {
namespace {

class SystemClock : public Clock {
 public:
  int64_t UnixNanos() const override {
    return std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count();
  }
  int64_t SteadyNanos() const override {
    return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
  }
};

}  // namespace

const Clock& Clock::System() {
  static const SystemClock clock;
  return clock;
}

}  // namespace skep::sdk
