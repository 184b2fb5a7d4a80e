// SPDX-License-Identifier: Apache-2.0
// The page's API through its routes.
#include <gtest/gtest.h>

#include <string>

#include "query/testing.h"
#include "store/testing.h"
#include "ui/register.h"
#include "ui/testing.h"
#include "wire/json.h"

namespace skep::ui {
namespace {

using testing::kMs;
using testing::kTestTimeNs;
using testing::TestRecord;
using testing::TestWorld;
using testing::TraceOf;

void Count(Item& item, const ItemOccurrence& occurrence) {
  if (item.total_occurrences++ == 0) {
    item.title = occurrence.title;
    item.first_occurrence_ns = occurrence.time_ns;
  }
  item.last_occurrence_ns = occurrence.time_ns;
}

// One request of each door, joined, and an item with its occurrence.
void Fill(Api* api) {
  TestWorld& world = api->world();
  TestRecord served = TestRecord::Span(Door::kOtlp, 1, 1, 0, "GET /a");
  served.Server().Failed().At(1000).For(100).With("http.method", "GET").With("http.route", "/a");
  world.Add(served.With("http.status_code", int64_t{500})
                .With("big", int64_t{1} << 60)
                .With("odd", "a\"b"));
  world.Add(TestRecord::Line(Door::kOtlp, 1, 1, "a line").At(1010));
  TestRecord segment = TestRecord::Span(Door::kXRay, 12, 3, 0, "shop");
  segment.raw = R"({"id":"3"})";
  world.Add(segment.Server().At(1001).For(98).With("aws.xray.document", "segment"));
  for (const bool guest : {false, true}) {
    TestRecord join = TestRecord::Join(guest ? 12 : 1, 1, "evidence", Door::kXRay, "Same path.");
    join.At(1000).With("join.trace_id", TraceOf(guest ? 1 : 12).Hex());
    world.Add(guest ? join.Guest() : join);
  }
  TestRecord error = TestRecord::Error(1, 77, "KeyError", "no such row");
  error.raw = R"({"uuid":"u"})";
  const uint64_t occurrence_id = world.Add(error.At(1050));
  world.Commit();
  ItemOccurrence occurrence;
  occurrence.item = 77;
  occurrence.project = "default";
  occurrence.title = "KeyError";
  occurrence.time_ns = kTestTimeNs + 1050 * kMs;
  occurrence.occurrence_id = occurrence_id;
  const Status applied = api->items().Apply({{1, {occurrence}}}, Count);
  ASSERT_TRUE(applied) << applied.error().detail;
}

std::string Code(const Answer& answer) {
  return std::to_string(answer.status) + " " + std::string(answer.root()["error"]["code"].text());
}

TEST(ApiTest, Requests) {
  SKEP_OPEN_TEST_STORE(store);
  Api api(store.get());
  Fill(&api);
  const Answer answer = api.Get("/api/ui/requests?limit=10");
  EXPECT_EQ(answer.status, 200);
  const JsonView requests = answer.root()["requests"];
  ASSERT_EQ(requests.size(), 1u) << answer.body;
  const JsonView request = requests.At(0);
  EXPECT_EQ(request["trace_id"].text(), TraceOf(1).Hex());
  EXPECT_EQ(request["time_ns"].text(), std::to_string(kTestTimeNs + 1000 * kMs));
  EXPECT_EQ(request["duration_ns"].text(), "100000000");
  EXPECT_EQ(request["route"].text(), "/a");
  EXPECT_EQ(request["status_code"].int64(), 500);
  EXPECT_TRUE(request["error"].boolean());
  EXPECT_EQ(request["last_words"].text(), "no such row");
  EXPECT_EQ(request["doors"].ToJson(),
            R"([{"door":"otlp","spans":1,"logs":1,"errors":0,"how":"same_id"},)"
            R"({"door":"xray","spans":1,"logs":0,"errors":0,"how":"evidence"},)"
            R"({"door":"rollbar","spans":0,"logs":0,"errors":1,"how":"carried"}])");
  EXPECT_FALSE(answer.root()["next"]);
  EXPECT_GT(answer.root()["elapsed_ms"].float64(), 0);
  EXPECT_EQ(api.world().sink().barriers, 1);
  EXPECT_EQ(api.Get("/api/ui/requests?fresh=0").status, 200);
  EXPECT_EQ(api.world().sink().barriers, 1);

  const Answer first = api.Get("/api/ui/requests?joins=ids&limit=1");
  ASSERT_EQ(first.root()["requests"].size(), 1u);
  EXPECT_EQ(first.root()["requests"].At(0)["trace_id"].text(), TraceOf(12).Hex());
  const Answer second = api.Get("/api/ui/requests?joins=ids&limit=1&before=" +
                                std::string(first.root()["next"].text()));
  ASSERT_EQ(second.root()["requests"].size(), 1u) << first.body;
  EXPECT_EQ(second.root()["requests"].At(0)["trace_id"].text(), TraceOf(1).Hex());
}

TEST(ApiTest, WhatCannotBeAsked) {
  SKEP_OPEN_TEST_STORE(store);
  Api api(store.get());
  const char* refused[] = {
      "/api/ui/requests?limit=0",
      "/api/ui/requests?limit=x",
      "/api/ui/requests?before=yes",
      "/api/ui/requests?before=5-zz",
      "/api/ui/requests?from=9&to=9",
      "/api/ui/requests?to=-4",
      "/api/ui/requests?fresh=2",
      "/api/ui/requests?joins=some",
      "/api/ui/requests?filter=a%20%3D",
      "/api/ui/requests/histogram?buckets=501",
      "/api/ui/requests/values",
      "/api/ui/traces/xyz",
      "/api/ui/traces/00000000000000000000000000000000",
      "/api/ui/logs?severity=25",
      "/api/ui/logs?before=1-x",
      "/api/ui/logs?trace_id=12",
      "/api/ui/items?status=archived",
      "/api/ui/items?page=0",
      "/api/ui/items/first",
      "/api/ui/goto",
      "/api/ui/traces/%zz",
  };
  for (const char* target : refused)
    EXPECT_EQ(Code(api.Get(target)), "400 INVALID_ARGUMENT") << target;
  EXPECT_EQ(Code(api.Get("/api/ui/traces/" + TraceOf(9).Hex())), "404 NOT_FOUND");
  EXPECT_EQ(Code(api.Get("/api/ui/items/9")), "404 NOT_FOUND");
  const Answer filter = api.Get("/api/ui/requests?filter=a%20%3D%201%20AND%20status%20%3D%20x");
  EXPECT_EQ(filter.root()["error"]["position"].int64(-1), 10) << filter.body;
  EXPECT_FALSE(api.Get("/api/ui/requests?limit=0").root()["error"]["position"]);
}

TEST(ApiTest, OneTrace) {
  SKEP_OPEN_TEST_STORE(store);
  Api api(store.get());
  Fill(&api);
  const std::string xray = TraceIdToXRay(TraceOf(12));
  const Answer answer = api.Get("/api/ui/traces/" + xray);
  EXPECT_EQ(answer.status, 200) << answer.body;
  const JsonView trace = answer.root();
  EXPECT_EQ(trace["trace_id"].text(), TraceOf(1).Hex());
  EXPECT_EQ(trace["other_trace_ids"].At(0).text(), TraceOf(12).Hex());
  EXPECT_EQ(trace["duration_ns"].text(), "100000000");
  EXPECT_EQ(trace["request"]["route"].text(), "/a");
  const JsonView rows = trace["rows"];
  ASSERT_EQ(rows.size(), 4u) << answer.body;
  EXPECT_EQ(rows.At(0)["kind"].text(), "span");
  EXPECT_EQ(rows.At(0)["span_kind"].text(), "server");
  EXPECT_EQ(rows.At(0)["attributes"].ToJson(),
            R"({"big":"1152921504606846976","http.method":"GET","http.route":"/a",)"
            R"("http.status_code":500,"odd":"a\"b"})");
  EXPECT_FALSE(rows.At(0)["parent"]);
  EXPECT_EQ(rows.At(1)["segment"].text(), "segment");
  EXPECT_EQ(rows.At(1)["join"].text(), "evidence");
  EXPECT_EQ(rows.At(1)["parent"].text(), rows.At(0)["id"].text());
  EXPECT_EQ(rows.At(1)["raw"].text(), R"({"id":"3"})");
  EXPECT_EQ(rows.At(2)["name"].text(), "a line");
  EXPECT_EQ(rows.At(3)["item"].int64(), 1);
  EXPECT_EQ(trace["joins"].size(), 3u);
  EXPECT_EQ(trace["joins"].At(1)["why"].text(), "Same path.");
  EXPECT_FALSE(trace["joins"].At(1)["certain"].boolean());
  const Answer alone = api.Get("/api/ui/traces/" + xray + "?joins=ids");
  EXPECT_EQ(alone.root()["rows"].size(), 1u);
}

TEST(ApiTest, HistogramFieldsLogsAndPlaces) {
  SKEP_OPEN_TEST_STORE(store);
  Api api(store.get());
  Fill(&api);
  const Answer histogram = api.Get("/api/ui/requests/histogram?buckets=3");
  EXPECT_EQ(histogram.root()["counts"].ToJson(), "[0,0,1]") << histogram.body;
  EXPECT_EQ(histogram.root()["p95_ns"].text(), "100000000");
  EXPECT_EQ(histogram.root()["routes_p95"].At(0)["route"].text(), "/a");
  const Answer values = api.Get("/api/ui/requests/values?field=http.status_code");
  EXPECT_EQ(values.root()["values"].ToJson(), R"([{"value":"500","count":1}])") << values.body;
  EXPECT_EQ(values.root()["distinct"].int64(), 1);
  EXPECT_EQ(api.Get("/api/ui/requests/values?field=http.status_code&limit=0").status, 400);
  const Answer logs = api.Get("/api/ui/logs?text=LINE&severity=9&source=shop");
  ASSERT_EQ(logs.root()["lines"].size(), 1u) << logs.body;
  EXPECT_EQ(logs.root()["lines"].At(0)["trace_id"].text(), TraceOf(1).Hex());
  const Answer places = api.Get("/api/ui/goto?text=" + TraceOf(1).Hex().substr(0, 8));
  EXPECT_EQ(places.root()["places"].size(), 2u) << places.body;
  const Answer item = api.Get("/api/ui/goto?text=%231");
  EXPECT_EQ(item.root()["places"].At(0)["path"].text(), "/errors/1");
  const Answer route = api.Get("/api/ui/goto?text=%2Fa");
  EXPECT_EQ(route.root()["places"].At(0)["path"].text(),
            "/requests?filter=route%20%3d%20%22%2fa%22");
}

TEST(ApiTest, Items) {
  SKEP_OPEN_TEST_STORE(store);
  Api api(store.get());
  Fill(&api);
  const Answer list = api.Get("/api/ui/items?status=active&text=key");
  EXPECT_EQ(list.root()["total"].int64(), 1) << list.body;
  EXPECT_EQ(list.root()["items"].At(0)["title"].text(), "KeyError");
  EXPECT_EQ(api.Get("/api/ui/items?status=muted").root()["total"].int64(-1), 0);
  const Answer item = api.Get("/api/ui/items/1");
  const JsonView occurrence = item.root()["occurrence"];
  EXPECT_EQ(occurrence["raw"].text(), R"({"uuid":"u"})") << item.body;
  EXPECT_EQ(occurrence["trace_id"].text(), TraceOf(1).Hex());
  EXPECT_EQ(occurrence["join"].text(), "carried");
  const std::string same = "/api/ui/items/1?occurrence=" + std::string(occurrence["id"].text());
  EXPECT_EQ(api.Get(same).root()["occurrence"]["id"].text(), occurrence["id"].text());
  EXPECT_EQ(Code(api.Get("/api/ui/items/1?occurrence=5")), "404 NOT_FOUND");
}

TEST(ApiTest, AnItemIsResolvedMutedAndOpenedAgain) {
  SKEP_OPEN_TEST_STORE(store);
  Api api(store.get());
  Fill(&api);
  const auto set = [&](std::string_view status) {
    return api.Send("PUT", "/api/ui/items/1", R"({"status":")" + std::string(status) + R"("})");
  };
  const Answer resolved = set("resolved");
  EXPECT_EQ(resolved.root()["item"]["status"].text(), "resolved") << resolved.body;
  EXPECT_EQ(api.Get("/api/ui/status").root()["open_items"].int64(-1), 0);
  EXPECT_EQ(api.Get("/api/ui/items?status=resolved").root()["total"].int64(), 1);
  EXPECT_EQ(set("muted").root()["item"]["status"].text(), "muted");
  EXPECT_EQ(set("active").root()["item"]["status"].text(), "active");
  EXPECT_EQ(api.Get("/api/ui/items?status=active").root()["total"].int64(), 1);
  EXPECT_EQ(Code(set("archived")), "400 INVALID_ARGUMENT");
  EXPECT_EQ(Code(set("")), "400 INVALID_ARGUMENT");
  EXPECT_EQ(Code(api.Send("PUT", "/api/ui/items/1", "[]")), "400 INVALID_ARGUMENT");
  EXPECT_EQ(Code(api.Send("PUT", "/api/ui/items/2", R"({"status":"muted"})")), "404 NOT_FOUND");
  EXPECT_EQ(api.Get("/api/ui/items/1").root()["item"]["status"].text(), "active");
}

TEST(ApiTest, StatusCountsWhatCame) {
  SKEP_OPEN_TEST_STORE(store);
  Api api(store.get());
  Fill(&api);
  api.counters().door(static_cast<size_t>(Door::kXRay)).Add(Counter::kRecords, 5);
  api.counters().door(static_cast<size_t>(Door::kXRay)).Add(Counter::kDropped, 3);
  const Answer answer = api.Get("/api/ui/status");
  const JsonView status = answer.root();
  EXPECT_EQ(status["version"].text(), "1.2.3") << answer.body;
  EXPECT_EQ(status["addresses"].At(0)["url"].text(), "http://127.0.0.1:1");
  ASSERT_EQ(status["doors"].size(), 4u);
  EXPECT_EQ(status["doors"].At(1)["records"].int64(), 5);
  EXPECT_EQ(status["doors"].At(1)["dropped"].int64(), 2 + 3);
  EXPECT_EQ(status["doors"].At(0)["dropped"].int64(), 0);
  EXPECT_EQ(status["doors"].At(1)["last_event_ns"].text(), "0");
  EXPECT_EQ(status["store"]["rows"].int64(), 6);
  EXPECT_EQ(status["open_items"].int64(), 1);
}

}  // namespace
}  // namespace skep::ui
