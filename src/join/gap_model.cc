// SPDX-License-Identifier: Apache-2.0
#include "join/gap_model.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace skep::join {
namespace {

constexpr double kFloorS = 20e-6;   // below it differences are noise
constexpr double kBinWidth = 0.25;  // of the logarithm
constexpr int kSpread = 3;          // bins on either side that an observation is felt in
constexpr double kTailMin = 0.02;   // share of gaps that say nothing about the usual ones
constexpr double kTailPrior = 2;    // observations that the tail is worth at first
// What is supposed before anything is seen: the segment within the span by about 0.4 ms, give or
// take a factor of 4; or, less likely, the other way round.
constexpr double kPriorWeight = 2;
constexpr double kPriorNegative = 0.25;
constexpr double kPriorMedianS = 0.4e-3;
constexpr double kPriorSpread = 1.5;
constexpr double kMemory = 4000;  // observations after which old ones fade

double Span() {
  static const double span = std::log1p(static_cast<double>(GapModel::kReachNs) / 1e9 / kFloorS);
  return span;
}

}  // namespace

GapModel::GapModel() : total_(kPriorWeight), negative_(kPriorWeight * kPriorNegative) {
  const double median = std::log1p(kPriorMedianS / kFloorS);
  double sum = 0;
  for (size_t bin = 0; bin < kBins; ++bin) {
    const double scaled = (static_cast<double>(bin) - static_cast<double>(kHalf) + 0.5) * kBinWidth;
    const double off = (std::abs(scaled) - median) / kPriorSpread;
    weights_[bin] = std::exp(-off * off / 2) * (bin < kHalf ? kPriorNegative : 1 - kPriorNegative);
    sum += weights_[bin];
  }
  for (double& weight : weights_) weight *= kPriorWeight / sum;
  best_cost_ = FindBestCost();
}

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
  const double usual = (1 - tail_share) * weights_[bin] / total_ / kBinWidth;
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
  // Spread over its neighbours: a few observations are no spikes.
  const auto bin = static_cast<int>(BinOf(Scaled(gap_ns)));
  for (int i = -kSpread; i <= kSpread; ++i) {
    const int at = std::clamp(bin + i, 0, static_cast<int>(kBins) - 1);
    weights_[static_cast<size_t>(at)] +=
        static_cast<double>(kSpread + 1 - std::abs(i)) / ((kSpread + 1) * (kSpread + 1));
  }
  total_ += 1;
  if (gap_ns < 0) negative_ += 1;
  ++learned_;
  best_cost_ = FindBestCost();
}

}  // namespace skep::join
