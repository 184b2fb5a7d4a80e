// SPDX-License-Identifier: Apache-2.0
#include "join/error_matcher.h"

#include <gtest/gtest.h>

#include "join/testing.h"

namespace skep::join {
namespace {

using testing::kEpochNs;
using testing::kMs;

constexpr uint64_t kBoom = 99;

class ErrorsTest : public ::testing::Test {
 protected:
  void Request(uint64_t number, int64_t start_ns, int64_t end_ns, uint64_t exception = kBoom) {
    RequestCandidate span = testing::Span(number, start_ns, end_ns, end_ns + kNsPerS);
    span.method = "GET";
    span.path = "/api/boom";
    span.exception = exception;
    if (exception != 0) span.exception_ns = span.end_ns - kMs;
    pool_.Add(std::move(span));
  }
  ErrorCandidate Error(int64_t receive_ns, uint64_t exception = kBoom) {
    ErrorCandidate error;
    error.receive_ns = kEpochNs + receive_ns;
    error.time_ns = error.receive_ns - error.receive_ns % kNsPerS;  // as clients say it
    error.event_id = ++last_event_;
    error.method = "GET";
    error.path = "/api/boom";
    error.authority = "127.0.0.1:4567";
    error.client = "127.0.0.1";
    error.exception = exception;
    return error;
  }
  std::vector<ErrorMatch> Match(const std::vector<ErrorCandidate>& errors) {
    std::vector<OpenError> open;
    for (const ErrorCandidate& error : errors) open.push_back({&error, true});
    return matcher_.Match(pool_, open);
  }
  // 0: none.
  uint64_t HostOf(const ErrorCandidate& error) {
    const auto matches = Match({error});
    return matches[0].request == nullptr ? 0
                                         : testing::NumberOf(matches[0].request->facts.trace_id);
  }
  // Makes the usual delay known: 8 to 12 ms after the exception.
  void LearnDelays() {
    for (uint64_t i = 0; i < 30; ++i) {
      const auto at_ns = static_cast<int64_t>(i) * 10 * kNsPerS;
      Request(1000 + i, at_ns, at_ns + 50 * kMs);
      EXPECT_NE(HostOf(Error(at_ns + (57 + static_cast<int64_t>(i) % 5) * kMs)), 0u);
    }
  }

