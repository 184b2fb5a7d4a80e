// SPDX-License-Identifier: Apache-2.0
// The endpoint as its clients see it: over HTTP, reading only.
#include "sql_endpoint/endpoint.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "net/server.h"
#include "store/block_builder.h"
#include "store/cluster/http_client.h"
#include "store/testing.h"

namespace skep::sql_endpoint {
namespace {

class EndpointTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = testing::OpenTestStore();
    if (!opened) GTEST_SKIP() << opened.error().message << ": " << opened.error().detail;
    store_ = std::move(*opened);
    RecordBatch batch;
    batch.BeginRecord({}).name = "GET /";
    batch.Add("http.route", Value::String("/a"));
    batch.EndRecord();
    BlockBuilder builder;
    builder.Append(batch, {"default", Door::kOtlp, 1, 1});
    ASSERT_TRUE(store_->Insert(builder.Encode(), "t"));
    Register(router_, *store_, {});
    auto server = net::Server::Create({});
    ASSERT_TRUE(server);
    server_ = std::move(*server);
    const auto port = server_->Listen({"127.0.0.1", 0}, &router_);
    ASSERT_TRUE(port);
    server_->Start();
    HttpClient::Options options;
    options.url = "http://127.0.0.1:" + std::to_string(*port);
    client_ = std::make_unique<HttpClient>(options);
  }
  void TearDown() override {
    if (server_ != nullptr) server_->Shutdown(std::chrono::milliseconds(5000));
  }

  HttpReply Post(std::string_view sql, HttpCall::Pairs query = {}) {
    HttpCall call;
    call.query = std::move(query);
    if (call.query.empty()) call.query.emplace_back("database", "anything");
    call.body = sql;
    auto reply = client_->Post(call, CancelToken());
    EXPECT_TRUE(reply) << reply.error().message;
    return reply ? std::move(*reply) : HttpReply();
  }
  void ExpectError(std::string_view sql, long status, std::string_view engine_code) {
    const HttpReply reply = Post(sql);
    EXPECT_EQ(reply.status, status) << sql << ": " << reply.body.view();
    EXPECT_EQ(reply.exception_code, engine_code) << sql;
    const std::string begin = "Code: " + std::string(engine_code) + ". DB::Exception: ";
    EXPECT_TRUE(reply.body.view().starts_with(begin)) << reply.body.view();
  }

  std::unique_ptr<Store> store_;
  net::Router router_;
  std::unique_ptr<net::Server> server_;
  std::unique_ptr<HttpClient> client_;
};

TEST_F(EndpointTest, AnswersInTheFormatAskedFor) {
  const std::string sql = "SELECT name, attributes.`http.route` AS route FROM events";
  EXPECT_EQ(Post(sql).body.view(), "GET /\t/a\n");
  EXPECT_EQ(Post(sql + " FORMAT CSV").body.view(), "\"GET /\",\"/a\"\n");
  EXPECT_EQ(Post(sql, {{"default_format", "JSONEachRow"}}).body.view(),
            "{\"name\":\"GET \\/\",\"route\":\"\\/a\"}\n");
}

TEST_F(EndpointTest, TakesTheQueryFromUrlAndBody) {
  EXPECT_EQ(Post("", {{"query", "SELECT 1"}}).body.view(), "1\n");
  EXPECT_EQ(Post("+ 1", {{"query", "SELECT 1"}}).body.view(), "2\n");
}

TEST_F(EndpointTest, BindsValues) {
  EXPECT_EQ(Post("SELECT count() FROM events WHERE name = {name:String}", {{"param_name", "GET /"}})
                .body.view(),
            "1\n");
  EXPECT_EQ(Post("SELECT length({x:String})", {{"param_x", "a\\tb"}}).body.view(), "3\n");
}

TEST_F(EndpointTest, SettingsHoldForOneQuery) {
  EXPECT_EQ(Post("SELECT getSetting('max_threads')", {{"max_threads", "1"}}).body.view(), "1\n");
  EXPECT_EQ(Post("SELECT getSetting('max_block_size')", {{"max_block_size", "77"}}).body.view(),
            "77\n");
  EXPECT_NE(Post("SELECT getSetting('max_block_size')").body.view(), "77\n");
}

TEST_F(EndpointTest, SaysWhatWasRead) {
  const HttpReply reply = Post("SELECT sum(duration_ns) FROM events");
  EXPECT_NE(reply.summary.find("\"read_rows\":\"1\""), std::string::npos) << reply.summary;
}

TEST_F(EndpointTest, RefusesWhateverChangesSomething) {
  for (const char* sql :
       {"INSERT INTO events (name) VALUES ('x')", "DROP TABLE events", "TRUNCATE TABLE events",
        "ALTER TABLE events DELETE WHERE 1", "CREATE TABLE x (a UInt8) ENGINE = Memory",
        "OPTIMIZE TABLE events", "KILL QUERY WHERE 1", "SYSTEM SHUTDOWN", "SET max_threads = 1",
        "USE system", "DETACH TABLE events", "SELECT 1 INTO OUTFILE '/tmp/skep-outfile'"})
    ExpectError(sql, 500, "164");
  ExpectError("SELECT 1; DROP TABLE events", 400, "62");
  EXPECT_FALSE(std::filesystem::exists("/tmp/skep-outfile"));
  EXPECT_EQ(Post("SELECT count() FROM events").body.view(), "1\n");
  EXPECT_EQ(Post("SELECT 1", {{"readonly", "0"}}).exception_code, "164");
}

TEST_F(EndpointTest, RefusesWhateverLeavesTheStore) {
  for (const char* sql :
       {"SELECT file('/etc/passwd')", "SELECT length(File('/etc/passwd'))",
        "WITH (SELECT file('/etc/passwd')) AS x SELECT x", "EXPLAIN SELECT file('/etc/passwd')",
        "SELECT * FROM file('/etc/passwd', 'LineAsString')",
        "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
        "SELECT * FROM remote('127.0.0.1:1', 'system', 'one')"})
    ExpectError(sql, 403, "497");
}

TEST_F(EndpointTest, ErrorsAreTheEngines) {
  ExpectError("SELECT 1 +", 400, "62");
  ExpectError("SELECT * FROM nowhere", 404, "60");
  ExpectError("SELECT nothing FROM events", 404, "47");
  ExpectError("SELECT {x:UInt8}", 400, "456");
  ExpectError("SELECT 1 FORMAT Nonsense", 404, "73");
  EXPECT_EQ(Post("SELECT 1", {{"max_threads'", "1"}}).exception_code, "115");
  EXPECT_EQ(Post("SELECT sum(sleepEachRow(1)) FROM numbers(3) SETTINGS max_block_size = 1",
                 {{"max_execution_time", "0.1"}})
                .exception_code,
            "159");
}

}  // namespace
}  // namespace skep::sql_endpoint
