// SPDX-License-Identifier: Apache-2.0
#include "join/gap_model.h"

#include <algorithm>
#include <cmath>

namespace skep::join {
namespace {

constexpr double kFloorS = 20e-6;   // below it differences are noise
constexpr double kBinWidth = 0.25;  // of the logarithm
constexpr double kTailMin = 0.02;   // share of gaps that say nothing about the usual ones
constexpr double kTailPrior = 10;   // observations that the tail is worth at first
constexpr double kMemory = 4000;    // observations after which old ones fade

double Span() {
  static const double span = std::log1p(static_cast<double>(GapModel::kReachNs) / 1e9 / kFloorS);
  return span;
}

}  // namespace

double GapModel::Scaled(int64_t gap_ns) {
  const double gap_s = static_cast<double>(gap_ns) / 1e9;
  return std::copysign(std::log1p(std::abs(gap_s) / kFloorS), gap_s);
}

size_t GapModel::BinOf(double scaled) {
  const double bin = std::floor(scaled / kBinWidth) + static_cast<double>(kHalf);
  return static_cast<size_t>(std::clamp(bin, 0.0, static_cast<double>(kBins - 1)));
}

double GapModel::DensityAt(size_t bin, double gap_s) const {
  const double per_second = 1 / (kFloorS + std::abs(gap_s));  // of the scaled gap to the gap
  const double tail_share = std::max(kTailMin, kTailPrior / (total_ + kTailPrior));
  // A sign that was hardly ever seen is hardly ever in the tail.
  const double negative_share = (negative_ + 0.5) / (total_ + 1);
  const double sign_share = gap_s < 0 ? negative_share : 1 - negative_share;
  const double tail = tail_share * sign_share / Span();
  const double usual = total_ == 0 ? 0 : (1 - tail_share) * weights_[bin] / total_ / kBinWidth;
  return (usual + tail) * per_second;
}

double GapModel::Cost(int64_t gap_ns) const {
  return -std::log(DensityAt(BinOf(Scaled(gap_ns)), static_cast<double>(gap_ns) / 1e9));
}

double GapModel::FindBestCost() const {
  double best = DensityAt(kHalf, 0);
  for (size_t bin = 0; bin < kBins; ++bin) {
    // The bin's end that is nearer to zero is its likeliest point.
    const double low = (static_cast<double>(bin) - static_cast<double>(kHalf)) * kBinWidth;
    const double nearest = low >= 0 ? low : low + kBinWidth;
    const double gap_s = std::copysign(kFloorS * std::expm1(std::abs(nearest)), nearest);
    best = std::max(best, DensityAt(bin, gap_s));
  }
  return -std::log(best);
}

void GapModel::Learn(int64_t gap_ns) {
  if (total_ >= kMemory) {
    for (double& weight : weights_) weight *= 0.5;
    total_ *= 0.5;
    negative_ *= 0.5;
  }
  const size_t bin = BinOf(Scaled(gap_ns));
  weights_[bin] += 0.5;
  weights_[std::min(bin + 1, kBins - 1)] += 0.25;
  weights_[bin == 0 ? 0 : bin - 1] += 0.25;
  total_ += 1;
  if (gap_ns < 0) negative_ += 1;
  ++learned_;
  best_cost_ = FindBestCost();
}

}  // namespace skep::join