  RequestPool pool_;
  ErrorMatcher matcher_;
  uint64_t last_event_ = 0;
};

constexpr int64_t kLaterNs = 1000 * kNsPerS;

TEST_F(ErrorsTest, OnlyRequestThatFits) {
  Request(1, 0, 50 * kMs);
  Request(2, 20 * kNsPerS, 20 * kNsPerS + 50 * kMs);
  const auto matches = Match({Error(58 * kMs)});
  ASSERT_NE(matches[0].request, nullptr);
  EXPECT_EQ(matches[0].request->facts.trace_id, testing::TraceOf(1, 'o'));
  EXPECT_TRUE(matches[0].same_exception);
  EXPECT_TRUE(matches[0].only_one);
  EXPECT_EQ(matches[0].delay_ns, 9 * kMs);
}

TEST_F(ErrorsTest, MessageWhileTheRequestRuns) {
  Request(1, 0, 300 * kMs, 0);
  EXPECT_EQ(HostOf(Error(200 * kMs, 0)), 1u);
}

TEST_F(ErrorsTest, WhatBothSayMustAgree) {
  Request(1, 0, 50 * kMs);
  const ErrorCandidate fits = Error(58 * kMs);
  ErrorCandidate error = fits;
  error.method = "POST";
  EXPECT_EQ(HostOf(error), 0u);
  error = fits;
  error.path = "/api";
  EXPECT_EQ(HostOf(error), 0u);
  error = fits;
  error.exception = kBoom + 1;
  EXPECT_EQ(HostOf(error), 0u);
  error = fits;
  error.authority = "127.0.0.1:1";
  EXPECT_EQ(HostOf(error), 0u);
  error = fits;
  error.time_ns += 20 * kNsPerS;
  EXPECT_EQ(HostOf(error), 0u);
  EXPECT_EQ(HostOf(fits), 1u);
}

TEST_F(ErrorsTest, BeforeTheRequestOrLongAfterIsAnother) {
  Request(1, 10 * kNsPerS, 11 * kNsPerS);
  EXPECT_EQ(HostOf(Error(9 * kNsPerS)), 0u);
  EXPECT_EQ(HostOf(Error(17 * kNsPerS)), 0u);
}

TEST_F(ErrorsTest, RequestOutsideAnyRouteIsNone) {
  ErrorCandidate error = Error(58 * kMs);
  error.method = error.path = "";
  Request(1, 0, 50 * kMs);
  EXPECT_EQ(HostOf(error), 0u);
}

TEST_F(ErrorsTest, TwoRequestsBeforeDelaysAreKnown) {
  Request(1, 0, 50 * kMs);
  Request(2, 20 * kMs, 1'500 * kMs);
  EXPECT_EQ(HostOf(Error(58 * kMs)), 0u);
}

// Somebody calls what fails again and again, from the start.
TEST_F(ErrorsTest, WhatOthersHaveGotLeavesOne) {
  for (uint64_t i = 1; i <= 4; ++i) {
    const auto at_ns = static_cast<int64_t>(i) * kNsPerS;
    Request(i, at_ns, at_ns + 50 * kMs);
  }
  EXPECT_EQ(HostOf(Error(2 * kNsPerS + 60 * kMs)), 0u) << "of the second or, late, of the first";
  EXPECT_EQ(HostOf(Error(kNsPerS + 60 * kMs)), 1u);
  EXPECT_EQ(HostOf(Error(2 * kNsPerS + 60 * kMs)), 2u);
  const auto matches = Match({Error(3 * kNsPerS + 60 * kMs), Error(4 * kNsPerS + 60 * kMs)});
  ASSERT_NE(matches[1].request, nullptr);
  EXPECT_EQ(matches[0].request->facts.trace_id, testing::TraceOf(3, 'o'));
  EXPECT_EQ(matches[1].request->facts.trace_id, testing::TraceOf(4, 'o'));
}

TEST_F(ErrorsTest, TwoThatWantTheLastOneStayAlone) {
  Request(1, 0, 50 * kMs);
  EXPECT_EQ(HostOf(Error(55 * kMs)), 1u);
  Request(2, kNsPerS, kNsPerS + 50 * kMs);
  for (const ErrorMatch& match : Match({Error(kNsPerS + 60 * kMs), Error(kNsPerS + 61 * kMs)}))
    EXPECT_EQ(match.request, nullptr);
}

TEST_F(ErrorsTest, ReportedTwiceIsTheNearestOnesAllTheSame) {
  LearnDelays();
  Request(1, kLaterNs, kLaterNs + 50 * kMs);
  for (const ErrorMatch& match : Match({Error(kLaterNs + 58 * kMs), Error(kLaterNs + 59 * kMs)}))
    EXPECT_NE(match.request, nullptr);
  Request(2, kLaterNs + kNsPerS, kLaterNs + kNsPerS + 50 * kMs);
  EXPECT_EQ(HostOf(Error(kLaterNs + kNsPerS + 60 * kMs)), 2u);
}

TEST_F(ErrorsTest, TwoRequestsApartAreToldByTheUsualDelay) {
  LearnDelays();
  Request(1, kLaterNs, kLaterNs + 50 * kMs);
  Request(2, kLaterNs, kLaterNs + 950 * kMs);
  const auto matches = Match({Error(kLaterNs + 59 * kMs), Error(kLaterNs + 958 * kMs)});
  ASSERT_TRUE(matches[0].request != nullptr && matches[1].request != nullptr);
  EXPECT_EQ(matches[0].request->facts.trace_id, testing::TraceOf(1, 'o'));
  EXPECT_EQ(matches[1].request->facts.trace_id, testing::TraceOf(2, 'o'));
}

TEST_F(ErrorsTest, SimultaneousTwinsStayAlone) {
  LearnDelays();
  Request(1, kLaterNs, kLaterNs + 50 * kMs);
  Request(2, kLaterNs, kLaterNs + 51 * kMs);
  for (const ErrorMatch& match : Match({Error(kLaterNs + 59 * kMs), Error(kLaterNs + 60 * kMs)}))
    EXPECT_EQ(match.request, nullptr);
}

TEST_F(ErrorsTest, StalledOccurrenceDoesNotTakeTheNextRequest) {
  // The first one's occurrence came so late that it looks like the second one's.
  LearnDelays();
  Request(1, kLaterNs, kLaterNs + 50 * kMs);
  Request(2, kLaterNs, kLaterNs + 950 * kMs);
  for (const ErrorMatch& match : Match({Error(kLaterNs + 958 * kMs), Error(kLaterNs + 960 * kMs)}))
    EXPECT_EQ(match.request, nullptr);
}

// At first it could as well be that of a request that is not here.
TEST_F(ErrorsTest, TwoOccurrencesOfOneRequest) {
  LearnDelays();
  Request(1, kLaterNs, kLaterNs + 50 * kMs);
  for (const ErrorMatch& match : Match({Error(kLaterNs + 58 * kMs), Error(kLaterNs + 60 * kMs)}))
    EXPECT_NE(match.request, nullptr);
}

TEST_F(ErrorsTest, MessagesOfShortRequests) {
  const std::vector<int64_t> starts_ms = {0, 240, 990, 4200, 5700};
  std::vector<ErrorCandidate> errors;
  for (size_t i = 0; i < starts_ms.size(); ++i) {
    const int64_t at_ns = starts_ms[i] * kMs;
    Request(i + 1, at_ns, at_ns + 5 * kMs, 0);
    errors.push_back(Error(at_ns + (i % 2 == 0 ? 4 : 6) * kMs, 0));
  }
  const auto matches = Match(errors);
  for (size_t i = 0; i < matches.size(); ++i) {
    ASSERT_NE(matches[i].request, nullptr) << i;
    EXPECT_EQ(matches[i].request->facts.trace_id, testing::TraceOf(i + 1, 'o'));
  }
}

// Each reports once, and the next one fails before the report is here.
TEST_F(ErrorsTest, OneAfterTheOther) {
  std::vector<ErrorCandidate> errors;
  for (int i = 0; i < 100; ++i) {
    const int64_t at_ns = i * 10 * kMs;
    Request(static_cast<uint64_t>(i) + 1, at_ns, at_ns + 8 * kMs);
    errors.push_back(Error(at_ns + 9 * kMs + i % 7 * kMs / 4));
  }
  size_t found = 0;
  const auto matches = Match(errors);
  for (size_t i = 0; i < matches.size(); ++i) {
    if (matches[i].request == nullptr) continue;
    EXPECT_EQ(matches[i].request->facts.trace_id, testing::TraceOf(i + 1, 'o'));
    ++found;
  }
  EXPECT_GE(found, 95u);
}

// Where requests are not sampled, occurrences come all the same.
TEST_F(ErrorsTest, OnlyOneThatFitsMayBeAnothers) {
  LearnDelays();
  Request(1, kLaterNs, kLaterNs + 50 * kMs);
  EXPECT_EQ(HostOf(Error(kLaterNs + 3'000 * kMs)), 0u);
}

TEST_F(ErrorsTest, SegmentServesWhereThereIsNoSpan) {
  RequestCandidate segment = testing::Segment(5, 0, 50 * kMs, 51 * kMs);
  segment.method = "GET";
  segment.path = "/api/boom";
  pool_.Add(std::move(segment));
  EXPECT_EQ(HostOf(Error(58 * kMs)), 5u);
}

}  // namespace
}  // namespace skep::join
