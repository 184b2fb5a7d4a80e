// SPDX-License-Identifier: Apache-2.0
// Explore and Boards through the routes of the page's API.
#include <gtest/gtest.h>

#include <string>

#include "query/expression/function.h"
#include "store/testing.h"
#include "ui/testing.h"

namespace skep::ui {
namespace {

using testing::TestRecord;

constexpr std::string_view kByUser =
    R"({"calculations":[{"op":"P95","column":"duration_ms"}],"breakdowns":["user"],"time_range":60})";

void Fill(Api* api) {
  const auto request = [](uint8_t id, uint64_t ms, const char* user) {
    TestRecord record = TestRecord::Span(Door::kOtlp, id, id, 0, "POST /a");
    record.Server().At(1000 + id * 1000).For(ms).With("user", user);
    return record;
  };
  api->world().Add(request(1, 30, "worf"));
  api->world().Add(request(2, 90, "worf").Failed());
  api->world().Add(request(3, 60, "kira"));
  api->world().Commit();
}

std::string Question(std::string_view query, std::string_view more = "") {
  return R"({"query":)" + std::string(query) + std::string(more) + R"(,"wait_ms":2000})";
}

std::string Text(const JsonView& view) { return std::string(view.text()); }

TEST(ExploreApiTest, ARunGivesHoneycombsAnswerAndWhatThePageAskedBesides) {
  SKEP_OPEN_TEST_STORE(store);
  Api api(store.get());
  Fill(&api);
  const Answer run = api.Send(
      "POST", "/api/ui/explore/runs",
      Question(
          kByUser,
          R"(,"also":[{"op":"COUNT","name":"skep.errors","filters":[{"column":"error","op":"=","value":true}]}])"));
  ASSERT_EQ(run.status, 200) << run.body;
  ASSERT_EQ(run.root()["state"].text(), "done") << run.body;
  const JsonView result = run.root()["result"];
  EXPECT_EQ(result["measures"].At(0)["column"].text(), "duration_ms");
  EXPECT_EQ(result["measures"].At(1)["key"].text(), "skep.errors");
  EXPECT_EQ(result["data"]["results"].At(0)["data"].ToJson(),
            R"x({"user":"worf","P95(duration_ms)":90,"skep.errors":1})x");
  const Answer again = api.Get("/api/ui/explore/runs/" + Text(run.root()["id"]));
  EXPECT_EQ(again.root()["result"].ToJson(), result.ToJson());
  EXPECT_EQ(api.Get("/api/ui/explore/runs/none").status, 404);
  EXPECT_EQ(api.Send("DELETE", "/api/ui/explore/runs/" + Text(run.root()["id"]), "")
                .root()["state"]
                .text(),
            "done");
}

TEST(ExploreApiTest, WhatThePageAskedBesidesStandsBehindFormulas) {
  SKEP_OPEN_TEST_STORE(store);
  Api api(store.get());
  Fill(&api);
  constexpr std::string_view kFormula =
      R"x({"calculations":[{"op":"SUM","column":"duration_ms"},{"op":"COUNT"}],"breakdowns":["user"],)x"
      R"x("formulas":[{"name":"mean","expression":"$\"SUM(duration_ms)\" / $COUNT"}],"time_range":60})x";
  const Answer run = api.Send(
      "POST", "/api/ui/explore/runs",
      Question(
          kFormula,
          R"(,"also":[{"op":"COUNT","name":"skep.count"},{"op":"MAX","column":"duration_ms","name":"skep.\"max"}])"));
  ASSERT_EQ(run.status, 200) << run.body;
  const JsonView result = run.root()["result"];
  ASSERT_EQ(result["measures"].size(), 3u) << run.body;
  EXPECT_EQ(result["measures"].At(1)["key"].text(), "skep.count");
  EXPECT_EQ(result["data"]["results"].At(0)["data"].ToJson(),
            R"x({"user":"kira","mean":60,"skep.count":1,"skep.\"max":60})x");
  EXPECT_EQ(api.Get("/api/ui/explore/history").root()["entries"].At(0)["query"]["formulas"].size(),
            1u);
}

