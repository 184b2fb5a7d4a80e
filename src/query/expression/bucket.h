// SPDX-License-Identifier: Apache-2.0
// Buckets: what BUCKET(v, size, min, max) sorts numbers into, and the labels: "< 0", "0 - 10",
// "10 - 20", "> 20". A number on the boundary of two buckets falls into the lower one, but min
// itself into the first that is not "< min". Pure.
#pragma once

#include <optional>
#include <string>

namespace skep {

// The bucket of v is number k = ceil((v * scale - origin) / width) - 1, and k begins at (origin +
// k * width) / scale: with `scale` the sizes are whole, so that labels show 0.3 and not
// 0.30000000000000004.
struct Buckets {
  double scale = 1;
  double width = 1;
  double origin = 0;
  std::optional<double> min;
  std::optional<double> max;
};

// `size` is above 0, `max` above `min`.
Buckets MakeBuckets(double size, std::optional<double> min, std::optional<double> max);
std::string BucketLabel(const Buckets& buckets, double number);

}  // namespace skep
