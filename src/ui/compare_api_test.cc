// SPDX-License-Identifier: Apache-2.0
// Comparing traces, the service map and links through the routes of the page's API.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "store/testing.h"
#include "ui/testing.h"

namespace skep::ui {
namespace {

using testing::kMs;
using testing::kTestTimeNs;
using testing::SpanOf;
using testing::TestRecord;
using testing::TraceOf;

// `shop` serves `route`, calls `api` and a database, and in the slow ones waits for a lock.
void AddRequest(Api* api, uint8_t trace, const std::string& route, int64_t at_ms, bool slow) {
  const auto span = [&](uint8_t id, uint8_t parent, std::string name, SpanKind kind) {
    TestRecord made = TestRecord::Span(Door::kOtlp, trace, id, parent, std::move(name));
    made.record.kind = kind;
    return made;
  };
  const auto add = [&](const TestRecord& record) { api->world().Add(record); };
  add(span(1, 0, "GET " + route, SpanKind::kServer)
          .At(at_ms)
          .For(slow ? 80 : 30)
          .With("http.method", "GET")
          .With("http.route", route));
  add(span(2, 1, "call", SpanKind::kClient).At(at_ms + 1).For(12));
  add(span(3, 2, "serve", SpanKind::kServer).Of("api").At(at_ms + 3).For(8).Failed());
  add(span(4, 1, "SELECT", SpanKind::kClient)
          .At(at_ms + 15)
          .For(2)
          .With("db.system", "postgresql")
          .With("db.name", "orders"));
  if (slow) add(span(5, 1, "lock", SpanKind::kInternal).At(at_ms + 20).For(50));
}

class CompareApiTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = testing::OpenTestStore();
    if (!opened) GTEST_SKIP() << opened.error().message << ": " << opened.error().detail;
    store_ = std::move(*opened);
    api_ = std::make_unique<Api>(store_.get());
    for (uint8_t n = 1; n <= 4; ++n)
      AddRequest(api_.get(), n, n < 3 ? "/a" : "/b", 100 * n, n == 4);
    TestRecord link = TestRecord::Make(Signal::kSpanLink, Door::kOtlp, 2);
    link.record.parent_id = SpanOf(2);
    api_->world().Add(link.At(201)
                          .With("trace.link.trace_id", TraceOf(1).Hex())
                          .With("trace.link.span_id", SpanOf(3).Hex()));
    api_->world().Commit();
  }
  // Over a time that holds all of it.
  Answer Get(const std::string& path, const std::string& parameters = "") {
    return api_->Get(fmt::format("/api/ui/{}?from={}&to={}{}", path, kTestTimeNs,
                                 kTestTimeNs + 10'000 * kMs, parameters));
  }

  std::unique_ptr<Store> store_;
  std::unique_ptr<Api> api_;
};

// "name a/b changes" of each path, its depth as dots.
std::string Paths(const JsonView& rows) {
  std::string out;
  for (size_t i = 0; i < rows.size(); ++i) {
    const JsonView row = rows.At(i);
    out += std::string(static_cast<size_t>(row["depth"].int64()), '.');
    out += fmt::format("{} {}/{}", row["name"].text(), row["a"]["spans"].int64(),
                       row["b"]["spans"].int64());
    for (size_t k = 0; k < row["changes"].size(); ++k)
      out += fmt::format(" {}", row["changes"].At(k).text());
    out += '\n';
  }
  return out;
}

TEST_F(CompareApiTest, TwoTraces) {
  const Answer diff = Get("diff", "&a=" + TraceOf(3).Hex() + "&b=" + TraceOf(4).Hex());
  ASSERT_EQ(diff.status, 200) << diff.body;
  EXPECT_EQ(diff.root()["a"]["request"]["trace_id"].text(), TraceOf(3).Hex());
  EXPECT_EQ(diff.root()["b"]["traces"].int64(), 1);
  EXPECT_EQ(Paths(diff.root()["rows"]),
            "GET /b 1/1 slower\n.call 1/1\n..serve 1/1\n.SELECT 1/1\n.lock 0/1 added\n");
  EXPECT_EQ(diff.root()["rows"].At(0)["a"]["total_ns"].text(), "30000000");
  EXPECT_EQ(diff.root()["rows"].At(0)["b"]["p95_ns"].text(), "80000000");
  EXPECT_EQ(diff.root()["rows"].At(2)["b"]["errors"].int64(), 1);
}

TEST_F(CompareApiTest, TwoGroupsOfTraces) {
  const Answer diff = Get("diff", "&a_filter=route+%3D+%2Fa&b_filter=route+%3D+%2Fb&limit=1");
  ASSERT_EQ(diff.status, 200) << diff.body;
  EXPECT_EQ(diff.root()["a"]["filter"].text(), "route = /a");
  EXPECT_EQ(diff.root()["a"]["traces"].int64(), 1);
  EXPECT_TRUE(diff.root()["a"]["more"].boolean());
  EXPECT_EQ(Paths(diff.root()["rows"]),
            "GET /a 1/0 removed\n.call 1/0 removed\n..serve 1/0 removed\n.SELECT 1/0 removed\n"
            "GET /b 0/1 added\n.call 0/1 added\n..serve 0/1 added\n.SELECT 0/1 added\n"
            ".lock 0/1 added\n");
}

TEST_F(CompareApiTest, WhatCannotBeCompared) {
  const Answer filter = Get("diff", "&a=" + TraceOf(1).Hex() + "&b_filter=a+%3D");
  EXPECT_EQ(filter.status, 400) << filter.body;
  EXPECT_TRUE(filter.root()["error"]["position"]) << filter.body;
  EXPECT_EQ(Get("diff", "&a=" + TraceOf(1).Hex() + "&b=" + TraceOf(77).Hex()).status, 404);
  EXPECT_EQ(Get("diff", "&a=none&b=" + TraceOf(1).Hex()).status, 400);
  EXPECT_EQ(Get("diff", "&a_filter=&b_filter=&limit=0").status, 400);
}

TEST_F(CompareApiTest, WhatATraceMayBeComparedWith) {
  const Answer like = api_->Get("/api/ui/traces/" + TraceOf(2).Hex() + "/like");
  ASSERT_EQ(like.status, 200) << like.body;
  EXPECT_EQ(like.root()["of"].int64(), 1);
  EXPECT_EQ(like.root()["previous"]["trace_id"].text(), TraceOf(1).Hex());
  EXPECT_EQ(like.root()["median"]["trace_id"].text(), TraceOf(1).Hex());
  const Answer none = api_->Get("/api/ui/traces/" + TraceOf(1).Hex() + "/like");
  EXPECT_EQ(none.root()["of"].int64(), 0) << none.body;
  EXPECT_FALSE(none.root()["previous"]);
}

TEST_F(CompareApiTest, TheServiceMapAndWhatIsBehindIt) {
  const Answer map = Get("map");
  ASSERT_EQ(map.status, 200) << map.body;
  std::string drawn;
  const JsonView nodes = map.root()["nodes"];
  for (size_t i = 0; i < nodes.size(); ++i)
    drawn += fmt::format("{} {} {}\n", nodes.At(i)["kind"].text(), nodes.At(i)["name"].text(),
                         nodes.At(i)["count"].float64());
  const JsonView edges = map.root()["edges"];
  for (size_t i = 0; i < edges.size(); ++i)
    drawn += fmt::format("{} > {} {}/{}\n", edges.At(i)["from"].text(), edges.At(i)["to"].text(),
                         edges.At(i)["count"].float64(), edges.At(i)["errors"].float64());
  EXPECT_EQ(drawn,
            "service api 4\ndatabase postgresql orders 0\nservice shop 4\n"
            "shop > api 4/4\nshop > postgresql orders 4/0\n");

  const Answer under = Get("map", "&filter=route+%3D+%2Fa");
  EXPECT_EQ(under.root()["nodes"].At(0)["count"].float64(), 2) << under.body;
  EXPECT_EQ(Get("map", "&filter=a+%3D").status, 400);

  const Answer slow = Get("map/examples", "&service=shop&shortest=50000000");
  ASSERT_EQ(slow.status, 200) << slow.body;
  ASSERT_EQ(slow.root()["examples"].size(), 1u) << slow.body;
  EXPECT_EQ(slow.root()["examples"].At(0)["trace_id"].text(), TraceOf(4).Hex());
  EXPECT_EQ(slow.root()["examples"].At(0)["duration_ns"].text(), "80000000");
  const Answer called = Get("map/examples", "&service=api&caller=shop");
  EXPECT_EQ(called.root()["examples"].size(), 4u) << called.body;
  EXPECT_EQ(Get("map/examples").status, 400);
}

TEST_F(CompareApiTest, LinksBothWays) {
  const Answer out = Get("traces/" + TraceOf(2).Hex() + "/links");
  ASSERT_EQ(out.status, 200) << out.body;
  ASSERT_EQ(out.root()["links"].size(), 1u) << out.body;
  const JsonView link = out.root()["links"].At(0);
  EXPECT_FALSE(link["incoming"].boolean());
  EXPECT_EQ(link["row"].text(), SpanOf(2).Hex());
  EXPECT_EQ(link["trace_id"].text(), TraceOf(1).Hex());
  EXPECT_EQ(link["span_id"].text(), SpanOf(3).Hex());
  EXPECT_TRUE(link["found"].boolean());
  EXPECT_EQ(link["name"].text(), "serve");
  EXPECT_EQ(link["service"].text(), "api");
  const Answer in = Get("traces/" + TraceOf(1).Hex() + "/links");
  ASSERT_EQ(in.root()["links"].size(), 1u) << in.body;
  EXPECT_TRUE(in.root()["links"].At(0)["incoming"].boolean());
  EXPECT_EQ(in.root()["links"].At(0)["row"].text(), SpanOf(3).Hex());
  EXPECT_EQ(in.root()["links"].At(0)["name"].text(), "call");
  EXPECT_EQ(Get("traces/none/links").status, 400);
}

}  // namespace
}  // namespace skep::ui
