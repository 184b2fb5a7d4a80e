// SPDX-License-Identifier: Apache-2.0
// The questions of the page against a real store with records made by hand.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "query/field_values.h"
#include "query/histogram.h"
#include "query/log_lines.h"
#include "query/occurrences.h"
#include "query/places.h"
#include "query/requests.h"
#include "query/testing.h"
#include "query/trace_reader.h"
#include "store/testing.h"

namespace skep {
namespace {

using testing::kMs;
using testing::kTestTimeNs;
using testing::SpanOf;
using testing::TestRecord;
using testing::TestWorld;
using testing::TraceOf;

constexpr TimeRange kAll = {kTestTimeNs - 1000 * kMs, kTestTimeNs + 100'000 * kMs};

TestRecord Served(uint8_t trace, int64_t at_ms, const char* route, int64_t status) {
  TestRecord span = TestRecord::Span(Door::kOtlp, trace, 1, 0, "GET " + std::string(route));
  span.Server().At(at_ms).For(100).With("http.method", "GET").With("http.route", route);
  return std::move(span.With("http.status_code", status));
}

TestRecord Segment(uint8_t trace, uint8_t span, int64_t at_ms, const char* url) {
  TestRecord segment = TestRecord::Span(Door::kXRay, trace, span, 0, "shop");
  segment.Server().At(at_ms).For(98).With("url.full", url).With("aws.xray.document", "segment");
  return std::move(segment.With("http.request.method", "GET"));
}

// Trace 1 with lines and an error; trace 2, joined by X-Ray's trace 12 by evidence, a twin line and
// an occurrence; trace 13 of X-Ray alone, still open; trace 4, whose root is of another service.
struct Shop {
  explicit Shop(Store* store) : world(store) {
    world.Add(Served(1, 1000, "/a", 200).With("app.user_handle", "worf"));
    world.Add(TestRecord::Line(Door::kOtlp, 1, 1, "hello from one").At(1010));
    world.Add(Served(2, 2000, "/b", 500).Failed());
    world.Add(TestRecord::Span(Door::kOtlp, 2, 2, 1, "render").At(2010).For(10));
    world.Add(TestRecord::Line(Door::kOtlp, 2, 2, "about to fail").At(2015));
    world.Add(Segment(12, 3, 2001, "http://shop/b"));
    twin = world.Add(
        TestRecord::Line(Door::kCloudWatch, 0, 0, "about to fail").Of("/aws/shop").At(2015));
    around =
        world.Add(TestRecord::Line(Door::kCloudWatch, 0, 0, "somebody's").Of("/aws/shop").At(2040));
    occurrence = world.Add(
        TestRecord::Error(0, 77, "KeyError", "no such row").At(2050).With("enduser.id", "worf"));
    later = world.Add(TestRecord::Error(0, 77, "KeyError", "again").At(60'000));
    AddJoins();
    world.Add(Segment(13, 4, 3000, "http://shop/open").Open());
    world.Add(TestRecord::Span(Door::kOtlp, 4, 1, 0, "GET")
                  .Of("web")
                  .At(4000)
                  .For(50)
                  .With("http.request.method", "GET"));
    TestRecord inner = Served(4, 4010, "/inner", 200);
    inner.record.span_id = SpanOf(2);
    inner.record.parent_id = SpanOf(1);
    world.Add(inner);
    world.Commit();
  }

  void AddJoins() {
    const std::string guest = TraceOf(12).Hex();
    world.Add(TestRecord::Join(2, 1, "evidence", Door::kXRay, "Same path.")
                  .With("join.trace_id", guest)
                  .At(2000));
    world.Add(TestRecord::Join(12, 1, "evidence", Door::kXRay, "Same path.")
                  .With("join.trace_id", TraceOf(2).Hex())
                  .Guest()
                  .At(2000));
    AddEventJoin("same_record", Door::kCloudWatch, twin, 2015);
    AddEventJoin("evidence", Door::kRollbar, occurrence, 2050);
  }

  void AddEventJoin(const char* kind, Door door, uint64_t event, int64_t at_ms) {
    world.Add(TestRecord::Join(2, 1, kind, door, "Same text.")
                  .With("join.event_id", static_cast<int64_t>(event))
                  .With("join.event_time_ns", kTestTimeNs + at_ms * kMs)
                  .At(2000));
  }

  TestWorld world;
  uint64_t twin = 0;
  uint64_t around = 0;
  uint64_t occurrence = 0;
  uint64_t later = 0;
};

std::string Spell(const RequestPage& page) {
  std::string text;
  for (const RequestSummary& request : page.requests) {
    text += request.fields.route + " " + std::to_string(request.fields.status_code) +
            (request.fields.error ? " error" : "") + (request.open ? " open" : "");
    for (const DoorShare& share : request.doors)
      text += " " + std::string(NameOf(share.door)) + "=" + std::to_string(share.spans) + "," +
              std::to_string(share.logs) + "," + std::to_string(share.errors) + "," +
              std::string(NameOf(share.how));
    if (!request.fields.user.empty()) text += " user=" + request.fields.user;
    if (!request.last_words.text.empty()) text += " '" + request.last_words.text + "'";
    text += "\n";
  }
  return text;
}

RequestsQuestion Ask(const char* filter = "") {
  RequestsQuestion question;
  question.range = kAll;
  question.filter = *ParseFilter(filter, nullptr);
  return question;
}

std::string List(Shop& shop, const RequestsQuestion& question) {
  size_t position = 0;
  const auto page = ListRequests(shop.world.reader(), question, {}, &position);
  if (!page) return page.error().message + " " + page.error().detail;
  return Spell(*page) + (page->next ? "more\n" : "");
}

TEST(QuestionsTest, EachRequestOnceWithItsDoors) {
  SKEP_OPEN_TEST_STORE(store);
  Shop shop(store.get());
  EXPECT_EQ(List(shop, Ask()),
            "GET 0 otlp=2,0,0,same_id\n"
            "/open 0 open xray=1,0,0,same_id\n"
            "/b 500 error otlp=2,1,0,same_id xray=1,0,0,evidence cloudwatch=0,1,0,same_record "
            "rollbar=0,0,1,evidence user=worf 'no such row'\n"
            "/a 200 otlp=1,1,0,same_id user=worf 'hello from one'\n");
  RequestsQuestion ids = Ask();
  ids.by_evidence = false;
  EXPECT_EQ(List(shop, ids),
            "GET 0 otlp=2,0,0,same_id\n"
            "/open 0 open xray=1,0,0,same_id\n"
            "/b 0 xray=1,0,0,same_id\n"
            "/b 500 error otlp=2,1,0,same_id cloudwatch=0,1,0,same_record 'about to fail'\n"
            "/a 200 otlp=1,1,0,same_id user=worf 'hello from one'\n");
}

TEST(QuestionsTest, FiltersHoldForTheEntry) {
  SKEP_OPEN_TEST_STORE(store);
  Shop shop(store.get());
  const auto routes = [&](const char* filter) {
    size_t position = 0;
    const auto page = ListRequests(shop.world.reader(), Ask(filter), {}, &position);
    if (!page) return page.error().message + " @" + std::to_string(position);
    std::string text;
    for (const RequestSummary& request : page->requests) text += request.fields.route + " ";
    return text;
  };
  const std::pair<const char*, const char*> cases[] = {
      {"status = 500", "/b "},
      {"status >= 200 AND status < 300", "/a "},
      {"error = true", "/b "},
      {"error = false", "GET /open /a "},
      {"route = /a", "/a "},
      {"route contains OPE", "/open "},
      {"route = /inner", ""},
      {"service = web", "GET "},
      {"service != web", "/open /b /a "},
      {"method = GET AND duration_ms > 99", "/b /a "},
      {"door = rollbar", "/b "},
      {"door = xray", "/open /b "},
      {"door != xray", "GET /a "},
      {"user = worf", "/b /a "},
      {"hello", "/a "},
      {"NO SUCH ROW", "/b "},
      {"app.user_handle exists", "/a "},
      {"app.user_handle = worf", "/a "},
      {"app.user_handle != worf", "GET /open /b "},
      {"http.status_code > 300", "/b "},
      {"http.status_code = 200", "/a "},
      {"http.status_code = \"200\"", "/a "},
      {"http.status_code = 200.0", "/a "},
      {"nobody.has.this exists", ""},
      {"nobody.has.this < 5", ""},
      {"odd`name = x", ""},
      {"status = fast", "status takes a number after = != > >= < <=. @0"},
      {"error = maybe", "error is true or false. @0"},
      {"route = /a AND route > 5", "route is text: it takes = != contains exists. @15"},
      {"door = front", "door is = or != otlp, xray, cloudwatch, rollbar or honeycomb. @0"},
  };
  for (const auto& [filter, expected] : cases) EXPECT_EQ(routes(filter), expected) << filter;
}

TEST(QuestionsTest, PagesMeetWithoutGapOrOverlap) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  // Many at the same time, some of them twice, and more rows that are no entries.
  for (uint8_t trace = 1; trace <= 60; ++trace) {
    world.Add(Served(trace, 1000 + trace / 20, "/a", 200));
    if (trace % 3 == 0) world.Add(Served(trace, 1000 + trace / 20, "/a", 200));
    TestRecord inner = TestRecord::Span(Door::kOtlp, trace, 2, 1, "inner");
    world.Add(inner.Server().At(1010 + trace));
  }
  world.Commit();
  RequestsQuestion question = Ask();
  question.limit = 7;
  std::vector<TraceId> seen;
  for (int page_number = 0; page_number < 100; ++page_number) {
    size_t position = 0;
    const auto page = ListRequests(world.reader(), question, {}, &position);
    ASSERT_TRUE(page) << page.error().detail;
    EXPECT_LE(page->requests.size(), 7u);
    for (const RequestSummary& request : page->requests) seen.push_back(request.trace_id);
    if (!page->next) break;
    question.before = page->next;
  }
  EXPECT_EQ(seen.size(), 60u);
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(std::unique(seen.begin(), seen.end()), seen.end());
}

TEST(QuestionsTest, PagesMeetOverTheWindowsThatAreLookedAt) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  // Around the ends of windows, with hours of nothing between, and several at one time.
  constexpr int64_t kHourMs = 3'600'000;
  const int64_t ends_ms[] = {60'000, 60'000 + 240'000, 60'000 + 240'000 + 960'000};
  std::vector<int64_t> ago_ms = {1, 1, 1, 5 * kHourMs, 5 * kHourMs, 30 * kHourMs, 200 * kHourMs};
  for (const int64_t end_ms : ends_ms)
    for (const int64_t off_ms : {-1, 0, 0, 1}) ago_ms.push_back(end_ms + off_ms);
  uint8_t trace = 0;
  for (const int64_t ago : ago_ms) world.Add(Served(++trace, -ago, "/a", 200));
  world.Commit();
  for (const size_t limit : {1u, 2u, 5u, 100u}) {
    RequestsQuestion question = Ask("route = /a");
    question.range = {0, kTestTimeNs};
    question.limit = limit;
    std::vector<TraceId> seen;
    std::vector<int64_t> times_ns;
    for (size_t page_number = 0; page_number < 100; ++page_number) {
      const auto page = ListRequests(world.reader(), question, {}, nullptr);
      ASSERT_TRUE(page) << page.error().detail;
      EXPECT_LE(page->requests.size(), limit);
      for (const RequestSummary& request : page->requests) {
        seen.push_back(request.trace_id);
        times_ns.push_back(request.time_ns);
      }
      if (!page->next) break;
      question.before = page->next;
    }
    EXPECT_EQ(seen.size(), ago_ms.size()) << limit;
    EXPECT_TRUE(std::is_sorted(times_ns.rbegin(), times_ns.rend()));
    std::sort(seen.begin(), seen.end());
    EXPECT_EQ(std::unique(seen.begin(), seen.end()), seen.end()) << limit;
  }
}

TEST(QuestionsTest, WhatARequestSaysLateCountsInAnyWindow) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  world.Add(Served(1, -7'200'000, "/slow", 200));
  world.Add(TestRecord::Line(Door::kOtlp, 1, 1, "done at last").At(-1000));
  world.Add(Served(2, -2000, "/quick", 200));
  world.Commit();
  RequestsQuestion question = Ask("done");
  question.range = {0, kTestTimeNs};
  const auto page = ListRequests(world.reader(), question, {}, nullptr);
  ASSERT_TRUE(page) << page.error().detail;
  ASSERT_EQ(page->requests.size(), 1u);
  EXPECT_EQ(page->requests.front().fields.route, "/slow");
}

TEST(QuestionsTest, HistogramCountsWhatTheListShows) {
  SKEP_OPEN_TEST_STORE(store);
  Shop shop(store.get());
  RequestsQuestion question = Ask();
  question.range = {kTestTimeNs, kTestTimeNs + 5000 * kMs};
  const auto all = CountRequests(shop.world.reader(), question, 5, {}, nullptr);
  ASSERT_TRUE(all) << all.error().detail;
  EXPECT_EQ(all->counts, (std::vector<double>{0, 1, 1, 1, 1}));
  EXPECT_EQ(all->errors, (std::vector<double>{0, 0, 1, 0, 0}));
  EXPECT_EQ(all->total, 4);
  EXPECT_EQ(all->total_errors, 1);
  EXPECT_EQ(all->p95_ns, 100u * kMs);
  EXPECT_EQ(all->bucket_ns, 1000 * kMs);
  ASSERT_FALSE(all->routes.empty());
  question.filter = *ParseFilter("route = /inner", nullptr);
  const auto none = CountRequests(shop.world.reader(), question, 5, {}, nullptr);
  ASSERT_TRUE(none) << none.error().detail;
  EXPECT_EQ(none->total, 0);
}

TEST(QuestionsTest, HistogramWeighsBySampleRate) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  TestRecord sampled = Served(1, 10, "/a", 200);
  sampled.record.sample_rate = 40;
  world.Add(sampled);
  world.Add(Served(2, 20, "/b", 500).Failed().For(900));
  world.Commit();
  const auto counted = CountRequests(world.reader(), Ask(), 1, {}, nullptr);
  ASSERT_TRUE(counted) << counted.error().detail;
  EXPECT_EQ(counted->total, 41);
  EXPECT_EQ(counted->total_errors, 1);
  EXPECT_EQ(counted->p95_ns, 100u * kMs);
  ASSERT_EQ(counted->routes.size(), 2u);
  EXPECT_EQ(counted->routes[0].route, "/a");
}

TEST(QuestionsTest, ATraceFromEitherSide) {
  SKEP_OPEN_TEST_STORE(store);
  Shop shop(store.get());
  TraceQuestion question;
  for (const uint8_t id : {uint8_t{2}, uint8_t{12}}) {
    question.trace_id = TraceOf(id);
    const auto trace = ReadTrace(shop.world.reader(), question, {});
    ASSERT_TRUE(trace) << trace.error().detail;
    EXPECT_EQ(trace->trace_id, TraceOf(2));
    EXPECT_EQ(trace->rows.size(), 5u);
    EXPECT_EQ(trace->other_trace_ids, std::vector{TraceOf(12)});
    EXPECT_EQ(trace->request.doors.size(), 4u);
    const auto around = LinesAround(shop.world.reader(), "default", *trace, {});
    ASSERT_TRUE(around) << around.error().detail;
    ASSERT_EQ(around->size(), 1u);
    EXPECT_EQ(around->front().row.event_id, shop.around);
  }
  question.by_evidence = false;
  const auto alone = ReadTrace(shop.world.reader(), question, {});
  ASSERT_TRUE(alone) << alone.error().detail;
  EXPECT_EQ(alone->trace_id, TraceOf(12));
  EXPECT_EQ(alone->rows.size(), 1u);
  question.trace_id = TraceOf(99);
  const auto none = ReadTrace(shop.world.reader(), question, {});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Code::kNotFound);
}

