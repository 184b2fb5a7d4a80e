// SPDX-License-Identifier: Apache-2.0
#include "fields/distinct_sketch.h"

#include <gtest/gtest.h>

#include <random>

namespace skep::fields {
namespace {

DistinctSketch Random(size_t values, uint64_t seed) {
  std::mt19937_64 random(seed);
  DistinctSketch sketch;
  for (size_t i = 0; i < values; ++i) sketch.Add(random());
  return sketch;
}

TEST(DistinctSketchTest, IsExactWhileThereAreFew) {
  DistinctSketch sketch;
  EXPECT_EQ(sketch.Estimate(), 0u);
  for (int round = 0; round < 3; ++round)
    for (uint64_t i = 0; i < 128; ++i) EXPECT_EQ(sketch.Add(i * 0x9E3779B97F4A7C15ull), round == 0);
  EXPECT_EQ(sketch.Estimate(), 128u);
}

TEST(DistinctSketchTest, IsWithinATenthWhenThereAreMany) {
  for (const size_t values : {129u, 1000u, 2500u, 3000u, 50'000u, 1'000'000u}) {
    const auto estimate = static_cast<double>(Random(values, values).Estimate());
    EXPECT_NEAR(estimate, static_cast<double>(values), 0.1 * static_cast<double>(values));
  }
}

TEST(DistinctSketchTest, WhatIsInChangesNothing) {
  DistinctSketch sketch = Random(5000, 1);
  std::mt19937_64 random(1);
  for (int i = 0; i < 5000; ++i) EXPECT_FALSE(sketch.Add(random()));
}

TEST(DistinctSketchTest, GoesToTextAndBack) {
  for (const size_t values : {0u, 1u, 128u, 129u, 100'000u}) {
    const DistinctSketch sketch = Random(values, 7);
    const auto again = DistinctSketch::Decode(sketch.Encode());
    ASSERT_TRUE(again);
    EXPECT_EQ(again->Encode(), sketch.Encode());
    EXPECT_EQ(again->Estimate(), sketch.Estimate());
  }
  // The ends of what a register can hold.
  DistinctSketch sketch = Random(1000, 3);
  sketch.Add(0);
  sketch.Add(~uint64_t{0});
  EXPECT_TRUE(DistinctSketch::Decode(sketch.Encode()));
}

TEST(DistinctSketchTest, RefusesWhatIsNone) {
  for (const std::string& text :
       {std::string(), std::string("x"), std::string("h0"), std::string("r0"),
        "h" + std::string(16, 'z'), "r" + std::string(1024, '~'), "h" + std::string(129 * 16, '0')})
    EXPECT_FALSE(DistinctSketch::Decode(text)) << text.substr(0, 20);
}

}  // namespace
}  // namespace skep::fields
