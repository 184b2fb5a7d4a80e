// SPDX-License-Identifier: Apache-2.0
// Questions of this folder on a real store.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "query/testing.h"
#include "query/trace/service_map.h"
#include "query/trace/trace_details.h"
#include "query/trace/trace_groups.h"
#include "query/trace/trace_links.h"
#include "query/trace/trace_screen.h"
#include "query/trace/trace_search.h"
#include "store/testing.h"

namespace skep {
namespace {

using testing::kMs;
using testing::kTestTimeNs;
using testing::SpanOf;
using testing::TestRecord;
using testing::TestWorld;
using testing::TraceOf;

TestRecord Client(uint8_t trace, uint8_t span, uint8_t parent, std::string name) {
  TestRecord made = TestRecord::Span(Door::kOtlp, trace, span, parent, std::move(name));
  made.record.kind = SpanKind::kClient;
  return made;
}

// `shop` serves, calls `api` (12 ms as it sees it, 8 as api does) and a database.
void AddRequest(TestWorld* world, uint8_t trace, std::string route, int64_t at, uint64_t length,
                bool again = false) {
  const auto add = [&](TestRecord& record) { world->Add(again ? record.Again() : record); };
  add(TestRecord::Span(Door::kOtlp, trace, 1, 0, "GET " + route)
          .Server()
          .At(at)
          .For(length)
          .With("http.route", route)
          .With("http.method", "GET"));
  add(Client(trace, 2, 1, "call").At(at + 1).For(12));
  add(TestRecord::Span(Door::kOtlp, trace, 3, 2, "serve")
          .Server()
          .Of("api")
          .At(at + 3)
          .For(8)
          .Failed());
  add(Client(trace, 4, 1, "SELECT")
          .At(at + 15)
          .For(2)
          .With("db.system", "postgresql")
          .With("db.name", "orders"));
}

MapQuestion Question(std::string_view filter = "") {
  MapQuestion question;
  question.scope.range = {kTestTimeNs - 1000 * kMs, kTestTimeNs + 60'000 * kMs};
  size_t position = 0;
  question.filter = *ParseFilter(filter, &position);
  return question;
}

std::string Draw(const ServiceMap& map) {
  std::string out;
  for (const MapNode& node : map.nodes)
    out += fmt::format("{} {} {}/{}\n", node.name, static_cast<int>(node.kind), node.spread.Count(),
                       node.spread.Errors());
  for (const MapEdge& edge : map.edges)
    out += fmt::format("{} > {} {}/{}\n", edge.from, edge.to, edge.spread.Count(),
                       edge.spread.Errors());
  return out;
}

TEST(ServiceMapTest, ServicesCallsAndWhatTellsNothing) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  AddRequest(&world, 1, "/a", 0, 30);
  AddRequest(&world, 2, "/b", 100, 40);
  world.Commit();
  const auto map = ReadServiceMap(world.reader(), Question(), {}, nullptr);
  ASSERT_TRUE(map) << map.error().detail;
  EXPECT_EQ(Draw(*map),
            "api 0 2/2\n"
            "postgresql orders 1 0/0\n"
            "shop 0 2/0\n"
            "shop > api 2/2\n"
            "shop > postgresql orders 2/0\n");
  // The caller saw 12 ms, the called one 8.
  EXPECT_NEAR(static_cast<double>(map->edges[0].spread.Quantile(0.5)), 12e6, 1.3e6);
  EXPECT_NEAR(static_cast<double>(map->nodes[0].spread.Quantile(0.5)), 8e6, 0.9e6);
  const auto filtered = ReadServiceMap(world.reader(), Question("route = /b"), {}, nullptr);
  ASSERT_TRUE(filtered) << filtered.error().detail;
  EXPECT_EQ(filtered->edges[0].spread.Count(), 1);
}

TEST(ServiceMapTest, SampledSpansStandForOthersAndGuestsAreLeftOut) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  TestRecord served = TestRecord::Span(Door::kOtlp, 1, 1, 0, "GET /").Server().For(10);
  served.record.sample_rate = 10;
  world.Add(served);
  world.Add(TestRecord::Span(Door::kXRay, 12, 3, 0, "seg").Server().For(9).Of("twin"));
  world.Add(TestRecord::Join(12, 1, "evidence", Door::kXRay, "Same path.")
                .Guest()
                .With("join.trace_id", TraceOf(1).Hex()));
  world.Commit();
  const auto map = ReadServiceMap(world.reader(), Question(), {}, nullptr);
  ASSERT_TRUE(map) << map.error().detail;
  EXPECT_EQ(Draw(*map), "shop 0 10/0\n");
}

TEST(ServiceMapTest, WhatCameAgainCountsOnce) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  AddRequest(&world, 1, "/a", 1000, 20);
  world.Commit();
  const auto before = ReadServiceMap(world.reader(), Question(), {}, nullptr);
  ASSERT_TRUE(before) << before.error().detail;
  AddRequest(&world, 1, "/a", 1000, 20, true);
  world.Commit();
  const auto after = ReadServiceMap(world.reader(), Question(), {}, nullptr);
  ASSERT_TRUE(after) << after.error().detail;
  EXPECT_EQ(after->edges.size(), 2u);
  EXPECT_EQ(Draw(*after), Draw(*before));
}

