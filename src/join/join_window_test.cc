// SPDX-License-Identifier: Apache-2.0
// Segments and spans: what must be joined, and above all what must not.
#include "join/join_window.h"

#include <gtest/gtest.h>

#include "join/testing.h"

namespace skep::join {
namespace {

using testing::Judge;
using testing::kMs;
using testing::Play;
using testing::Segment;
using testing::Span;

// Requests one after another, so that the usual gaps are known: 0.4 ms at the start, 0.2 at the
// end.
std::vector<RequestCandidate> Usual(uint64_t first, size_t count, int64_t from_ns) {
  std::vector<RequestCandidate> requests;
  for (size_t i = 0; i < count; ++i) {
    const int64_t start_ns = from_ns + static_cast<int64_t>(i) * 400 * kMs;
    const int64_t end_ns = start_ns + 200 * kMs + static_cast<int64_t>(i % 7) * 20 * kMs;
    const int64_t jitter_ns = static_cast<int64_t>(i % 5) * kMs / 50;
    requests.push_back(Span(first + i, start_ns, end_ns, end_ns + 3'000 * kMs));
    requests.push_back(Segment(first + i, start_ns + 2 * kMs / 5 + jitter_ns,
                               end_ns - kMs / 5 - jitter_ns, end_ns + kMs));
  }
  return requests;
}

constexpr size_t kUsual = 60;
constexpr int64_t kLaterNs = 30 * kNsPerS;  // after them

class SegmentsTest : public ::testing::Test {
 protected:
  SegmentsTest() : requests_(Usual(1000, kUsual, 0)) {}

  void Add(RequestCandidate request) { requests_.push_back(std::move(request)); }
  // Joins beyond the usual ones; fails on a wrong one.
  size_t Found() {
    JoinWindow window({});
    joins_ = Play(&window, requests_);
    const auto score = Judge(joins_, requests_);
    EXPECT_EQ(score.wrong, 0u);
    EXPECT_GE(score.found, kUsual);
    return score.found + score.wrong - kUsual;
  }

  std::vector<RequestCandidate> requests_;
  std::vector<std::pair<int64_t, Join>> joins_;
};

TEST_F(SegmentsTest, FirstRequestOfAllIsJoined) {
  JoinWindow window({});
  const std::vector<RequestCandidate> one = {
      Span(1, 0, 300 * kMs, 4'000 * kMs),
      Segment(1, 8 * kMs, 299 * kMs, 301 * kMs),
  };
  const auto joins = Play(&window, one);
  ASSERT_EQ(joins.size(), 1u);
  const Join& join = joins[0].second;
  EXPECT_EQ(join.trace_id, one[0].trace_id);
  EXPECT_EQ(join.span_id, one[0].span_id);
  EXPECT_EQ(join.root_ns, one[0].start_ns);
  EXPECT_EQ(join.guest_trace_id, one[1].trace_id);
  EXPECT_EQ(join.guest_span_id, one[1].span_id);
  EXPECT_NE(join.evidence.find("same method and path, same status, same client"), std::string::npos)
      << join.evidence;
}

TEST_F(SegmentsTest, OverlappingRequestsAreToldApart) {
  Add(Span(1, kLaterNs, kLaterNs + 300 * kMs, kLaterNs + 4'000 * kMs));
  Add(Span(2, kLaterNs + 5 * kMs, kLaterNs + 250 * kMs, kLaterNs + 4'000 * kMs));
  Add(Segment(1, kLaterNs + kMs / 2, kLaterNs + 300 * kMs - kMs / 4, kLaterNs + 301 * kMs));
  Add(Segment(2, kLaterNs + 11 * kMs / 2, kLaterNs + 250 * kMs - kMs / 4, kLaterNs + 251 * kMs));
  EXPECT_EQ(Found(), 2u);
}

TEST_F(SegmentsTest, SimultaneousTwinsStayAlone) {
  for (const uint64_t number : {1, 2}) {
    const int64_t shift_ns = static_cast<int64_t>(number) * kMs / 50;
    Add(Span(number, kLaterNs + shift_ns, kLaterNs + 200 * kMs - shift_ns, kLaterNs + 4'000 * kMs));
    Add(Segment(number, kLaterNs + kMs / 2 - shift_ns, kLaterNs + 200 * kMs - kMs / 4 + shift_ns,
                kLaterNs + 201 * kMs));
  }
  EXPECT_EQ(Found(), 0u);
}

TEST_F(SegmentsTest, TwinOfOneThatWasNotSampledStaysAlone) {
  // Both requests have spans; only one has a segment, which fits either.
  Add(Span(1, kLaterNs, kLaterNs + 200 * kMs, kLaterNs + 4'000 * kMs));
  Add(Span(2, kLaterNs + kMs / 20, kLaterNs + 200 * kMs - kMs / 20, kLaterNs + 4'000 * kMs));
  Add(Segment(2, kLaterNs + kMs / 2, kLaterNs + 200 * kMs - kMs / 4, kLaterNs + 201 * kMs));
  EXPECT_EQ(Found(), 0u);
}

TEST_F(SegmentsTest, SampledOutNeighboursDoNotMislead) {
  // Ten spans, one segment: it goes to its own.
  for (uint64_t number = 1; number <= 10; ++number) {
    const int64_t start_ns = kLaterNs + static_cast<int64_t>(number) * 15 * kMs;
    Add(Span(number, start_ns, start_ns + 200 * kMs, kLaterNs + 4'000 * kMs));
  }
  Add(Segment(4, kLaterNs + 60 * kMs + kMs / 2, kLaterNs + 260 * kMs - kMs / 4,
              kLaterNs + 261 * kMs));
  EXPECT_EQ(Found(), 1u);
}

TEST_F(SegmentsTest, SpanThatNeverComesLeavesItsSegmentAlone) {
  // What is near is 60 ms away on both sides: another request.
  Add(Span(1, kLaterNs, kLaterNs + 320 * kMs, kLaterNs + 4'000 * kMs));
  Add(Segment(2, kLaterNs + 60 * kMs, kLaterNs + 260 * kMs, kLaterNs + 261 * kMs));
  EXPECT_EQ(Found(), 0u);
}

TEST_F(SegmentsTest, SegmentDoesNotReachOutOfItsSpan) {
  // In this program the segment has always been the inner one.
  Add(Span(1, kLaterNs, kLaterNs + 200 * kMs, kLaterNs + 4'000 * kMs));
  Add(Segment(2, kLaterNs - 3 * kMs, kLaterNs + 204 * kMs, kLaterNs + 205 * kMs));
  EXPECT_EQ(Found(), 0u);
}

struct Difference {
  const char* what;
  void (*make)(RequestCandidate* segment);
};

TEST_F(SegmentsTest, WhatBothSayMustAgree) {
  const Difference differences[] = {
      {"method", [](RequestCandidate* s) { s->method = "GET"; }},
      {"path", [](RequestCandidate* s) { s->path = "/other"; }},
      {"status", [](RequestCandidate* s) { s->status = 500; }},
      {"client",
       [](RequestCandidate* s) {
         s->client = "10.0.0.9";
         s->peer = s->client;
       }},
      {"port", [](RequestCandidate* s) { s->authority = "127.0.0.1:4568"; }},
      {"host", [](RequestCandidate* s) { s->host = "b"; }},
      {"process", [](RequestCandidate* s) { s->pid = 8; }},
  };
  for (const Difference& difference : differences) {
    requests_ = Usual(1000, kUsual, 0);
    RequestCandidate span = Span(1, kLaterNs, kLaterNs + 200 * kMs, kLaterNs + 4'000 * kMs);
    span.host = "a";
    span.pid = 7;
    RequestCandidate segment =
        Segment(2, kLaterNs + kMs / 2, kLaterNs + 200 * kMs - kMs / 4, kLaterNs + 201 * kMs);
    difference.make(&segment);
    Add(std::move(span));
    Add(std::move(segment));
    EXPECT_EQ(Found(), 0u) << difference.what;
  }
}

TEST_F(SegmentsTest, ProxyThatOnlyOneSdkLooksBehindIsNoDifference) {
  RequestCandidate span = Span(1, kLaterNs, kLaterNs + 200 * kMs, kLaterNs + 4'000 * kMs);
  span.peer = "10.0.0.1";
  RequestCandidate segment =
      Segment(1, kLaterNs + kMs / 2, kLaterNs + 200 * kMs - kMs / 4, kLaterNs + 201 * kMs);
  segment.client = "203.0.113.7";  // forwarded: the connection's is not said
  Add(std::move(span));
  Add(std::move(segment));
  EXPECT_EQ(Found(), 1u);
}

TEST_F(SegmentsTest, TwoProcessesBehindOneNameAreToldApartByTime) {
  for (const uint64_t number : {1, 2}) {
    const int64_t start_ns = kLaterNs + static_cast<int64_t>(number) * 30 * kMs;
    RequestCandidate span = Span(number, start_ns, start_ns + 200 * kMs, kLaterNs + 4'000 * kMs);
    span.process = 10 + number;
    Add(std::move(span));
    Add(Segment(number, start_ns + kMs / 2, start_ns + 200 * kMs - kMs / 4, start_ns + 201 * kMs));
  }
  EXPECT_EQ(Found(), 2u);
}

TEST_F(SegmentsTest, RetriedRequestsOfOneTraceEachFindTheirSegment) {
  const TraceId trace = testing::TraceOf(77, 'o');
  for (const uint64_t number : {1, 2}) {
    const int64_t start_ns = kLaterNs + static_cast<int64_t>(number) * 500 * kMs;
    RequestCandidate span = Span(number, start_ns, start_ns + 200 * kMs, kLaterNs + 4'000 * kMs);
    span.trace_id = trace;
    Add(std::move(span));
    Add(Segment(number, start_ns + kMs / 2, start_ns + 200 * kMs - kMs / 4, start_ns + 201 * kMs));
  }
  JoinWindow window({});
  size_t found = 0;
  for (const auto& [when_ns, join] : Play(&window, requests_)) {
    if (join.trace_id != trace) continue;
    ++found;
    EXPECT_EQ(join.span_id, testing::SpanOf(testing::NumberOf(join.guest_trace_id), 'o'));
  }
  EXPECT_EQ(found, 2u);
}

TEST_F(SegmentsTest, TwoLayersOfOneServerAreOneRequest) {
  RequestCandidate outer = Span(1, kLaterNs, kLaterNs + 200 * kMs, kLaterNs + 4'000 * kMs);
  RequestCandidate inner =
      Span(1, kLaterNs + kMs / 10, kLaterNs + 200 * kMs - kMs / 10, kLaterNs + 4'000 * kMs);
  inner.span_id = testing::SpanOf(99, 'o');
  Add(std::move(inner));
  Add(std::move(outer));
  Add(Segment(1, kLaterNs + kMs / 2, kLaterNs + 200 * kMs - kMs / 4, kLaterNs + 201 * kMs));
  EXPECT_EQ(Found(), 1u);
}

TEST_F(SegmentsTest, TimesInWholeMillisecondsAreTakenAsTheyAre) {
  // An SDK that cuts its times: a segment may begin before its span.
  requests_.clear();
  for (RequestCandidate request : Usual(1000, kUsual, 0)) {
    if (request.door == Door::kXRay) {
      request.start_ns -= request.start_ns % kMs;
      request.end_ns -= request.end_ns % kMs;
    }
    requests_.push_back(std::move(request));
  }
  EXPECT_EQ(Found(), 0u);  // beyond the usual ones, which Found() expects
}

TEST_F(SegmentsTest, SameIdNeedsNoJoin) {
  RequestCandidate span = Span(1, kLaterNs, kLaterNs + 200 * kMs, kLaterNs + 4'000 * kMs);
  RequestCandidate segment =
      Segment(1, kLaterNs + kMs / 2, kLaterNs + 200 * kMs - kMs / 4, kLaterNs + 201 * kMs);
  segment.trace_id = span.trace_id;
  // Nor may it be taken for somebody else's.
  Add(Span(2, kLaterNs + kMs / 10, kLaterNs + 200 * kMs, kLaterNs + 4'000 * kMs));
  Add(std::move(span));
  Add(std::move(segment));
  EXPECT_EQ(Found(), 0u);
}

TEST_F(SegmentsTest, NothingIsDecidedWhileACompetitorMayBeOnItsWay) {
  // The second process has not sent yet: its span, which fits as well, comes after the first.
  RequestCandidate early = Span(1, kLaterNs, kLaterNs + 200 * kMs, kLaterNs + 1'000 * kMs);
  RequestCandidate late =
      Span(2, kLaterNs + kMs / 20, kLaterNs + 200 * kMs - kMs / 20, kLaterNs + 5'500 * kMs);
  late.process = 2;
  RequestCandidate known = Span(3, 100 * kMs, 150 * kMs, 400 * kMs);
  known.process = 2;
  Add(std::move(early));
  Add(std::move(late));
  Add(std::move(known));
  Add(Segment(2, kLaterNs + kMs / 2, kLaterNs + 200 * kMs - kMs / 4, kLaterNs + 201 * kMs));
  EXPECT_EQ(Found(), 0u);
}

TEST_F(SegmentsTest, JoinedOnceTheProcessHasSentEverythingOfThen) {
  Add(Span(1, kLaterNs, kLaterNs + 200 * kMs, kLaterNs + 1'000 * kMs));
  Add(Segment(1, kLaterNs + kMs / 2, kLaterNs + 200 * kMs - kMs / 4, kLaterNs + 201 * kMs));
  ASSERT_EQ(Found(), 1u);
  const auto& [when_ns, join] = joins_.back();
  EXPECT_LE(when_ns - testing::kEpochNs - kLaterNs, 1'300 * kMs);
}

TEST_F(SegmentsTest, SpanThatComesLateIsStillFound) {
  Add(Span(1, kLaterNs, kLaterNs + 200 * kMs, kLaterNs + 20'000 * kMs));
  Add(Segment(1, kLaterNs + kMs / 2, kLaterNs + 200 * kMs - kMs / 4, kLaterNs + 201 * kMs));
  EXPECT_EQ(Found(), 1u);
}

TEST_F(SegmentsTest, SentTwiceIsJoinedOnce) {
  for (int i = 0; i < 2; ++i) {
    Add(Span(1, kLaterNs, kLaterNs + 200 * kMs, kLaterNs + (4'000 + i) * kMs));
    Add(Segment(1, kLaterNs + kMs / 2, kLaterNs + 200 * kMs - kMs / 4, kLaterNs + (201 + i) * kMs));
  }
  EXPECT_EQ(Found(), 1u);
}

TEST_F(SegmentsTest, JoinedBeforeARestartIsNotJoinedAgain) {
  JoinWindow window({});
  const int64_t now_ns = testing::kEpochNs;
  window.AlreadyJoined(testing::TraceOf(1, 'x'), 0, now_ns);
  const std::vector<RequestCandidate> one = {Span(1, 0, 300 * kMs, 4'000 * kMs),
                                             Segment(1, kMs, 299 * kMs, 301 * kMs)};
  EXPECT_TRUE(Play(&window, one).empty());
}

TEST_F(SegmentsTest, NothingIsDecidedAroundWhatWasLeftOut) {
  JoinWindow window({});
  window.AddGap(testing::kEpochNs + kNsPerS);
  const std::vector<RequestCandidate> one = {Span(1, 0, 300 * kMs, 4'000 * kMs),
                                             Segment(1, kMs, 299 * kMs, 301 * kMs)};
  EXPECT_TRUE(Play(&window, one).empty());
}

TEST_F(SegmentsTest, MemoryIsBounded) {
  WindowOptions options;
  options.candidates_max = 100;
  JoinWindow window(options);
  for (uint64_t i = 0; i < 1000; ++i) {
    Candidates candidates;
    const auto at_ns = static_cast<int64_t>(i) * kMs;
    candidates.requests.push_back(Segment(i, at_ns, at_ns + kMs, at_ns + kMs));
    window.Add(std::move(candidates));
  }
  window.Decide(testing::kEpochNs + kNsPerS);
  EXPECT_LE(window.size(), 100u);
  // What there was no room for may have competed: nothing around it is decided.
  const std::vector<RequestCandidate> one = {Span(5000, 0, 300 * kMs, 4'000 * kMs),
                                             Segment(5000, kMs, 299 * kMs, 301 * kMs)};
  EXPECT_TRUE(Play(&window, one).empty());
}

}  // namespace
}  // namespace skep::join
