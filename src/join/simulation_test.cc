// SPDX-License-Identifier: Apache-2.0
// Simulated traffic with a known truth: any seed, 1, 4 and 16 clients, gaps and delays drawn from
// what both SDKs of the sample app were measured to have. No join may be wrong; most are found.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "join/testing.h"

namespace skep::join {
namespace {

using testing::kMs;

// Times in ms. Quantiles of captures on two slow cores, stalled ones included.
constexpr std::pair<double, double> kStartGap[] = {{0, 0.17},   {0.05, 0.24}, {0.25, 0.40},
                                                   {0.5, 0.48}, {0.75, 0.56}, {0.9, 0.7},
                                                   {0.95, 1.2}, {0.99, 4},    {1, 26}};
constexpr std::pair<double, double> kEndGap[] = {{0, 0.06},   {0.05, 0.1}, {0.25, 0.16},
                                                 {0.5, 0.2},  {0.75, 0.3}, {0.9, 0.7},
                                                 {0.95, 1.5}, {0.99, 7},   {1, 60}};
constexpr std::pair<double, double> kSegmentDelay[] = {{0, 0.1},  {0.5, 2},    {0.75, 16},
                                                       {0.9, 56}, {0.99, 200}, {1, 280}};

struct Shape {
  int clients;
  double segments_share = 1;  // the others X-Ray did not sample
  double spans_share = 1;     // the others got lost
  bool whole_ms = false;      // the segment's SDK cuts its times
  double slowest_ms = 500;
};

class Traffic {
 public:
  Traffic(Shape shape, uint32_t seed) : shape_(shape), random_(seed) {}

  // Each client sends its next request when the last one was answered.
  std::vector<RequestCandidate> Make(size_t requests) {
    std::vector<double> free_ms(static_cast<size_t>(shape_.clients));
    for (double& at_ms : free_ms) at_ms = Uniform(0, 50);
    for (uint64_t number = 1; number <= requests; ++number) {
      double& at_ms = *std::min_element(free_ms.begin(), free_ms.end());
      at_ms = AddRequest(number, at_ms) + Uniform(0.5, 4);
    }
    return std::move(out_);
  }
  size_t both() const { return both_; }

 private:
  double Uniform(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random_);
  }
  template <size_t kSize>
  double Draw(const std::pair<double, double> (&quantiles)[kSize]) {
    const double q = Uniform(0, 1);
    size_t i = 1;
    while (quantiles[i].first < q) ++i;
    const auto& [low_q, low] = quantiles[i - 1];
    const auto& [high_q, high] = quantiles[i];
    return low + (high - low) * (q - low_q) / (high_q - low_q);
  }
  static int64_t Ns(double ms) { return static_cast<int64_t>(ms * 1e6); }

  double AddRequest(uint64_t number, double start_ms) {
    const double inner_start = start_ms + Draw(kStartGap);
    const double inner_end = inner_start + Uniform(50, shape_.slowest_ms);
    const double end_ms = inner_end + Draw(kEndGap);
    const bool span = Uniform(0, 1) < shape_.spans_share;
    const bool segment = Uniform(0, 1) < shape_.segments_share;
    // Spans are exported every 5 s.
    const double sent_ms = (std::floor(end_ms / 5000) + 1) * 5000 + 20;
    if (span) out_.push_back(testing::Span(number, Ns(start_ms), Ns(end_ms), Ns(sent_ms)));
    if (segment) {
      out_.push_back(testing::Segment(number, Ns(inner_start), Ns(inner_end),
                                      Ns(inner_end + Draw(kSegmentDelay))));
      if (shape_.whole_ms) {
        out_.back().start_ns -= out_.back().start_ns % kMs;
        out_.back().end_ns -= out_.back().end_ns % kMs;
      }
    }
    if (span && segment) ++both_;
    return end_ms;
  }

  const Shape shape_;
  std::mt19937 random_;
  std::vector<RequestCandidate> out_;
  size_t both_ = 0;
};

// The share found, in percent; fails on a wrong join.
double Simulate(const Shape& shape, uint32_t seeds, size_t requests) {
  size_t found = 0;
  size_t both = 0;
  for (uint32_t seed = 1; seed <= seeds; ++seed) {
    Traffic traffic(shape, seed);
    const auto candidates = traffic.Make(requests);
    JoinWindow window({});
    const testing::Score score = testing::Judge(testing::Play(&window, candidates), candidates);
    EXPECT_EQ(score.wrong, 0u) << "seed " << seed;
    found += score.found;
    both += traffic.both();
  }
  const double percent = 100.0 * static_cast<double>(found) / static_cast<double>(both);
  ::testing::Test::RecordProperty("found_percent_x100", static_cast<int>(percent * 100));
  return percent;
}

TEST(SimulationTest, OneClient) { EXPECT_EQ(Simulate({.clients = 1}, 20, 300), 100); }

TEST(SimulationTest, FourClients) { EXPECT_GE(Simulate({.clients = 4}, 20, 300), 99); }

TEST(SimulationTest, SixteenClients) { EXPECT_GE(Simulate({.clients = 16}, 20, 300), 99); }

TEST(SimulationTest, SixteenClientsLong) { EXPECT_GE(Simulate({.clients = 16}, 1, 6000), 99); }

TEST(SimulationTest, XRaySamplesOneInTwenty) {
  EXPECT_GE(Simulate({.clients = 16, .segments_share = 0.05}, 10, 2000), 80);
}

TEST(SimulationTest, SpansGetLost) {
  EXPECT_GE(Simulate({.clients = 16, .spans_share = 0.8}, 10, 600), 90);
}

TEST(SimulationTest, BothAreSampledIndependently) {
  EXPECT_GE(Simulate({.clients = 16, .segments_share = 0.5, .spans_share = 0.5}, 10, 1500), 40);
}

TEST(SimulationTest, BothAreSampledWithFewClients) {
  for (const int clients : {1, 2, 4})
    EXPECT_GE(Simulate({.clients = clients, .segments_share = 0.5, .spans_share = 0.5}, 20, 1000),
              70);
}

TEST(SimulationTest, SegmentTimesInWholeMilliseconds) {
  EXPECT_GE(Simulate({.clients = 16, .whole_ms = true}, 10, 600), 90);
}

// Requests of a few ms, three hundred a second.
TEST(SimulationTest, CrowdOfShortRequests) {
  EXPECT_GE(Simulate({.clients = 16, .slowest_ms = 55}, 10, 600), 80);
}

}  // namespace
}  // namespace skep::join
