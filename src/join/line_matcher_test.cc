// SPDX-License-Identifier: Apache-2.0
// Lines without ids, through the window: twins, the only request in flight, and what stays as it
// is.
#include "join/line_matcher.h"

#include <gtest/gtest.h>

#include <map>

#include "join/join_window.h"
#include "join/testing.h"

namespace skep::join {
namespace {

using testing::kEpochNs;
using testing::kMs;
using testing::Span;
using testing::TraceOf;

constexpr uint64_t kStream = 500;
constexpr uint64_t kProcess = 1;  // as Span() says

class LinesTest : public ::testing::Test {
 protected:
  void OtlpLine(uint64_t trace, std::string text, int64_t time_ns, uint64_t process = kProcess) {
    LineCandidate line;
    line.door = Door::kOtlp;
    if (trace != 0) line.trace_id = TraceOf(trace, 'o');
    line.time_ns = kEpochNs + time_ns;
    line.receive_ns = line.time_ns + kNsPerS;
    line.event_id = ++last_event_;
    line.text = std::move(text);
    line.process = process;
    candidates_.lines.push_back(std::move(line));
  }
  uint64_t StreamLine(std::string text, int64_t time_ns, uint64_t stream = kStream) {
    LineCandidate line;
    line.time_ns = kEpochNs + time_ns - time_ns % kMs;
    line.receive_ns = kEpochNs + time_ns + 2 * kNsPerS;
    line.event_id = ++last_event_;
    line.text = std::move(text);
    line.process = stream;
    candidates_.lines.push_back(std::move(line));
    return last_event_;
  }
  void Request(uint64_t number, int64_t start_ns, int64_t end_ns, uint64_t process = kProcess) {
    RequestCandidate span = Span(number, start_ns, end_ns, end_ns + 3 * kNsPerS);
    span.process = process;
    candidates_.requests.push_back(std::move(span));
  }
  // Which trace each line was joined to, by event id.
  std::map<uint64_t, Join> Decide() {
    JoinWindow window({});
    window.Add(std::move(candidates_));
    std::map<uint64_t, Join> joins;
    for (int64_t now_ns = kEpochNs; now_ns < kEpochNs + 60 * kNsPerS; now_ns += 250 * kMs)
      for (Join& join : window.Decide(now_ns))
        EXPECT_TRUE(joins.emplace(join.event_id, join).second) << "joined twice";
    return joins;
  }
  // Lets the stream be known for a process.
  void Introduce(uint64_t stream, uint64_t process, int64_t from_ns = 0) {
    for (int i = 0; i < 6; ++i) {
      const int64_t at_ns = from_ns + (100 + 37 * i) * kMs + kMs / 2;
      const std::string text = "introduction " + std::to_string(i) + std::to_string(process);
      OtlpLine(900, text, at_ns, process);
      StreamLine(text, at_ns, stream);
    }
    last_introduced_ = last_event_;
  }
  // Without the lines of introductions.
  std::map<uint64_t, Join> DecideOthers() {
    auto joins = Decide();
    std::erase_if(joins, [&](const auto& entry) { return entry.first <= last_introduced_; });
    return joins;
  }

