// SPDX-License-Identifier: Apache-2.0
#include "query/expression/bucket.h"

#include <algorithm>
#include <cmath>

#include "query/expression/number_text.h"

namespace skep {
namespace {

constexpr double kWholeMax = 9007199254740992.0;  // 2^53

bool IsWhole(double number) { return std::rint(number) == number && std::fabs(number) < kWholeMax; }

// 0.1 * 10 and its like are whole, but for their last bit.
double Snapped(double number) {
  const double near = std::rint(number);
  return std::fabs(number - near) <= std::fabs(near) * 1e-15 ? near : number;
}

}  // namespace

Buckets MakeBuckets(double size, std::optional<double> min, std::optional<double> max) {
  Buckets buckets;
  buckets.min = min;
  buckets.max = max;
  buckets.width = size;
  buckets.origin = min.value_or(0);
  for (const double scale : {1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6, 1e9}) {
    const double width = Snapped(size * scale);
    const double origin = Snapped(min.value_or(0) * scale);
    if (width == 0 || !IsWhole(width) || !IsWhole(origin)) continue;
    buckets.scale = scale;
    buckets.width = width;
    buckets.origin = origin;
    break;
  }
  return buckets;
}

std::string BucketLabel(const Buckets& buckets, double number) {
  if (buckets.min && number < *buckets.min) return "< " + FloatText(*buckets.min);
  if (buckets.max && number > *buckets.max) return "> " + FloatText(*buckets.max);
  double k = std::ceil((number * buckets.scale - buckets.origin) / buckets.width) - 1;
  if (buckets.min) k = std::max(k, 0.0);
  const auto edge = [&](double i) { return (buckets.origin + i * buckets.width) / buckets.scale; };
  double to = edge(k + 1);
  if (buckets.max) to = std::min(to, *buckets.max);
  return FloatText(edge(k)) + " - " + FloatText(to);
}

}  // namespace skep
