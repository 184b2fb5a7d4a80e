// SPDX-License-Identifier: Apache-2.0
#include "ingest/recent_spans.h"

#include <gtest/gtest.h>

#include <string>

namespace skep {
namespace {

TraceId Trace(uint32_t number) {
  TraceId id;
  for (size_t i = 0; i < 4; ++i) id.bytes[i] = static_cast<uint8_t>(number >> (8 * i));
  id.bytes[15] = 1;
  return id;
}
SpanId Span(uint8_t number) {
  SpanId id;
  id.bytes[7] = number;
  return id;
}

// A batch in the making, and what became of its records.
struct Batch {
  RecordBatch batch;

  Batch& Add(uint32_t trace, uint8_t span, std::string_view dataset = "shop",
             SpanKind kind = SpanKind::kServer, Signal signal = Signal::kSpan) {
    Record& record = batch.BeginRecord({});
    record.signal = signal;
    record.kind = kind;
    record.trace_id = Trace(trace);
    record.span_id = Span(span);
    record.dataset = dataset;
    batch.EndRecord();
    return *this;
  }
  Batch& AddPart(uint32_t trace, uint8_t parent, Signal signal) {
    Add(trace, 0, "shop", SpanKind::kNone, signal);
    batch.mutable_records().back().parent_id = Span(parent);
    return *this;
  }
  // A letter for each record: `r` for a repeat.
  std::string Marked(RecentSpans* spans, std::string_view project = "default") {
    spans->Mark(project, &batch);
    std::string marks;
    for (const Record& record : batch.records())
      marks += record.signal == Signal::kRepeat ? 'r' : '.';
    return marks;
  }
};

TEST(RecentSpansTest, ASpanThatComesAgainIsARepeat) {
  RecentSpans spans;
  EXPECT_EQ(Batch().Add(1, 1).Add(1, 2).Add(1, 1).Marked(&spans), "..r");
  EXPECT_EQ(Batch().Add(1, 2).Add(2, 1).Add(2, 2).Marked(&spans), "r..");
  EXPECT_EQ(spans.size(), 4u);
}

TEST(RecentSpansTest, EachDatasetAndProjectHasItsOwn) {
  RecentSpans spans;
  EXPECT_EQ(Batch().Add(1, 1, "shop").Add(1, 1, "mesh").Add(1, 1, "").Marked(&spans), "...");
  EXPECT_EQ(Batch().Add(1, 1, "mesh").Add(1, 1, "other").Marked(&spans), "r.");
  EXPECT_EQ(Batch().Add(1, 1, "mesh").Marked(&spans, "another"), ".");
}

TEST(RecentSpansTest, AClientAndAServerMayShareAnId) {
  RecentSpans spans;
  EXPECT_EQ(Batch()
                .Add(1, 1, "shop", SpanKind::kClient)
                .Add(1, 1, "shop", SpanKind::kServer)
                .Add(1, 1, "shop", SpanKind::kClient)
                .Add(1, 1, "shop", SpanKind::kConsumer)
                .Marked(&spans),
            "..rr");
  // Honeycomb's events need not say their kind.
  EXPECT_EQ(Batch()
                .Add(1, 1, "shop", SpanKind::kInternal)
                .Add(1, 2, "shop", SpanKind::kInternal)
                .Add(1, 2, "shop", SpanKind::kClient)
                .Add(1, 2, "shop", SpanKind::kServer)
                .Marked(&spans),
            "r.rr");
}

TEST(RecentSpansTest, EventsAndLinksGoWithTheirSpan) {
  RecentSpans spans;
  const auto span_with_parts = [](Batch* batch, uint8_t span) {
    batch->Add(1, span).AddPart(1, span, Signal::kSpanEvent).AddPart(1, span, Signal::kSpanLink);
  };
  Batch first;
  span_with_parts(&first, 1);
  EXPECT_EQ(first.Marked(&spans), "...");
  Batch second;
  span_with_parts(&second, 1);
  span_with_parts(&second, 2);
  span_with_parts(&second, 2);
  // Of another span than the one before it; and a line, which says in which span it was written.
  second.AddPart(1, 1, Signal::kSpanEvent).AddPart(1, 2, Signal::kLog);
  EXPECT_EQ(second.Marked(&spans), "rrr...rrr..");
}

TEST(RecentSpansTest, EventsThatTheFirstCopyDidNotHaveCount) {
  RecentSpans spans;
  EXPECT_EQ(Batch().Add(1, 1).Marked(&spans), ".");
  const auto with_events = [](int count) {
    Batch batch;
    batch.Add(1, 1);
    for (int i = 0; i < count; ++i) batch.AddPart(1, 1, Signal::kSpanEvent);
    return batch;
  };
  EXPECT_EQ(with_events(2).Marked(&spans), "r..");
  EXPECT_EQ(with_events(3).Marked(&spans), "rrr.");
  // Known from the store: its first event alone.
  RecentSpans after;
  after.Remember("default", "shop", {Trace(1), Span(1), SpanKind::kServer});
  after.Remember("default", "shop", {Trace(1), Span(1), SpanKind::kServer},
                 {Signal::kSpanEvent, 0, 0, ""});
  EXPECT_EQ(with_events(2).Marked(&after), "rr.");
}

TEST(RecentSpansTest, OtherRecordsAreLeftAlone) {
  RecentSpans spans;
  EXPECT_EQ(Batch()
                .Add(1, 1, "shop", SpanKind::kNone, Signal::kLog)
                .Add(1, 1, "shop", SpanKind::kNone, Signal::kLog)
                .Add(1, 1, "shop", SpanKind::kServer, Signal::kOpenSpan)
                .Add(1, 0)
                .Add(1, 0)
                .Add(1, 1)
                .Marked(&spans),
            "......");
  EXPECT_EQ(spans.size(), 1u);
}

TEST(RecentSpansTest, WhatTheStoreHasIsRemembered) {
  RecentSpans spans;
  spans.Remember("default", "shop", {Trace(1), Span(1), SpanKind::kClient});
  EXPECT_EQ(Batch()
                .Add(1, 1, "shop", SpanKind::kServer)
                .Add(1, 1, "shop", SpanKind::kClient)
                .Marked(&spans),
            ".r");
}

TEST(RecentSpansTest, TheOldestAreForgottenAndTheNewestHalfMillionIsNot) {
  RecentSpans spans;
  constexpr auto kMin = static_cast<uint32_t>(RecentSpans::kKnownMin);
  for (uint32_t trace = 0; trace < 2 * kMin + 1; ++trace)
    spans.Remember("default", "shop", {Trace(trace), Span(1), SpanKind::kServer});
  EXPECT_EQ(spans.size(), kMin + 1);
  EXPECT_EQ(Batch().Add(kMin + 1, 1).Add(2 * kMin, 1).Marked(&spans), "rr");
  EXPECT_EQ(Batch().Add(0, 1).Marked(&spans), ".");
}

}  // namespace
}  // namespace skep
