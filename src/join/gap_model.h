// SPDX-License-Identifier: Apache-2.0
// GapModel: how far apart two doors usually see the same moment of one request. Both SDKs run in
// one process, so such gaps cluster (0.2-0.6 ms in the sample app) with a heavy tail (GIL and
// scheduler stalls). Learned as a histogram over the logarithm of the gap, both signs, with a tail
// that is never ruled out.
// Thread-compatible.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace skep::join {

inline double Seconds(int64_t ns) { return static_cast<double>(ns) / 1e9; }

class GapModel {
 public:
  GapModel();

  static constexpr int64_t kReachNs = 2'000'000'000;  // beyond it nothing is believed

  // Minus the logarithm of the density at this gap, per second: higher is less likely.
  double Cost(int64_t gap_ns) const;
  // The lowest cost there is.
  double BestCost() const { return best_cost_; }
  void Learn(int64_t gap_ns);
  size_t learned() const { return learned_; }

 private:
  static constexpr size_t kHalf = 47;  // bins of one sign
  static constexpr size_t kBins = 2 * kHalf;

  static double Scaled(int64_t gap_ns);
  static size_t BinOf(double scaled);
  double DensityAt(size_t bin, double gap_s) const;
  double FindBestCost() const;

  std::array<double, kBins> weights_{};
  double total_;
  double negative_;  // weight of gaps below zero
  size_t learned_ = 0;
  double best_cost_;
};

}  // namespace skep::join
