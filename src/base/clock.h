// SPDX-License-Identifier: Apache-2.0
// Time as nanoseconds since 1970 UTC. Code that decides by time takes a Clock, so that tests can
// hold it still.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

namespace skep {

using Clock = std::function<int64_t()>;  // ns since 1970 UTC; thread-safe

inline int64_t WallClockNs() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// For measuring spans of time; never goes back.
inline int64_t MonotonicNs() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

inline constexpr int64_t kNsPerUs = 1'000;
inline constexpr int64_t kNsPerMs = 1'000'000;
inline constexpr int64_t kNsPerS = 1'000'000'000;

}  // namespace skep