TEST(QuestionsTest, ALongTraceIsReadLeanAndATooLongOneRefused) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  world.Add(Served(1, 0, "/a", 200));
  for (uint8_t span = 2; span < 42; ++span)
    world.Add(TestRecord::Span(Door::kOtlp, 1, span, 1, "child").At(span).With("host.name", "h"));
  world.Commit();
  TraceQuestion question;
  question.trace_id = TraceOf(1);
  question.rows_max = 10;
  const auto trace = ReadTrace(world.reader(), question, {});
  ASSERT_TRUE(trace) << trace.error().detail;
  EXPECT_TRUE(trace->lean);
  ASSERT_EQ(trace->rows.size(), 41u);
  EXPECT_EQ(trace->request.fields.route, "/a");
  EXPECT_EQ(AttributeSet(trace->rows[7].event.attributes).Text("host.name"), "h");
  question.lean_rows_max = 40;
  const auto refused = ReadTrace(world.reader(), question, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kResourceExhausted);
}

TEST(QuestionsTest, LinesWithTheirTraces) {
  SKEP_OPEN_TEST_STORE(store);
  Shop shop(store.get());
  LinesQuestion question;
  question.range = kAll;
  const auto spell = [&]() {
    const auto page = ListLines(shop.world.reader(), question, {});
    if (!page) return page.error().message + " " + page.error().detail;
    std::string text;
    for (const LogLine& line : page->lines)
      text += line.row.body +
              (line.trace_id.empty() ? std::string()
                                     : " in " + std::to_string(line.trace_id.bytes[15]) + " by " +
                                           std::string(NameOf(line.how))) +
              "\n";
    return text;
  };
  EXPECT_EQ(spell(),
            "somebody's\n"
            "about to fail in 2 by same_record\n"
            "about to fail in 2 by same_id\n"
            "hello from one in 1 by same_id\n");
  question.text = "FAIL";
  question.source = "/aws/shop";
  EXPECT_EQ(spell(), "about to fail in 2 by same_record\n");
  question = {};
  question.range = kAll;
  question.trace_id = TraceOf(12);
  EXPECT_EQ(spell(), "about to fail in 2 by same_record\nabout to fail in 2 by same_id\n");
  question.trace_id.reset();
  question.severity_min = 13;
  EXPECT_EQ(spell(), "");
}

