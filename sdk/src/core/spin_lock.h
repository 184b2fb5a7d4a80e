// SPDX-License-Identifier: Apache-2.0
// SpinLock: one byte, for what is held during a few hundred instructions and hardly ever contended.
// Gives the processor away when it has to wait for long.
#pragma once

#include <sched.h>

#include <atomic>
#include <mutex>

namespace skep::sdk {

class SpinLock {
 public:
  void lock() {
    for (int spins = 0; held_.exchange(true, std::memory_order_acquire); ++spins) {
      while (held_.load(std::memory_order_relaxed)) {
        if (++spins > kSpinsMax) sched_yield();
      }
    }
  }
  void unlock() { held_.store(false, std::memory_order_release); }

 private:
  static constexpr int kSpinsMax = 100;
  std::atomic<bool> held_{false};
};

}  // namespace skep::sdk
