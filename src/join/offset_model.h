// SPDX-License-Identifier: Apache-2.0
// OffsetModel: how far apart two doors' clocks of one request usually are. Both SDKs run in one
// process, so one interval lies within the other and the gaps at both ends cluster tightly (0.2-0.6
// ms in the sample app) with a heavy tail (GIL and scheduler stalls). A gap costs how many times
// its logarithm lies off the usual one. Learned per pair of services from confident matches; one
// thread.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace skep::join {

class OffsetModel {
 public:
  static constexpr double kImpossible = 1e9;

  // Cost of two gaps in ns: segment start minus span start, and span end minus segment end; both
  // positive when the segment lies within the span, both negative the other way round. Higher is
  // less likely.
  double Cost(int64_t start_gap_ns, int64_t end_gap_ns) const {
    const bool inside = start_gap_ns >= -kSlackNs && end_gap_ns >= -kSlackNs;
    const bool outside = start_gap_ns <= kSlackNs && end_gap_ns <= kSlackNs;
    if (!inside && !outside) return kImpossible;
    // Once it is known which SDK wraps which, the other way round is another request.
    if (learned_ >= kLearnedEnough &&
        (inside_share_ > 0.95 ? !inside : inside_share_ < 0.05 && !outside))
      return kImpossible;
    return (std::abs(LogGap(start_gap_ns) - start_log_) + std::abs(LogGap(end_gap_ns) - end_log_)) /
           kScale;
  }

  void Learn(int64_t start_gap_ns, int64_t end_gap_ns) {
    const double weight = std::max(1.0 / (learned_ + 1), 0.01);
    start_log_ += weight * std::clamp(LogGap(start_gap_ns) - start_log_, -1.0, 1.0);
    end_log_ += weight * std::clamp(LogGap(end_gap_ns) - end_log_, -1.0, 1.0);
    inside_share_ += weight * ((start_gap_ns + end_gap_ns >= 0 ? 1.0 : 0.0) - inside_share_);
    learned_ = std::min(learned_ + 1, 1'000'000);
  }

  int learned() const { return learned_; }

 private:
  static constexpr int64_t kSlackNs = 100'000;  // clocks are read a moment apart
  static constexpr double kFloorNs = 20'000;    // below it differences are noise
  static constexpr double kScale = 0.5;
  static constexpr int kLearnedEnough = 20;

  static double LogGap(int64_t gap_ns) {
    return std::log(std::max(std::abs(static_cast<double>(gap_ns)), kFloorNs));
  }

  double start_log_ = std::log(500'000.0);
  double end_log_ = std::log(500'000.0);
  double inside_share_ = 0.5;
  int learned_ = 0;
};

}  // namespace skep::join
