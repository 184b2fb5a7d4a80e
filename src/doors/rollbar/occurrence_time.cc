// SPDX-License-Identifier: Apache-2.0
#include "doors/rollbar/occurrence_time.h"

#include <cmath>

#include "base/clock.h"

namespace skep::rollbar {
namespace {

constexpr int64_t kSecondsMax = 9'223'372'036;    // 2262, the last year that fits
constexpr int64_t kRoundedNs = kNsPerS / 2;       // a client that rounds up is ahead by this
constexpr int64_t kSendDelayNs = 250 * kNsPerMs;  // what sending takes at most, nearly always

// A whole second and the arrival.
int64_t Refine(int64_t second_ns, int64_t receive_time_ns) {
  const int64_t late_ns = receive_time_ns - second_ns;
  if (late_ns < -kRoundedNs || late_ns >= kNsPerS + kSendDelayNs) return second_ns;
  return late_ns < kNsPerS ? receive_time_ns : second_ns + kNsPerS - 1;
}

}  // namespace

int64_t OccurrenceTime(int64_t timestamp, int64_t receive_time_ns) {
  if (timestamp <= 0) return receive_time_ns;
  if (timestamp <= kSecondsMax) return Refine(timestamp * kNsPerS, receive_time_ns);
  if (timestamp < 10'000'000'000'000) return timestamp * kNsPerMs;
  if (timestamp < 10'000'000'000'000'000) return timestamp * 1000;
  return timestamp;
}

int64_t OccurrenceTime(double timestamp, int64_t receive_time_ns) {
  if (!(timestamp > 0)) return receive_time_ns;
  if (timestamp >= 9.2e18) return receive_time_ns;
  if (timestamp > static_cast<double>(kSecondsMax))
    return OccurrenceTime(static_cast<int64_t>(timestamp), receive_time_ns);
  const double second = std::floor(timestamp);
  if (second == timestamp) return OccurrenceTime(static_cast<int64_t>(timestamp), receive_time_ns);
  // A double has microseconds left at this size.
  const auto micros = static_cast<int64_t>(std::llround((timestamp - second) * 1e6));
  return static_cast<int64_t>(second) * kNsPerS + micros * 1000;
}

}  // namespace skep::rollbar
