// SPDX-License-Identifier: Apache-2.0
// What the page's questions make of spans that came more than once, as the sink marks them.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "query/requests.h"
#include "query/testing.h"
#include "query/trace_reader.h"
#include "store/testing.h"

namespace skep {
namespace {

using testing::kMs;
using testing::kTestTimeNs;
using testing::TestRecord;
using testing::TestWorld;
using testing::TraceOf;

constexpr TimeRange kAll = {kTestTimeNs - 1000 * kMs, kTestTimeNs + 100'000 * kMs};

TestRecord Served() {
  TestRecord span = TestRecord::Span(Door::kOtlp, 1, 1, 0, "GET /a");
  return std::move(span.Server().At(1000).For(100).With("http.route", "/a"));
}

TEST(RepeatsTest, WhatCameAgainIsShownOnceForEachDoor) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  TestRecord note = TestRecord::Span(Door::kOtlp, 1, 0, 1, "note").At(1005);
  note.record.signal = Signal::kSpanEvent;
  world.Add(Served());
  world.Add(note);
  world.Add(Served().With("version", int64_t{2}).Again());
  world.Add(note.Again());
  TestRecord other = TestRecord::Span(Door::kHoneycomb, 1, 1, 0, "GET /a");
  world.Add(other.Server().At(1000).For(100).Again());
  world.Commit();

  RequestsQuestion question;
  question.range = kAll;
  size_t position = 0;
  const auto page = ListRequests(world.reader(), question, {}, &position);
  ASSERT_TRUE(page) << page.error().detail;
  ASSERT_EQ(page->requests.size(), 1u);
  std::map<Door, uint64_t> spans;
  for (const DoorShare& share : page->requests[0].doors) spans[share.door] = share.spans;
  EXPECT_EQ(spans, (std::map<Door, uint64_t>{{Door::kOtlp, 1}, {Door::kHoneycomb, 1}}));

  TraceQuestion of_trace;
  of_trace.trace_id = TraceOf(1);
  const auto trace = ReadTrace(world.reader(), of_trace, {});
  ASSERT_TRUE(trace) << trace.error().detail;
  std::multiset<std::pair<Door, std::string>> rows;
  for (const TraceRow& row : trace->rows) {
    rows.emplace(row.event.door, row.event.name);
    // Of versions the later one.
    if (row.event.door == Door::kOtlp && row.kind == TraceRowKind::kSpan) {
      EXPECT_NE(row.event.attributes.find("version"), std::string::npos);
    }
  }
  EXPECT_EQ(rows,
            (std::multiset<std::pair<Door, std::string>>{
                {Door::kOtlp, "GET /a"}, {Door::kOtlp, "note"}, {Door::kHoneycomb, "GET /a"}}));
}

}  // namespace
}  // namespace skep
