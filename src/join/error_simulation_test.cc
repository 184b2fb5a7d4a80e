// SPDX-License-Identifier: Apache-2.0
// Failing requests with a known truth: from few and many clients, sampled, with occurrences that
// are dropped or late. No occurrence may be joined to another's request.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "join/testing.h"

namespace skep::join {
namespace {

using testing::kMs;

struct Shape {
  int clients = 1;
  double pause_ms = 0;        // at most, between two failures of one client; at least a tenth of it
  double delay_ms = 0.7;      // of occurrences, usually
  double spans_share = 1;     // the other requests were not sampled
  double reported_share = 1;  // of the others no occurrence came
  double stalled_share = 0.005;  // of occurrences that take up to 3 s
  bool fifo = true;              // sent one after the other
};

class Failures {
 public:
  Failures(const Shape& shape, uint32_t seed) : shape_(shape), random_(seed) {}

  // Spans and occurrences in order of arrival, each with the number of its request.
  std::vector<Candidates> Make(size_t requests) {
    std::vector<double> free_ms(static_cast<size_t>(shape_.clients));
    for (double& at_ms : free_ms) at_ms = Uniform(0, 50);
    for (uint64_t number = 1; number <= requests; ++number) {
      double& at_ms = *std::min_element(free_ms.begin(), free_ms.end());
      AddRequest(number, at_ms);
      at_ms += Uniform(1, 3) + Uniform(shape_.pause_ms / 10, shape_.pause_ms);
    }
    std::stable_sort(out_.begin(), out_.end(), [](const Candidates& a, const Candidates& b) {
      return ArrivalOf(a) < ArrivalOf(b);
    });
    return std::move(out_);
  }
  size_t both() const { return both_; }
  static int64_t ArrivalOf(const Candidates& candidates) {
    return candidates.errors.empty() ? candidates.requests.front().receive_ns
                                     : candidates.errors.front().receive_ns;
  }

 private:
  double Uniform(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random_);
  }
  static int64_t Ns(double ms) { return static_cast<int64_t>(ms * 1e6); }

  void AddRequest(uint64_t number, double start_ms) {
    const double thrown_ms = start_ms + Uniform(0.1, 0.4);
    const double end_ms = thrown_ms + Uniform(0.1, 0.4);
    const bool span = Uniform(0, 1) < shape_.spans_share;
    const bool reported = Uniform(0, 1) < shape_.reported_share;
    if (span) {
      const double sent_ms = (std::floor(end_ms / 5000) + 1) * 5000 + 20;
      Candidates& out = out_.emplace_back();
      out.requests.push_back(testing::Span(number, Ns(start_ms), Ns(end_ms), Ns(sent_ms)));
      RequestCandidate& request = out.requests.back();
      request.path = "/api/boom";
      request.status = 500;
      request.exception = 99;
      request.exception_ns = testing::kEpochNs + Ns(thrown_ms);
      out.heard.emplace_back(request.process, request.receive_ns);
    }
    if (reported) {
      double delay_ms = shape_.delay_ms * std::exp(Uniform(-0.7, 1.5));
      if (Uniform(0, 1) < shape_.stalled_share) delay_ms = Uniform(50, 3000);
      double sent_ms = thrown_ms + delay_ms;
      if (shape_.fifo) sent_ms = std::max(sent_ms, last_sent_ms_ + 0.3);
      last_sent_ms_ = sent_ms;
      ErrorCandidate error;
      error.receive_ns = testing::kEpochNs + Ns(sent_ms);
      error.time_ns = testing::kEpochNs + Ns(thrown_ms) / kNsPerS * kNsPerS;
      error.event_id = number;
      error.method = "POST";
      error.path = "/api/boom";
      error.exception = 99;
      out_.emplace_back().errors.push_back(error);
    }
    if (span && reported) ++both_;
  }

  const Shape shape_;
  std::mt19937 random_;
  std::vector<Candidates> out_;
  double last_sent_ms_ = 0;
  size_t both_ = 0;
};

// The share found, in percent; fails on a wrong join.
double Simulate(const Shape& shape, uint32_t seeds, size_t requests) {
  size_t found = 0;
  size_t both = 0;
  for (uint32_t seed = 1; seed <= seeds; ++seed) {
    Failures failures(shape, seed);
    const std::vector<Candidates> arrivals = failures.Make(requests);
    JoinWindow window({});
    size_t next = 0;
    int64_t now_ns = Failures::ArrivalOf(arrivals.front());
    const int64_t end_ns = Failures::ArrivalOf(arrivals.back()) + 40 * kNsPerS;
    for (; now_ns < end_ns; now_ns += 250 * kMs) {
      for (; next < arrivals.size() && Failures::ArrivalOf(arrivals[next]) <= now_ns; ++next)
        window.Add(arrivals[next]);
      for (const Join& join : window.Decide(now_ns)) {
        const bool right = testing::NumberOf(join.trace_id) == join.event_id;
        EXPECT_TRUE(right) << "seed " << seed << ": " << join.event_id << " to "
                           << testing::NumberOf(join.trace_id) << ", " << join.evidence;
        found += right ? 1 : 0;
      }
    }
    both += failures.both();
  }
  const double percent = 100.0 * static_cast<double>(found) / static_cast<double>(both);
  ::testing::Test::RecordProperty("found_percent_x100", static_cast<int>(percent * 100));
  return percent;
}

TEST(ErrorSimulationTest, FewClientsThatPause) {
  EXPECT_GE(Simulate({.clients = 1, .pause_ms = 500}, 3, 200), 90);
  EXPECT_GE(Simulate({.clients = 4, .pause_ms = 500}, 2, 300), 70);
}

TEST(ErrorSimulationTest, ManyClientsThatPause) {
  Simulate({.clients = 16, .pause_ms = 500}, 1, 300);
}

TEST(ErrorSimulationTest, RequestsAreSampled) {
  EXPECT_GE(Simulate({.clients = 1, .pause_ms = 1000, .spans_share = 0.5}, 2, 200), 80);
  EXPECT_GE(Simulate({.clients = 2, .pause_ms = 500, .spans_share = 0.8}, 3, 300), 85);
  Simulate({.clients = 4, .pause_ms = 500, .spans_share = 0.5}, 2, 300);
  Simulate({.clients = 4, .pause_ms = 500, .spans_share = 0.05}, 2, 300);
}

TEST(ErrorSimulationTest, MostReportsAreDropped) {
  Simulate({.clients = 4, .pause_ms = 500, .reported_share = 0.2}, 2, 300);
}

TEST(ErrorSimulationTest, NobodyPauses) {
  Simulate({.clients = 4}, 1, 200);
  Simulate({.clients = 4, .fifo = false}, 1, 200);
}

TEST(ErrorSimulationTest, ReportsTakeLongerThanTheNextFailure) {
  for (const double delay_ms : {20.0, 200.0, 1000.0})
    Simulate({.clients = 2, .pause_ms = 100, .delay_ms = delay_ms, .fifo = false}, 1, 200);
}

}  // namespace
}  // namespace skep::join