TEST(ExploreApiTest, RowsHaveTheColumnsThatWereAskedFor) {
  SKEP_OPEN_TEST_STORE(store);
  Api api(store.get());
  Fill(&api);
  api.world().Add(TestRecord::Span(Door::kOtlp, 4, 4, 0, "none").At(9000));
  api.world().Commit();
  // {"calculated_fields":[{"name":"half","expression":"$duration_ms / 2"}],"time_range":60}
  const std::string query =
      "/api/ui/explore/rows?query=%7B%22calculated_fields%22%3A%5B%7B%22name%22%3A%22half%22%2C"
      "%22expression%22%3A%22%24duration_ms%20%2F%202%22%7D%5D%2C%22time_range%22%3A60%7D";
  // ["half","user","status_code"]
  const Answer rows = api.Get(query + "&columns=%5B%22half%22%2C%22user%22%2C%22kind%22%5D");
  ASSERT_EQ(rows.status, 200) << rows.body;
  const JsonView events = rows.root()["events"];
  ASSERT_EQ(events.size(), 4u) << rows.body;
  EXPECT_FALSE(events.At(0)["columns"]["user"]) << rows.body;
  EXPECT_EQ(events.At(1)["columns"]["half"].text(), "30") << rows.body;
  EXPECT_EQ(events.At(1)["columns"]["user"].text(), "kira");
  EXPECT_FALSE(api.Get(query).root()["events"].At(0)["columns"]);
  for (const char* wrong :
       {"&columns=x", "&columns=%7B%7D", "&columns=%5B1%5D", "&columns=%5B%22%22%5D"})
    EXPECT_EQ(api.Get(query + wrong).status, 400) << wrong;
}

TEST(ExploreApiTest, WhatIsWrongIsSaidWithItsPlace) {
  SKEP_OPEN_TEST_STORE(store);
  Api api(store.get());
  const Answer refused = api.Send(
      "POST", "/api/ui/explore/runs",
      Question(
          R"({"filters":[{"column":"a","op":"exists"},{"column":"a","op":"like","value":1}]})"));
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.root()["error"]["field"].text(), "filters[1].op") << refused.body;
  EXPECT_EQ(api.Send("POST", "/api/ui/explore/runs", "{").status, 400);
  EXPECT_EQ(api.Send("POST", "/api/ui/explore/runs", "{}").status, 400);
  EXPECT_EQ(api.Send("POST", "/api/ui/explore/runs", R"({"query":{},"wait_ms":99999})").status,
            400);
}

TEST(ExploreApiTest, AQueryIsCheckedWithoutBeingRun) {
  SKEP_OPEN_TEST_STORE(store);
  Api api(store.get());
  const std::string body = Question(
      R"x({"calculated_fields":[{"name":"good","expression":"$a + 1"},{"name":"bad","expression":"LT($a,)"}],)x"
      R"("formulas":[{"name":"f","expression":"1 + $NONE"}]})");
  const Answer checked = api.Send("POST", "/api/ui/explore/checks", body);
  ASSERT_EQ(checked.status, 200) << checked.body;
  const JsonView errors = checked.root()["errors"];
  ASSERT_EQ(errors.size(), 2u) << checked.body;
  EXPECT_EQ(errors.At(0)["field"].text(), "calculated_fields[1].expression");
  EXPECT_EQ(errors.At(0)["message"].text(), "LT takes 2 arguments, not 1.");
  EXPECT_EQ(errors.At(0)["position"].int64(), 0);
  EXPECT_EQ(errors.At(1)["field"].text(), "formulas[0].expression");
  EXPECT_EQ(errors.At(1)["position"].int64(), 4) << checked.body;
  const Answer run = api.Send("POST", "/api/ui/explore/runs", body);
  EXPECT_EQ(run.status, 400);
  EXPECT_EQ(run.root()["error"]["position"].int64(), 0) << run.body;
  const Answer parsed = api.Send("POST", "/api/ui/explore/checks", Question(R"({"limit":-1})"));
  EXPECT_EQ(parsed.root()["errors"].At(0)["field"].text(), "limit") << parsed.body;
  EXPECT_EQ(api.Send("POST", "/api/ui/explore/checks", Question("{}")).root()["errors"].size(), 0u);
  EXPECT_EQ(api.Send("POST", "/api/ui/explore/checks", "{}").status, 400);
  EXPECT_EQ(api.Get("/api/ui/explore/history").root()["entries"].size(), 0u);
}