TEST(ServiceMapTest, ExamplesOfAPartOfASpread) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  AddRequest(&world, 1, "/a", 0, 30);
  AddRequest(&world, 2, "/b", 100, 400);
  world.Commit();
  const auto names = [&](std::string from, std::string to, int64_t shortest_ms,
                         int64_t longest_ms) {
    MapExamples examples;
    examples.question = Question();
    examples.from = std::move(from);
    examples.to = std::move(to);
    examples.shortest_ns = static_cast<uint64_t>(shortest_ms * kMs);
    examples.longest_ns = static_cast<uint64_t>(longest_ms * kMs);
    const auto found = ReadMapExamples(world.reader(), examples, {}, nullptr);
    EXPECT_TRUE(found) << found.error().detail;
    std::string out;
    if (found)
      for (const MapExample& example : *found) out += example.name + " ";
    return out;
  };
  EXPECT_EQ(names("", "shop", 0, 1000), "GET /b GET /a ");
  EXPECT_EQ(names("", "shop", 100, 1000), "GET /b ");
  EXPECT_EQ(names("shop", "api", 10, 13), "call call ");
  EXPECT_EQ(names("shop", "api", 0, 10), "");
  EXPECT_EQ(names("shop", "postgresql orders", 1, 3), "SELECT SELECT ");
}

TEST(TraceGroupsTest, TwoFiltersPathByPath) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  for (uint8_t n = 1; n <= 4; ++n) AddRequest(&world, n, n < 3 ? "/a" : "/b", 100 * n, 30 + n);
  world.Add(TestRecord::Span(Door::kOtlp, 4, 9, 1, "extra").At(401).For(1));
  // By another door before; and an event of what came again.
  world.Add(TestRecord::Span(Door::kHoneycomb, 4, 10, 1, "late").At(402).For(1));
  world.Add(TestRecord::Span(Door::kOtlp, 4, 10, 1, "late").At(402).For(1).Again());
  world.Add(TestRecord::Span(Door::kOtlp, 4, 0, 10, "note").At(402).Again());
  world.Commit();
  PathDiff diff;
  RequestsQuestion question;
  question.range = Question().scope.range;
  question.filter = Question("route = /a").filter;
  size_t position = 0;
  const auto a = AddGroup(world.reader(), question, 0, &diff, {}, &position);
  ASSERT_TRUE(a) << a.error().detail;
  question.filter = Question("route = /b").filter;
  const auto b = AddGroup(world.reader(), question, 1, &diff, {}, &position);
  ASSERT_TRUE(b) << b.error().detail;
  EXPECT_EQ(a->traces, 2u);
  EXPECT_FALSE(a->more);
  std::string out;
  for (const DiffRow& row : diff.Rows())
    out += fmt::format("{}{} {}/{} ", std::string(row.depth, '.'), row.name, row.sides[0].traces,
                       row.sides[1].traces);
  EXPECT_EQ(out,
            "GET /a 2/0 .call 2/0 ..serve 2/0 .SELECT 2/0 "
            "GET /b 0/2 .call 0/2 ..serve 0/2 .SELECT 0/2 .extra 0/1 .late 0/1 ");
}

TEST(TraceGroupsTest, WhatARequestMayBeComparedWith) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  for (uint8_t n = 1; n <= 6; ++n) AddRequest(&world, n, n == 5 ? "/b" : "/a", 100 * n, 50u + n);
  world.Commit();
  TraceQuestion question;
  question.trace_id = TraceOf(6);
  const auto trace = ReadTrace(world.reader(), question, {});
  ASSERT_TRUE(trace) << trace.error().detail;
  const auto like = FindLike(world.reader(), "default", trace->request, {});
  ASSERT_TRUE(like) << like.error().detail;
  EXPECT_EQ(like->of, 4u);
  ASSERT_TRUE(like->previous);
  EXPECT_EQ(like->previous->trace_id, TraceOf(4));
  EXPECT_EQ(like->median->trace_id, TraceOf(2));
}

