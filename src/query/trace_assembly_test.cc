// SPDX-License-Identifier: Apache-2.0
#include "query/trace_assembly.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "query/testing.h"

namespace skep {
namespace {

using testing::kMs;
using testing::kTestTimeNs;
using testing::SpanOf;
using testing::TraceOf;

EventRow Row(Signal signal, Door door, uint8_t trace, int64_t at_ms, uint64_t for_ms = 0) {
  static uint64_t next_event = 0;
  EventRow row;
  row.signal = signal;
  row.door = door;
  row.trace_id = TraceOf(trace);
  row.time_ns = kTestTimeNs + at_ms * kMs;
  row.duration_ns = for_ms * static_cast<uint64_t>(kMs);
  row.event_id = ++next_event;
  row.dataset = "shop";
  row.attributes = "{}";
  return row;
}

EventRow Span(Door door, uint8_t trace, uint8_t span, uint8_t parent, std::string name,
              int64_t at_ms, uint64_t for_ms) {
  EventRow row = Row(Signal::kSpan, door, trace, at_ms, for_ms);
  row.event_id = 0;
  row.span_id = SpanOf(span);
  row.parent_id = SpanOf(parent);
  row.kind = door == Door::kXRay || parent == 0 ? SpanKind::kServer : SpanKind::kInternal;
  row.name = std::move(name);
  return row;
}

EventRow Line(Door door, uint8_t trace, uint8_t span, std::string text, int64_t at_ms) {
  EventRow row = Row(Signal::kLog, door, trace, at_ms);
  row.span_id = SpanOf(span);
  row.body = std::move(text);
  return row;
}

JoinRecord Guest(uint8_t host_span, uint8_t guest) {
  JoinRecord join;
  join.trace_id = TraceOf(1);
  join.host_span_id = SpanOf(host_span);
  join.other_trace_id = TraceOf(guest);
  join.text = "Same method, path and status.";
  return join;
}

JoinRecord Brought(uint8_t host_span, const EventRow& event, JoinHow how) {
  JoinRecord join;
  join.trace_id = TraceOf(1);
  join.host_span_id = SpanOf(host_span);
  join.how = how;
  join.door = event.door;
  join.event_id = event.event_id;
  join.event_time_ns = event.time_ns;
  join.text = "Its process had one request.";
  return join;
}

std::string Draw(const Trace& trace) {
  constexpr const char* kKinds[] = {"span", "log", "error", "event", "missing"};
  std::string out;
  for (const TraceRow& row : trace.rows) {
    out += std::string(2 * row.depth, ' ') + kKinds[static_cast<int>(row.kind)] + " " +
           std::string(NameOf(row.event.door));
    if (row.also_door) out += "+" + std::string(NameOf(*row.also_door));
    out += " " + (row.kind == TraceRowKind::kLog ? row.event.body : row.event.name) + " " +
           std::string(NameOf(row.how)) + "\n";
  }
  return out;
}

Trace Assemble(std::vector<EventRow> rows, std::vector<JoinRecord> joins = {}) {
  TraceMaterial material;
  material.trace_id = TraceOf(1);
  material.rows = std::move(rows);
  material.joins = std::move(joins);
  return AssembleTrace(std::move(material));
}

TEST(TraceAssemblyTest, ManyOfAJoinAreCountedAsThePageWritesNumbers) {
  std::vector<EventRow> rows = {Span(Door::kOtlp, 1, 1, 0, "GET /", 0, 100)};
  for (int i = 0; i < 1234; ++i) rows.push_back(Line(Door::kOtlp, 1, 1, "line", 20));
  const Trace trace = Assemble(std::move(rows));
  ASSERT_EQ(trace.joins.size(), 1u);
  EXPECT_EQ(trace.joins[0].what, "1 span, 1,234 lines");
}

TEST(TraceAssemblyTest, FourDoorsOneTree) {
  const EventRow joined = Line(Door::kCloudWatch, 0, 0, "by evidence", 30);
  EventRow error = Row(Signal::kError, Door::kRollbar, 0, 40);
  error.name = "KeyError";
  const Trace trace = Assemble(
      {Span(Door::kOtlp, 1, 1, 0, "GET /", 0, 100), Span(Door::kOtlp, 1, 2, 1, "render", 10, 50),
       Line(Door::kOtlp, 1, 2, "in render", 20), Span(Door::kXRay, 7, 8, 0, "shop", 1, 98),
       Span(Door::kXRay, 7, 9, 8, "sub", 5, 10), joined, error},
      {Guest(1, 7), Brought(1, joined, JoinHow::kEvidence), Brought(1, error, JoinHow::kEvidence)});
  EXPECT_EQ(Draw(trace),
            "span otlp GET / same_id\n"
            "  span xray shop evidence\n"
            "    span xray sub evidence\n"
            "  span otlp render same_id\n"
            "    log otlp in render same_id\n"
            "  log cloudwatch by evidence evidence\n"
            "  error rollbar KeyError evidence\n");
  EXPECT_EQ(trace.start_ns, kTestTimeNs);
  EXPECT_EQ(trace.end_ns, kTestTimeNs + 100 * kMs);
  EXPECT_EQ(trace.other_trace_ids, std::vector{TraceOf(7)});
  ASSERT_EQ(trace.joins.size(), 4u);
  EXPECT_EQ(trace.joins[0].what, "2 spans, 1 line");
  EXPECT_EQ(trace.joins[1].what, "2 segments");
  EXPECT_EQ(trace.joins[1].why, "Same method, path and status.");
  EXPECT_EQ(trace.joins[2].how, JoinHow::kEvidence);
  ASSERT_EQ(trace.request.doors.size(), 4u);
  EXPECT_EQ(trace.request.doors[1].spans, 2u);
  EXPECT_EQ(trace.request.doors[3].errors, 1u);
  EXPECT_EQ(trace.request.spans, 4u);
  EXPECT_EQ(trace.request.logs, 2u);
  EXPECT_EQ(trace.request.name, "GET /");
}

TEST(TraceAssemblyTest, ParentsThatNeverCame) {
  const Trace trace = Assemble({Span(Door::kOtlp, 1, 3, 9, "late", 20, 5),
                                Span(Door::kOtlp, 1, 2, 9, "early", 10, 5),
                                Span(Door::kOtlp, 1, 4, 0, "root", 0, 50)});
  EXPECT_EQ(Draw(trace),
            "span otlp root same_id\n"
            "missing otlp parent not seen same_id\n"
            "  span otlp early same_id\n"
            "  span otlp late same_id\n");
  EXPECT_EQ(trace.rows[1].event.time_ns, kTestTimeNs + 10 * kMs);
  EXPECT_EQ(trace.rows[1].event.duration_ns, 15u * kMs);
  EXPECT_EQ(trace.rows[1].id, SpanOf(9).Hex());
  EXPECT_EQ(trace.rows[2].parent, SpanOf(9).Hex());
  EXPECT_EQ(trace.request.spans, 3u);
}

TEST(TraceAssemblyTest, ASpanIsShownOnce) {
  EventRow again = Span(Door::kOtlp, 1, 1, 0, "second", 0, 10);
  again.ingest_ns = 2;
  EventRow open = Span(Door::kXRay, 1, 2, 1, "segment", 1, 0);
  open.signal = Signal::kOpenSpan;
  open.ingest_ns = 9;
  const Trace trace = Assemble({again, Span(Door::kOtlp, 1, 1, 0, "first", 0, 10), open,
                                Span(Door::kXRay, 1, 2, 1, "segment", 1, 8)});
  EXPECT_EQ(Draw(trace), "span otlp second same_id\n  span xray segment same_id\n");
  EXPECT_EQ(trace.rows[1].event.signal, Signal::kSpan);
  // The same id from two doors is two rows with ids of their own.
  const Trace both =
      Assemble({Span(Door::kOtlp, 1, 1, 0, "a", 0, 10), Span(Door::kXRay, 1, 1, 0, "a", 0, 10)});
  ASSERT_EQ(both.rows.size(), 2u);
  EXPECT_NE(both.rows[0].id, both.rows[1].id);
}

TEST(TraceAssemblyTest, ALineThroughTwoDoorsIsOneRow) {
  const EventRow twin = Line(Door::kCloudWatch, 0, 0, "boom", 20);
  const EventRow other = Line(Door::kCloudWatch, 0, 0, "only here", 30);
  const Trace trace =
      Assemble({Span(Door::kOtlp, 1, 1, 0, "GET /", 0, 100), Line(Door::kOtlp, 1, 1, "boom", 21),
                twin, other},
               {Brought(1, twin, JoinHow::kSameRecord), Brought(1, other, JoinHow::kEvidence)});
  EXPECT_EQ(Draw(trace),
            "span otlp GET / same_id\n"
            "  log otlp+cloudwatch boom same_id\n"
            "  log cloudwatch only here evidence\n");
  EXPECT_EQ(trace.request.logs, 2u);
  ASSERT_EQ(trace.request.doors.size(), 2u);
  EXPECT_EQ(trace.request.doors[1].logs, 2u);
  const auto same = std::find_if(trace.joins.begin(), trace.joins.end(), [](const TraceJoin& join) {
    return join.how == JoinHow::kSameRecord;
  });
  ASSERT_NE(same, trace.joins.end());
  EXPECT_EQ(same->rows, std::vector{trace.rows[1].id});
  EXPECT_EQ(same->what, "1 line");
}

TEST(TraceAssemblyTest, ALineWithItsIdsInTheTextIsATwinToo) {
  const std::string ids = " trace_id=" + TraceOf(1).Hex() + " span_id=" + SpanOf(1).Hex();
  const Trace trace =
      Assemble({Span(Door::kOtlp, 1, 1, 0, "GET /", 0, 100), Line(Door::kOtlp, 1, 1, "hello", 21),
                Line(Door::kCloudWatch, 1, 1, "hello" + ids, 21),
                Line(Door::kCloudWatch, 1, 1, "hello world", 22)});
  EXPECT_EQ(Draw(trace),
            "span otlp GET / same_id\n"
            "  log otlp+cloudwatch hello same_id\n"
            "  log cloudwatch hello world carried\n");
}

TEST(TraceAssemblyTest, EventsAndLinksBelongToTheirSpan) {
  EventRow exception = Row(Signal::kSpanEvent, Door::kOtlp, 1, 5);
  exception.name = "exception";
  exception.parent_id = SpanOf(1);
  exception.attributes = R"({"exception":{"message":"row has no"}})";
  EventRow link = Row(Signal::kSpanLink, Door::kOtlp, 1, 0);
  link.parent_id = SpanOf(1);
  link.attributes = R"({"trace":{"link":{"trace_id":")" + TraceOf(5).Hex() + R"(","span_id":")" +
                    SpanOf(6).Hex() + R"("}}})";
  const Trace trace = Assemble({Span(Door::kOtlp, 1, 1, 0, "GET /", 0, 100), exception, link});
  EXPECT_EQ(Draw(trace), "span otlp GET / same_id\n  event otlp exception same_id\n");
  EXPECT_TRUE(trace.rows[1].error);
  ASSERT_EQ(trace.rows[0].links.size(), 1u);
  EXPECT_EQ(trace.rows[0].links[0].trace_id, TraceOf(5));
  EXPECT_EQ(trace.request.last_words.text, "row has no");
}