TEST(ExploreApiTest, FunctionsAreNamedWithTheirUse) {
  SKEP_OPEN_TEST_STORE(store);
  Api api(store.get());
  const Answer list = api.Get("/api/ui/explore/functions");
  ASSERT_EQ(list.status, 200) << list.body;
  const JsonView functions = list.root()["functions"];
  EXPECT_EQ(functions.At(0)["name"].text(), "IF");
  for (size_t i = 0; i < functions.size(); ++i) {
    const std::string name = Text(functions.At(i)["name"]);
    EXPECT_TRUE(Text(functions.At(i)["usage"]).starts_with(name + "(")) << name;
    EXPECT_NE(FindFunction(name), nullptr) << name;
  }
}

TEST(ExploreApiTest, ASelectionIsHeldAgainstTheRest) {
  SKEP_OPEN_TEST_STORE(store);
  Api api(store.get());
  Fill(&api);
  const Answer run = api.Send(
      "POST", "/api/ui/explore/bubbleups?wait_ms=2000&steps=1000",
      R"({"query":{"time_range":60},"selection":{"column":"duration_ms","low":80,"high":100}})");
  ASSERT_EQ(run.status, 200) << run.body;
  EXPECT_EQ(run.root()["state"].text(), "done") << run.body;
  EXPECT_EQ(run.root()["result"]["selection"]["rows"].int64(), 1);
  EXPECT_EQ(run.root()["result"]["baseline"]["rows"].int64(), 2);
  EXPECT_EQ(api.Get("/api/ui/explore/bubbleups/" + Text(run.root()["id"])).status, 200);
  const Answer refused = api.Send("POST", "/api/ui/explore/bubbleups", R"({"query":{}})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.root()["error"]["field"].text(), "selection") << refused.body;
}

TEST(ExploreApiTest, TheHistoryHasEveryQuestionOnceNewestFirst) {
  SKEP_OPEN_TEST_STORE(store);
  Api api(store.get());
  Fill(&api);
  api.Send("POST", "/api/ui/explore/runs",
           Question(kByUser, R"(,"also":[{"op":"COUNT","name":"x"}])"));
  api.Send("POST", "/api/ui/explore/runs", Question(R"({"breakdowns":["name"]})"));
  api.Send("POST", "/api/ui/explore/runs",
           Question(R"({"breakdowns":["door"]})", R"(,"remember":false)"));
  api.Send("POST", "/api/ui/explore/runs", Question(kByUser));
  const Answer all = api.Get("/api/ui/explore/history");
  const JsonView entries = all.root()["entries"];
  ASSERT_EQ(entries.size(), 2u) << all.body;
  EXPECT_EQ(entries.At(0)["query"]["breakdowns"].ToJson(), R"(["user"])");
  EXPECT_EQ(entries.At(0)["query"]["calculations"].size(), 1u);
  EXPECT_EQ(entries.At(0)["state"].text(), "done");
  EXPECT_GE(entries.At(0)["rows_read"].int64(), 3);
  const Answer found = api.Get("/api/ui/explore/history?text=NAME");
  ASSERT_EQ(found.root()["entries"].size(), 1u);
  EXPECT_EQ(found.root()["entries"].At(0)["query"]["breakdowns"].ToJson(), R"(["name"])");
}

TEST(ExploreApiTest, TheSlowestEventThatMatches) {
  SKEP_OPEN_TEST_STORE(store);
  Api api(store.get());
  Fill(&api);
  const Answer rows =
      api.Get("/api/ui/explore/rows?query=%7B%22time_range%22%3A60%7D&order=duration_ms&limit=1");
  ASSERT_EQ(rows.root()["events"].size(), 1u) << rows.body;
  const JsonView event = rows.root()["events"].At(0);
  EXPECT_EQ(event["duration_ns"].text(), "90000000");
  EXPECT_EQ(event["attributes"]["user"].text(), "worf");
  EXPECT_EQ(event["trace_id"].text().size(), 32u);
  EXPECT_TRUE(event["error"].boolean());
}

TEST(ExploreApiTest, ASavedQueryIsHoneycombsAndKeepsItsPlaceOnABoard) {
  SKEP_OPEN_TEST_STORE(store);
  Api api(store.get());
  const Answer saved = api.Send("POST", "/api/ui/queries",
                                R"({"name":"Slow users","query":)" + std::string(kByUser) + "}");
  ASSERT_EQ(saved.status, 200) << saved.body;
  const std::string id = Text(saved.root()["id"]);
  const auto annotation = api.documents().Get(DocumentKind::kQueryAnnotation, "default", id);
  ASSERT_TRUE(annotation);
  EXPECT_EQ(annotation->body, R"({"name":"Slow users","description":"","query_id":")" +
                                  Text(saved.root()["query_id"]) + R"(","source":"query"})");
  const std::string panels = R"([{"type":"query","query_panel":{"query_id":")" +
                             Text(saved.root()["query_id"]) + R"(","query_annotation_id":")" + id +
                             R"(","visualization_settings":{"utc_xaxis":true}}}])";
  const Answer board =
      api.Send("POST", "/api/ui/boards", R"({"name":"Users","panels":)" + panels + "}");
  ASSERT_EQ(board.status, 200) << board.body;
  EXPECT_EQ(board.root()["queries"].At(0)["name"].text(), "Slow users");
  EXPECT_EQ(board.root()["board"]["panels"].ToJson(), panels);

  const Answer changed =
      api.Send("PUT", "/api/ui/queries/" + id, R"({"name":"Slowest users","query":{"limit":5}})");
  EXPECT_EQ(changed.root()["query"]["limit"].int64(), 5) << changed.body;
  const std::string path = "/api/ui/boards/" + Text(board.root()["board"]["id"]);
  const Answer follows = api.Get(path);
  EXPECT_EQ(follows.root()["queries"].At(0)["query"]["limit"].int64(), 5) << follows.body;
  const JsonView panel = follows.root()["board"]["panels"].At(0)["query_panel"];
  EXPECT_EQ(panel["query_id"].text(), changed.root()["query_id"].text());
  EXPECT_TRUE(panel["visualization_settings"]["utc_xaxis"].boolean()) << follows.body;
  EXPECT_EQ(api.Get("/api/ui/queries?text=slowest").root()["queries"].size(), 1u);
  EXPECT_EQ(api.Get("/api/ui/queries?text=nobody").root()["queries"].size(), 0u);
  EXPECT_EQ(api.Send("DELETE", "/api/ui/queries/" + id, "").status, 200);
  EXPECT_EQ(api.Send("PUT", "/api/ui/queries/" + id, R"({"name":"x","query":{}})").status, 404);
  const Answer still = api.Get(path);
  EXPECT_EQ(still.root()["queries"].size(), 1u) << still.body;
  EXPECT_EQ(still.root()["queries"].At(0)["name"].text(), "");
}