TEST(QuestionsTest, PagesOfLinesMeet) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  for (int i = 0; i < 25; ++i)
    world.Add(TestRecord::Line(Door::kOtlp, 1, 1, std::to_string(i)).At(i / 10));
  world.Commit();
  LinesQuestion question;
  question.range = kAll;
  question.limit = 4;
  std::string text;
  for (int pages = 0; pages < 20; ++pages) {
    const auto page = ListLines(world.reader(), question, {});
    ASSERT_TRUE(page) << page.error().detail;
    for (const LogLine& line : page->lines) text += line.row.body + " ";
    if (!page->next) break;
    question.before = page->next;
  }
  EXPECT_EQ(text, "24 23 22 21 20 19 18 17 16 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 0 ");
}

TEST(QuestionsTest, OccurrencesHaveNeighbours) {
  SKEP_OPEN_TEST_STORE(store);
  Shop shop(store.get());
  OccurrenceQuestion question;
  question.item = 77;
  question.range = {kTestTimeNs + 2050 * kMs, kTestTimeNs + 60'000 * kMs + 1};
  const auto newest = ReadOccurrence(shop.world.reader(), question, {});
  ASSERT_TRUE(newest) << newest.error().detail;
  EXPECT_EQ(newest->row.event_id, shop.later);
  EXPECT_FALSE(newest->newer);
  EXPECT_EQ(newest->older, shop.occurrence);
  EXPECT_TRUE(newest->trace_id.empty());
  question.event_id = shop.occurrence;
  const auto first = ReadOccurrence(shop.world.reader(), question, {});
  ASSERT_TRUE(first) << first.error().detail;
  EXPECT_EQ(first->newer, shop.later);
  EXPECT_FALSE(first->older);
  EXPECT_EQ(first->trace_id, TraceOf(2));
  EXPECT_EQ(first->how, JoinHow::kEvidence);
  question.event_id = 5;
  EXPECT_EQ(ReadOccurrence(shop.world.reader(), question, {}).error().code, Code::kNotFound);
}

TEST(QuestionsTest, PlacesAndFields) {
  SKEP_OPEN_TEST_STORE(store);
  Shop shop(store.get());
  Reader& reader = shop.world.reader();
  EXPECT_EQ(TraceIdPrefix("0AF7"), "");
  EXPECT_EQ(TraceIdPrefix("1-5759e988-bd86"), "5759e988bd86");
  EXPECT_EQ(TraceIdPrefix("5759e9x"), "");
  const auto some = FindTracePlaces(reader, "default", kAll, TraceIdPrefix("0AF70000"), {});
  ASSERT_TRUE(some) << some.error().detail;
  EXPECT_EQ(some->size(), 5u);
  const auto one = FindTracePlaces(reader, "default", kAll, TraceOf(2).Hex(), {});
  ASSERT_TRUE(one) << one.error().detail;
  ASSERT_EQ(one->size(), 1u);
  EXPECT_EQ(one->front().name, "GET /b");
  const auto routes = FindNamedPlaces(reader, "default", kAll, PlaceKind::kRoute, "/", {});
  ASSERT_TRUE(routes) << routes.error().detail;
  ASSERT_FALSE(routes->empty());
  EXPECT_EQ(routes->front().name, "/b");  // of OTLP and of X-Ray
  const auto users = FindNamedPlaces(reader, "default", kAll, PlaceKind::kUser, "WO", {});
  ASSERT_TRUE(users) << users.error().detail;
  ASSERT_EQ(users->size(), 1u);
}

std::string ValuesOf(Reader& reader, std::string_view field, bool by_evidence = true) {
  RequestsQuestion question;
  question.range = kAll;
  question.by_evidence = by_evidence;
  const auto found = ReadFieldValues(reader, question, field, {});
  if (!found) return found.error().detail;
  std::string out;
  for (const FieldValue& value : found->values)
    out += fmt::format("{} {}, ", value.value, value.count);
  return out + fmt::format("{} values of {}", found->distinct, found->total);
}

TEST(QuestionsTest, ValuesOfAFieldAreCountedOverRequests) {
  SKEP_OPEN_TEST_STORE(store);
  Shop shop(store.get());
  Reader& reader = shop.world.reader();
  EXPECT_EQ(ValuesOf(reader, "route"), "/a 1, /b 1, /open 1, GET 1, 4 values of 4");
  EXPECT_EQ(ValuesOf(reader, "route", false), "/b 2, /a 1, /open 1, GET 1, 4 values of 5");
  EXPECT_EQ(ValuesOf(reader, "service"), "shop 3, web 1, 2 values of 4");
  EXPECT_EQ(ValuesOf(reader, "status"), "200 1, 500 1, 2 values of 2");
  EXPECT_EQ(ValuesOf(reader, "error"), "false 3, true 1, 2 values of 4");
  EXPECT_EQ(ValuesOf(reader, "door"), "otlp 3, xray 1, 2 values of 4");
  EXPECT_EQ(ValuesOf(reader, "user"), "worf 1, 1 values of 1");
  EXPECT_EQ(ValuesOf(reader, "app.user_handle"), "worf 1, 1 values of 1");
  EXPECT_EQ(ValuesOf(reader, "nothing has this"), "0 values of 0");
  EXPECT_EQ(ValuesOf(reader, "duration_ms"), "0 values of 0");
}

TEST(QuestionsTest, FreshnessIsTheSinks) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  ASSERT_TRUE(world.reader().Refresh(Freshness::kRecent, 1000));
  EXPECT_EQ(world.sink().barriers, 0);
  ASSERT_TRUE(world.reader().Refresh(Freshness::kFresh, 1000));
  EXPECT_EQ(world.sink().barriers, 1);
}

}  // namespace
}  // namespace skep