TEST(TraceAssemblyTest, RingsAndLoneRecordsHangSomewhere) {
  EXPECT_EQ(Draw(Assemble(
                {Span(Door::kOtlp, 1, 1, 2, "a", 0, 10), Span(Door::kOtlp, 1, 2, 1, "b", 5, 10)})),
            "span otlp a same_id\n  span otlp b same_id\n");
  EXPECT_EQ(Draw(Assemble({Span(Door::kOtlp, 1, 1, 1, "self", 0, 10)})),
            "span otlp self same_id\n");
  const Trace lines = Assemble({Line(Door::kCloudWatch, 1, 3, "alone", 4)});
  EXPECT_EQ(Draw(lines), "log cloudwatch alone carried\n");
  EXPECT_EQ(lines.request.time_ns, kTestTimeNs + 4 * kMs);
}

TEST(TraceAssemblyTest, TheSameRecordsGiveTheSameRows) {
  std::vector<EventRow> rows = {Span(Door::kOtlp, 1, 1, 0, "GET /", 0, 100)};
  for (uint8_t i = 2; i < 30; ++i) rows.push_back(Span(Door::kOtlp, 1, i, 1, "same time", 10, 5));
  const auto ids = [](const Trace& trace) {
    std::string text;
    for (const TraceRow& row : trace.rows) text += row.id + " ";
    return text;
  };
  const std::string expected = ids(Assemble(rows));
  std::reverse(rows.begin(), rows.end());
  EXPECT_EQ(ids(Assemble(rows)), expected);
}

}  // namespace
}  // namespace skep