TEST(ExploreApiTest, WhatSomebodyElseSavedIsNotWrittenOver) {
  SKEP_OPEN_TEST_STORE(store);
  Api api(store.get());
  const Answer first = api.Send("POST", "/api/ui/queries", R"({"name":"a","query":{"limit":1}})");
  const std::string path = "/api/ui/queries/" + Text(first.root()["id"]);
  const std::string seen = Text(first.root()["updated_ns"]);
  const auto change = [&](const char* limit) {
    return api.Send("PUT", path,
                    R"({"name":"a","query":{"limit":)" + std::string(limit) + R"(},"seen_ns":")" +
                        seen + R"("})");
  };
  const Answer second = change("2");
  ASSERT_EQ(second.status, 200) << second.body;
  ASSERT_NE(Text(second.root()["updated_ns"]), seen);
  const Answer third = change("3");
  EXPECT_EQ(third.status, 409) << third.body;
  EXPECT_EQ(third.root()["error"]["code"].text(), "ABORTED");
  EXPECT_EQ(api.Get(path).root()["query"]["limit"].int64(), 2);
  EXPECT_EQ(api.Send("PUT", path, R"({"name":"a","query":{"limit":4}})").status, 200);
  EXPECT_EQ(api.Get(path).root()["query"]["limit"].int64(), 4);
  EXPECT_EQ(api.Send("PUT", path, R"({"name":"a","query":{},"seen_ns":"soon"})").status, 400);
  EXPECT_EQ(api.Get("/api/ui/queries/none").status, 404);
}

TEST(ExploreApiTest, WhatThePageDoesNotKnowOfABoardStays) {
  SKEP_OPEN_TEST_STORE(store);
  Api api(store.get());
  Document document;
  document.kind = DocumentKind::kBoard;
  document.body = R"({"name":"b","type":"flexible","panels":[],"tags":[{"key":"k","value":"v"}]})";
  const auto made = api.documents().Create(document);
  ASSERT_TRUE(made);
  const std::string path = "/api/ui/boards/" + made->id;
  const Answer changed = api.Send("PUT", path, R"({"name":"c","description":"d"})");
  EXPECT_EQ(changed.root()["board"]["name"].text(), "c") << changed.body;
  EXPECT_EQ(api.documents().Get(DocumentKind::kBoard, "default", made->id)->body,
            R"({"name":"c","description":"d","type":"flexible","panels":[],)"
            R"("tags":[{"key":"k","value":"v"}]})");
  EXPECT_EQ(api.Send("PUT", path, R"({"name":""})").status, 400);
  EXPECT_EQ(api.Send("PUT", path,
                     R"({"name":"c","panels":[{"type":"query","query_panel":{"query_id":"no"}}]})")
                .status,
            400);
  EXPECT_EQ(api.Get("/api/ui/boards").root()["boards"].size(), 1u);
  EXPECT_EQ(api.Send("DELETE", path, "").status, 200);
  EXPECT_EQ(api.Get(path).status, 404);
}