TEST(TraceLinksTest, BothWays) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  world.Add(TestRecord::Span(Door::kOtlp, 1, 1, 0, "send").For(5));
  world.Add(TestRecord::Span(Door::kOtlp, 2, 1, 0, "take").Of("worker").At(50).For(5));
  TestRecord link = TestRecord::Make(Signal::kSpanLink, Door::kOtlp, 2);
  link.record.parent_id = SpanOf(1);
  world.Add(link.At(50)
                .With("trace.link.trace_id", TraceOf(1).Hex())
                .With("trace.link.span_id", SpanOf(1).Hex()));
  TestRecord lost = TestRecord::Make(Signal::kSpanLink, Door::kOtlp, 1);
  lost.record.parent_id = SpanOf(1);
  world.Add(lost.With("trace.link.trace_id", TraceOf(9).Hex())
                .With("trace.link.span_id", SpanOf(9).Hex()));
  world.Commit();
  const TimeRange range = {kTestTimeNs, kTestTimeNs + 60 * kMs};
  const auto links = ReadTraceLinks(world.reader(), "default", TraceOf(1), range, {});
  ASSERT_TRUE(links) << links.error().detail;
  ASSERT_EQ(links->size(), 2u);
  EXPECT_FALSE((*links)[0].incoming);
  EXPECT_FALSE((*links)[0].found);
  EXPECT_EQ((*links)[0].other_trace_id, TraceOf(9));
  EXPECT_TRUE((*links)[1].incoming);
  EXPECT_EQ((*links)[1].other_trace_id, TraceOf(2));
  EXPECT_EQ((*links)[1].name, "take");
  EXPECT_EQ((*links)[1].service, "worker");
}

TEST(LongTraceTest, IsKeptUntilMoreOfItComesAndReadWholeRowByRow) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  AddRequest(&world, 1, "/a", 0, 100);
  for (uint8_t n = 20; n < 60; ++n)
    world.Add(TestRecord::Span(Door::kOtlp, 1, n, 1, "step").At(n).For(1).With("n", int64_t{n}));
  world.Add(TestRecord::Line(Door::kOtlp, 1, 30, "a line of it").At(30));
  world.Commit();
  TraceCache cache;
  TraceQuestion question;
  question.trace_id = TraceOf(1);
  question.rows_max = 10;
  const auto first = ReadTraceScreen(world.reader(), cache, question, false, {});
  ASSERT_TRUE(first) << first.error().detail;
  ASSERT_TRUE(first->long_trace);
  const TraceTree& tree = first->long_trace->analysis.tree;
  EXPECT_EQ(tree.rows().size(), 45u);
  const auto again = ReadTraceScreen(world.reader(), cache, question, false, {});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->long_trace, first->long_trace);

  const auto row = tree.Find(SpanOf(33).Hex());
  ASSERT_TRUE(row);
  const auto whole = ReadTraceRows(world.reader(), "default", *first->long_trace, {*row}, {});
  ASSERT_TRUE(whole) << whole.error().detail;
  EXPECT_EQ(AttributeSet((*whole)[0].event.attributes).Int("n"), 33);

  TraceLook look;
  const auto find = [&](TraceSearch search) {
    const auto hit = FindInTrace(world.reader(), "default", *first->long_trace, search, &look, {});
    EXPECT_TRUE(hit) << hit.error().detail;
    return hit ? *hit : TraceHit();
  };
  TraceSearch search;
  search.text = "A LINE";
  EXPECT_EQ(find(search).count, 1u);
  search.text = "step";
  const TraceHit step = find(search);
  EXPECT_EQ(step.count, 40u);
  EXPECT_EQ(look.open_groups.size(), 1u);
  search.after = step.row;
  EXPECT_EQ(find(search).nth, 2u);
  TraceSearch failed;
  failed.errors = true;
  EXPECT_EQ(find(failed).count, 1u);

  world.Add(TestRecord::Span(Door::kOtlp, 1, 99, 1, "late").At(90).For(1));
  world.Commit();
  const auto more = ReadTraceScreen(world.reader(), cache, question, false, {});
  ASSERT_TRUE(more);
  EXPECT_EQ(more->long_trace->analysis.tree.rows().size(), 46u);
  EXPECT_GT(more->long_trace->version, first->long_trace->version);
  question.rows_max = 5000;
  TraceCache other;
  const auto page = ReadLongTrace(world.reader(), other, question, false, 0, {});
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, Code::kFailedPrecondition);
}

}  // namespace
}  // namespace skep