  Candidates candidates_;
  uint64_t last_event_ = 0;
  uint64_t last_introduced_ = 0;
};

TEST_F(LinesTest, SameLineIsJoinedToItsTwinsTrace) {
  Request(7, 100 * kMs, 400 * kMs);
  OtlpLine(7, "activity created in 0.2 s", 350 * kMs + kMs / 3);
  const uint64_t line = StreamLine("activity created in 0.2 s", 350 * kMs + kMs / 3);
  const auto joins = Decide();
  ASSERT_EQ(joins.size(), 1u);
  const Join& join = joins.at(line);
  EXPECT_EQ(join.kind, JoinKind::kSameRecord);
  EXPECT_EQ(join.door, Door::kCloudWatch);
  EXPECT_EQ(join.trace_id, TraceOf(7, 'o'));
  EXPECT_EQ(join.root_ns, kEpochNs + 100 * kMs);
  EXPECT_EQ(join.event_ns, kEpochNs + 350 * kMs);
  EXPECT_TRUE(join.guest_trace_id.empty());
}

TEST_F(LinesTest, FormatterMayPutMoreAroundTheMessage) {
  OtlpLine(7, "activity created in 0.2 s", 350 * kMs);
  const uint64_t line =
      StreamLine("2026-11-24 12:00:00,350 INFO backend activity created in 0.2 s", 351 * kMs);
  EXPECT_EQ(Decide().at(line).trace_id, TraceOf(7, 'o'));
}

TEST_F(LinesTest, MessageFieldOfJsonLineIsItsText) {
  OtlpLine(7, "say \"hi\"", 350 * kMs);
  const uint64_t line = StreamLine(R"({"level":"info","message":"say \"hi\""})", 350 * kMs);
  candidates_.lines.back().message = "say \"hi\"";
  EXPECT_EQ(Decide().at(line).trace_id, TraceOf(7, 'o'));
}

TEST_F(LinesTest, ShortTextWithinAnotherSaysNothing) {
  OtlpLine(7, "ok", 350 * kMs);
  StreamLine("looking for a token", 350 * kMs);
  EXPECT_TRUE(Decide().empty());
}

TEST_F(LinesTest, FarApartInTimeIsAnotherLine) {
  OtlpLine(7, "activity created in 0.2 s", 350 * kMs);
  StreamLine("activity created in 0.2 s", 357 * kMs);
  EXPECT_TRUE(Decide().empty());
}

TEST_F(LinesTest, SameTextInOneMillisecondStaysAlone) {
  Introduce(kStream, kProcess);
  for (const uint64_t trace : {7, 8}) {
    OtlpLine(trace, "GET / 200", 800 * kMs + static_cast<int64_t>(trace) * kMs / 50);
    StreamLine("GET / 200", 800 * kMs);
  }
  EXPECT_TRUE(DecideOthers().empty());
}

TEST_F(LinesTest, SameTextInNeighbouringMillisecondsIsToldApart) {
  Introduce(kStream, kProcess);
  OtlpLine(7, "GET / 200", 800 * kMs + kMs / 2);
  OtlpLine(8, "GET / 200", 802 * kMs + kMs / 2);
  const uint64_t first = StreamLine("GET / 200", 800 * kMs);
  const uint64_t second = StreamLine("GET / 200", 802 * kMs);
  const auto joins = DecideOthers();
  ASSERT_EQ(joins.size(), 2u);
  EXPECT_EQ(joins.at(first).trace_id, TraceOf(7, 'o'));
  EXPECT_EQ(joins.at(second).trace_id, TraceOf(8, 'o'));
}

TEST_F(LinesTest, NeighbouringMillisecondsAreOneBeforeTheStreamIsKnown) {
  OtlpLine(7, "GET / 200", 800 * kMs + kMs / 2);
  OtlpLine(8, "GET / 200", 802 * kMs + kMs / 2);
  StreamLine("GET / 200", 800 * kMs);
  EXPECT_TRUE(Decide().empty());
}

TEST_F(LinesTest, TwoLinesDoNotShareATwin) {
  // The second one's own twin is missing.
  OtlpLine(7, "GET / 200", 800 * kMs);
  StreamLine("GET / 200", 800 * kMs);
  StreamLine("GET / 200", 803 * kMs);
  EXPECT_TRUE(Decide().empty());
}

TEST_F(LinesTest, TwinOutsideAnySpanMeansNoTrace) {
  // One request is in flight, but the line was written by something else: OpenTelemetry says so.
  Request(7, 100 * kMs, 400 * kMs);
  OtlpLine(0, "cache is warm now", 350 * kMs);
  OtlpLine(7, "something else", 360 * kMs);
  StreamLine("cache is warm now", 350 * kMs);
  EXPECT_TRUE(Decide().empty());
}

TEST_F(LinesTest, StreamOfAnotherProcessIsNoTwin) {
  Introduce(kStream, kProcess);
  Introduce(kStream + 1, 2);
  OtlpLine(7, "GET / 200 of process one", 900 * kMs, kProcess);
  StreamLine("GET / 200 of process one", 900 * kMs, kStream + 1);
  EXPECT_TRUE(DecideOthers().empty());
}

TEST_F(LinesTest, SameTextOfTwoProcessesGoesToEachItsOwn) {
  Introduce(kStream, kProcess);
  Introduce(kStream + 1, 2);
  OtlpLine(7, "GET / 200", 900 * kMs, kProcess);
  OtlpLine(8, "GET / 200", 900 * kMs, 2);
  const uint64_t first = StreamLine("GET / 200", 900 * kMs, kStream);
  const uint64_t second = StreamLine("GET / 200", 900 * kMs, kStream + 1);
  const auto joins = DecideOthers();
  ASSERT_EQ(joins.size(), 2u);
  EXPECT_EQ(joins.at(first).trace_id, TraceOf(7, 'o'));
  EXPECT_EQ(joins.at(second).trace_id, TraceOf(8, 'o'));
}

TEST_F(LinesTest, StreamOfUnknownProcessWaitsUntilItIsKnown) {
  OtlpLine(7, "first of two processes", 100 * kMs, kProcess);
  OtlpLine(8, "second of two processes", 150 * kMs, 2);
  StreamLine("first of two processes", 100 * kMs);
  EXPECT_TRUE(Decide().empty());
}

TEST_F(LinesTest, StreamThatTwoProcessesShareIsNotTrusted) {
  for (int i = 0; i < 8; ++i) {
    const std::string text = "line " + std::to_string(i);
    OtlpLine(10 + static_cast<uint64_t>(i), text, (100 + 20 * i) * kMs,
             1 + static_cast<uint64_t>(i) % 2);
    StreamLine(text, (100 + 20 * i) * kMs);
  }
  EXPECT_TRUE(Decide().empty());
}

TEST_F(LinesTest, ProgramStartedAgainIsLearnedAnew) {
  Introduce(kStream, 1);
  Introduce(kStream, 2, 10 * kNsPerS);
  OtlpLine(7, "after the restart", 11 * kNsPerS, 2);
  const uint64_t line = StreamLine("after the restart", 11 * kNsPerS);
  EXPECT_EQ(DecideOthers().at(line).trace_id, TraceOf(7, 'o'));
}

TEST_F(LinesTest, OnlyRequestInFlightGetsTheLine) {
  Request(7, 100 * kMs, 400 * kMs);
  Request(8, 500 * kMs, 700 * kMs);
  const uint64_t line = StreamLine("no twin", 350 * kMs);
  const auto joins = Decide();
  ASSERT_EQ(joins.size(), 1u);
  EXPECT_EQ(joins.at(line).kind, JoinKind::kEvidence);
  EXPECT_EQ(joins.at(line).trace_id, TraceOf(7, 'o'));
  EXPECT_EQ(joins.at(line).span_id, testing::SpanOf(7, 'o'));
}

TEST_F(LinesTest, LineDuringTwoRequestsStaysAround) {
  Request(7, 100 * kMs, 400 * kMs);
  Request(8, 300 * kMs, 700 * kMs);
  StreamLine("no twin", 350 * kMs);
  EXPECT_TRUE(Decide().empty());
}

TEST_F(LinesTest, LineWhereOneRequestEndsAndTheNextBeginsStaysAround) {
  Request(7, 100 * kMs, 350 * kMs + kMs / 4);
  Request(8, 350 * kMs + kMs / 2, 700 * kMs);
  StreamLine("no twin", 350 * kMs);
  EXPECT_TRUE(Decide().empty());
}

TEST_F(LinesTest, LineBetweenRequestsStaysAround) {
  Request(7, 100 * kMs, 300 * kMs);
  StreamLine("no twin", 350 * kMs);
  EXPECT_TRUE(Decide().empty());
}

TEST_F(LinesTest, SegmentWithoutItsSpanMayBeAnotherRequest) {
  Request(7, 100 * kMs, 400 * kMs);
  RequestCandidate other = testing::Segment(9, 300 * kMs, 600 * kMs, 601 * kMs);
  other.path = "/elsewhere";
  candidates_.requests.push_back(std::move(other));
  StreamLine("no twin", 350 * kMs);
  EXPECT_TRUE(Decide().empty());
}

TEST_F(LinesTest, LongRequestIsWaitedFor) {
  // Long ones occur here; the one that ran when the line was written is known 20 s later.
  Request(6, -30 * kNsPerS, -2 * kNsPerS);
  Request(7, 100 * kMs, 400 * kMs);
  StreamLine("no twin", 350 * kMs);
  JoinWindow window({});
  window.Add(std::move(candidates_));
  size_t joined = 0;
  for (int64_t now_ns = kEpochNs; now_ns < kEpochNs + 60 * kNsPerS; now_ns += 250 * kMs) {
    if (now_ns == kEpochNs + 20 * kNsPerS) {
      Candidates late;
      late.requests.push_back(Span(8, 200 * kMs, 18 * kNsPerS, 20 * kNsPerS));
      window.Add(std::move(late));
    }
    joined += window.Decide(now_ns).size();
  }
  EXPECT_EQ(joined, 0u);
}

TEST_F(LinesTest, InFlightNeedsToKnowTheProcess) {
  Request(7, 100 * kMs, 400 * kMs, 1);
  Request(8, 900 * kMs, 950 * kMs, 2);
  StreamLine("no twin", 350 * kMs);
  EXPECT_TRUE(Decide().empty());
}

TEST_F(LinesTest, OtlpLineWithoutIdInAProcessThatNeverSendsOnes) {
  Request(7, 100 * kMs, 400 * kMs);
  OtlpLine(0, "from a file", 350 * kMs);
  const uint64_t line = last_event_;
  EXPECT_EQ(Decide().at(line).trace_id, TraceOf(7, 'o'));
}

TEST_F(LinesTest, NothingIsDecidedAroundWhatWasLeftOut) {
  Request(7, 100 * kMs, 400 * kMs);
  StreamLine("no twin", 350 * kMs);
  JoinWindow window({});
  window.AddGap(kEpochNs + 3 * kNsPerS);
  window.Add(std::move(candidates_));
  for (int64_t now_ns = kEpochNs; now_ns < kEpochNs + 60 * kNsPerS; now_ns += 250 * kMs)
    EXPECT_TRUE(window.Decide(now_ns).empty());
}

TEST_F(LinesTest, ReplayedLineIsOneLine) {
  Request(7, 100 * kMs, 400 * kMs);
  StreamLine("no twin", 350 * kMs);
  candidates_.lines.push_back(candidates_.lines.back());
  EXPECT_EQ(Decide().size(), 1u);
}

}  // namespace
}  // namespace skep::join