TEST(ExploreApiTest, CalculatedFieldsThatAreKeptAreFields) {
  SKEP_OPEN_TEST_STORE(store);
  Api api(store.get());
  Fill(&api);
  const auto keep = [&](const char* dataset, const char* name, const char* expression) {
    Document document;
    document.kind = DocumentKind::kDerivedColumn;
    document.dataset = dataset;
    document.name = name;
    document.body = R"({"expression":")" + std::string(expression) + R"("})";
    ASSERT_TRUE(api.documents().Create(document));
  };
  keep("__all__", "limit", "INT(60)");
  keep("__all__", "slow", "GTE($duration_ms, $limit)");
  keep("shop", "slow", "GTE($duration_ms, 90)");
  keep("other", "fast", "LT($duration_ms, 60)");
  const std::string by_slow = R"({"calculations":[{"op":"COUNT"}],"breakdowns":["slow"],)"
                              R"("orders":[{"column":"slow"}],"time_range":60})";
  const auto counts = [&](std::string_view dataset) {
    const Answer run = api.Send("POST", "/api/ui/explore/runs",
                                Question(by_slow, R"(,"dataset":")" + std::string(dataset) + '"'));
    EXPECT_EQ(run.root()["state"].text(), "done") << run.body;
    return run.root()["result"]["data"]["results"].ToJson();
  };
  EXPECT_EQ(counts("__all__"),
            R"([{"data":{"slow":false,"COUNT":1}},{"data":{"slow":true,"COUNT":2}}])");
  EXPECT_EQ(counts("shop"),
            R"([{"data":{"slow":false,"COUNT":2}},{"data":{"slow":true,"COUNT":1}}])");

  const Answer rows = api.Get(
      "/api/ui/explore/"
      "rows?dataset=shop&query=%7B%22filters%22%3A%5B%7B%22column%22%3A%22slow%22%2C"
      "%22op%22%3A%22%3D%22%2C%22value%22%3Atrue%7D%5D%2C%22time_range%22%3A60%7D");
  EXPECT_EQ(rows.root()["events"].size(), 1u) << rows.body;

  const Answer compared =
      api.Send("POST", "/api/ui/explore/bubbleups?wait_ms=2000&steps=100",
               R"({"dataset":"shop","query":{"time_range":60},"selection":{"filters":)"
               R"([{"column":"slow","op":"=","value":true}]}})");
  ASSERT_EQ(compared.root()["state"].text(), "done") << compared.body;
  EXPECT_EQ(compared.root()["result"]["selection"]["rows"].int64(), 1) << compared.body;

  const Answer fields = api.Get("/api/ui/explore/fields?dataset=shop&contains=l");
  std::string listed;
  for (size_t i = 0; i < fields.root()["fields"].size(); ++i) {
    const JsonView field = fields.root()["fields"].At(i);
    listed += Text(field["name"]) + field["types"].ToJson() + ' ';
  }
  EXPECT_NE(listed.find(R"(limit["integer"] )"), std::string::npos) << listed;
  EXPECT_NE(listed.find(R"(slow["boolean"] )"), std::string::npos) << listed;
}

TEST(ExploreApiTest, FieldsThatEveryEventHasComeFirst) {
  SKEP_OPEN_TEST_STORE(store);
  Api api(store.get());
  const Answer fields = api.Get("/api/ui/explore/fields?contains=DURATION");
  ASSERT_EQ(fields.root()["fields"].size(), 1u) << fields.body;
  EXPECT_EQ(fields.root()["fields"].At(0)["name"].text(), "duration_ms");
  const Answer all = api.Get("/api/ui/explore/fields");
  EXPECT_EQ(all.root()["fields"].At(0)["name"].text(), Fields::KnownNames().front());
}

}  // namespace
}  // namespace skep::ui
