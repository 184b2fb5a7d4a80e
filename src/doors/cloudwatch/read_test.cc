// SPDX-License-Identifier: Apache-2.0
// Events that go in by PutLogEvents come back by GetLogEvents and FilterLogEvents: the door over a
// real sink and a real store.
#include <gtest/gtest.h>

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/guarded.h"
#include "doors/cloudwatch/door.h"
#include "doors/cloudwatch/log_groups_observer.h"
#include "store/testing.h"
#include "wire/json.h"

namespace skep::cloudwatch {
namespace {

constexpr int64_t kNowMs = 1'795'521'600'000;
constexpr int64_t kDayMs = 86'400'000;

class Server {
 public:
  explicit Server(Store* store)
      : directory_(std::filesystem::temp_directory_path() /
                   ("skep-cloudwatch-" + std::to_string(MonotonicNs()))),
        database_(*Database::Open({":memory:"})),
        groups_(database_.get()),
        observer_(&groups_),
        sink_(*Sink::Create({.directory = directory_.string()}, {.store = store,
                                                                 .counters = &counters_,
                                                                 .decoders = Formats(),
                                                                 .observers = {&observer_}})),
        reader_(store, sink_.get()) {
    Register(router_,
             {.sink = sink_.get(), .counters = &counters_, .groups = &groups_, .reader = &reader_});
  }
  ~Server() {
    sink_->Shutdown();
    sink_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }

  net::Response Send(std::string_view operation, const std::string& body, int64_t now_ms = kNowMs,
                     const net::Headers& headers = {}) {
    net::Request request;
    request.method = "POST";
    request.path = "/";
    request.headers = headers;
    request.headers.emplace_back("x-amz-target", "Logs_20140328." + std::string(operation));
    request.body = Bytes(body);
    request.receive_time_ns = now_ms * kNsPerMs;
    const net::Route* route = router_.Match(request);
    struct Answer {
      bool done = false;
      net::Response response;
    };
    Guarded<Answer> answer;
    std::condition_variable answered;
    route->handler(std::move(request), net::Responder([&](net::Response response) {
                     answer.With([&](Answer& a) {
                       a = {true, std::move(response)};
                       answered.notify_all();
                     });
                   }));
    return answer.WithLock([&](Answer& a, auto& lock) {
      answered.wait(lock, [&] { return a.done; });
      return std::move(a.response);
    });
  }
  // The answer's JSON; the operation must succeed.
  JsonDocument Ask(std::string_view operation, const std::string& body, int64_t now_ms = kNowMs) {
    const net::Response response = Send(operation, body, now_ms);
    EXPECT_EQ(response.status, 200) << operation << " " << response.body;
    return *JsonDocument::Parse(response.body.empty() ? "{}" : response.body);
  }
  void Put(const std::string& stream, const std::vector<std::pair<int64_t, std::string>>& events,
           const net::Headers& headers = {}) {
    JsonWriter body;
    body.BeginObject();
    body.Field("logGroupName", "g");
    body.Field("logStreamName", stream);
    body.Key("logEvents");
    body.BeginArray();
    for (const auto& [time_ms, message] : events) {
      body.BeginObject();
      body.Field("timestamp", time_ms);
      body.Field("message", message);
      body.EndObject();
    }
    body.EndArray();
    body.EndObject();
    EXPECT_EQ(Send("PutLogEvents", body.Take(), kNowMs, headers).status, 200);
  }
  void MakeStreams(const std::vector<std::string>& streams) {
    Ask("CreateLogGroup", R"({"logGroupName":"g"})");
    for (const std::string& stream : streams)
      Ask("CreateLogStream", R"({"logGroupName":"g","logStreamName":")" + stream + "\"}");
  }

 private:
  const std::filesystem::path directory_;
  Counters counters_;
  std::unique_ptr<Database> database_;
  LogGroups groups_;
  LogGroupsObserver observer_;
  std::unique_ptr<Sink> sink_;
  Reader reader_;
  net::Router router_;
};

std::string Messages(const JsonDocument& answer) {
  std::string text;
  const JsonView events = answer.root()["events"];
  for (size_t i = 0; i < events.size(); ++i)
    text.append(i == 0 ? "" : " ").append(events.At(i)["message"].text());
  return text;
}
std::string Text(const JsonDocument& answer, std::string_view name) {
  return std::string(answer.root()[name].text());
}

TEST(CloudWatchReadTest, AStreamIsReadBothWaysUntilTheTokenComesBack) {
  SKEP_OPEN_TEST_STORE(store);
  Server server(store.get());
  server.MakeStreams({"s", "t"});
  // One millisecond holds several events, also of several requests: arrival decides.
  server.Put("s", {{kNowMs - 9, "a"}, {kNowMs - 5, "b"}, {kNowMs - 5, "c"}});
  server.Put("t", {{kNowMs - 7, "other"}});
  server.Put("s", {{kNowMs - 5, "d"}, {kNowMs - 1, "e"}});

  const std::string in_s = R"("logGroupName":"g","logStreamName":"s")";
  const auto get = [&](const std::string& more) {
    return server.Ask("GetLogEvents", "{" + in_s + more + "}");
  };
  EXPECT_EQ(Messages(get("")), "a b c d e");
  EXPECT_EQ(Messages(get(R"(,"limit":2)")), "d e");
  EXPECT_EQ(Messages(get(R"(,"limit":2,"startFromHead":true)")), "a b");
  EXPECT_EQ(Messages(get(R"(,"startTime":1795521599995,"endTime":1795521599999)")), "b c d");

  // Forward, then back again.
  JsonDocument page = get(R"(,"limit":3,"startFromHead":true)");
  EXPECT_EQ(Messages(page), "a b c");
  page = get(R"(,"limit":3,"nextToken":")" + Text(page, "nextForwardToken") + "\"");
  EXPECT_EQ(Messages(page), "d e");
  const std::string end = Text(page, "nextForwardToken");
  page = get(R"(,"nextToken":")" + end + "\"");
  EXPECT_EQ(Messages(page), "");
  EXPECT_EQ(Text(page, "nextForwardToken"), end);
  page = get(R"(,"limit":2,"nextToken":")" + Text(page, "nextBackwardToken") + "\"");
  EXPECT_EQ(Messages(page), "d e");
  page = get(R"(,"limit":9,"nextToken":")" + Text(page, "nextBackwardToken") + "\"");
  EXPECT_EQ(Messages(page), "a b c");
  const std::string start = Text(page, "nextBackwardToken");
  page = get(R"(,"nextToken":")" + start + "\"");
  EXPECT_EQ(Messages(page), "");
  EXPECT_EQ(Text(page, "nextBackwardToken"), start);
  page = get(R"(,"limit":1,"nextToken":")" + Text(page, "nextForwardToken") + "\"");
  EXPECT_EQ(Messages(page), "a");

  // Who waits at the end sees what comes later.
  server.Put("s", {{kNowMs, "f"}});
  EXPECT_EQ(Messages(get(R"(,"nextToken":")" + end + "\"")), "f");
}

TEST(CloudWatchReadTest, AnEmptyStreamHasTokensThatSeeLaterEvents) {
  SKEP_OPEN_TEST_STORE(store);
  Server server(store.get());
  server.MakeStreams({"s"});
  const std::string in_s = R"({"logGroupIdentifier":"arn:aws:logs:us-east-1:1:log-group:g",)"
                           R"("logStreamName":"s")";
  const JsonDocument empty = server.Ask("GetLogEvents", in_s + "}");
  EXPECT_EQ(Messages(empty), "");
  server.Put("s", {{kNowMs, "first"}});
  EXPECT_EQ(Messages(server.Ask("GetLogEvents", in_s + R"(,"nextToken":")" +
                                                    Text(empty, "nextForwardToken") + "\"}")),
            "first");
}

TEST(CloudWatchReadTest, AGroupIsFilteredByStreamsAndPaged) {
  SKEP_OPEN_TEST_STORE(store);
  Server server(store.get());
  server.MakeStreams({"web-1", "web-2", "db"});
  server.Put("web-1", {{kNowMs - 9, "a"}, {kNowMs - 3, "d"}});
  server.Put("db", {{kNowMs - 8, "b"}});
  server.Put("web-2", {{kNowMs - 7, "c"}, {kNowMs - 3, "e"}});

  const auto filter = [&](const std::string& more) {
    return server.Ask("FilterLogEvents", R"({"logGroupName":"g")" + more + "}");
  };
  EXPECT_EQ(Messages(filter("")), "a b c d e");
  EXPECT_EQ(Messages(filter(R"(,"startFromHead":false)")), "e d c b a");
  EXPECT_EQ(Messages(filter(R"(,"interleaved":true,"filterPattern":"")")), "a b c d e");
  EXPECT_EQ(Messages(filter(R"(,"logStreamNamePrefix":"web")")), "a c d e");
  EXPECT_EQ(Messages(filter(R"(,"logStreamNames":["db","web-2"])")), "b c e");
  EXPECT_EQ(Messages(filter(R"(,"startTime":1795521599992,"endTime":1795521599993)")), "b c");
  EXPECT_EQ(
      server.Send("FilterLogEvents", R"({"logGroupName":"g","logStreamNames":["none"]})").status,
      400);

  std::string all;
  std::string token;
  for (int pages = 1; pages <= 3; ++pages) {
    const JsonDocument page =
        filter(R"(,"limit":2)" + (token.empty() ? "" : R"(,"nextToken":")" + token + "\""));
    all += Messages(page) + "|";
    token = Text(page, "nextToken");
    EXPECT_EQ(token.empty(), pages == 3);
  }
  EXPECT_EQ(all, "a b|c d|e|");
  EXPECT_EQ(Text(filter(R"(,"limit":5)"), "nextToken"), "");

  const JsonDocument first = filter(R"(,"limit":1)");
  const JsonView event = first.root()["events"].At(0);
  EXPECT_EQ(event["eventId"].text().size(), 56u);
  EXPECT_EQ(event["logStreamName"].text(), "web-1");
  EXPECT_EQ(event["timestamp"].int64(), kNowMs - 9);
  EXPECT_EQ(event["ingestionTime"].int64(), kNowMs);
  // A token goes on in its own direction only.
  EXPECT_EQ(server
                .Send("FilterLogEvents", R"({"logGroupName":"g","startFromHead":false,)"
                                         R"("nextToken":")" +
                                             Text(first, "nextToken") + "\"}")
                .status,
            400);
}

TEST(CloudWatchReadTest, PagesEndAtAMebibyte) {
  SKEP_OPEN_TEST_STORE(store);
  Server server(store.get());
  server.MakeStreams({"s"});
  const std::string long_message(400'000, 'x');
  for (int i = 0; i < 4; ++i) server.Put("s", {{kNowMs + i, long_message}});
  server.Put("s", {{kNowMs + 9, std::string(2'000'000, 'y')}});
  std::string token;
  std::vector<size_t> sizes;
  do {
    const JsonDocument page = server.Ask(
        "FilterLogEvents",
        R"({"logGroupName":"g")" + (token.empty() ? "}" : R"(,"nextToken":")" + token + "\"}"));
    sizes.push_back(page.root()["events"].size());
    token = Text(page, "nextToken");
  } while (!token.empty());
  EXPECT_EQ(sizes, (std::vector<size_t>{2, 2, 1}));
}

TEST(CloudWatchReadTest, ExpiredEventsAreNotShown) {
  SKEP_OPEN_TEST_STORE(store);
  Server server(store.get());
  server.MakeStreams({"s"});
  server.Put("s", {{kNowMs - 2 * kDayMs, "old"}, {kNowMs, "new"}});
  EXPECT_EQ(Messages(server.Ask("FilterLogEvents", R"({"logGroupName":"g"})")), "old new");
  server.Ask("PutRetentionPolicy", R"({"logGroupName":"g","retentionInDays":1})");
  EXPECT_EQ(Messages(server.Ask("FilterLogEvents", R"({"logGroupName":"g"})")), "new");
  EXPECT_EQ(Messages(server.Ask("GetLogEvents", R"({"logGroupName":"g","logStreamName":"s"})",
                                kNowMs + 2 * kDayMs)),
            "");
}

TEST(CloudWatchReadTest, ABatchSentAgainIsStoredOnceAndAnotherOneAlikeTwice) {
  SKEP_OPEN_TEST_STORE(store);
  Server server(store.get());
  server.MakeStreams({"s"});
  const net::Headers call = {{"amz-sdk-invocation-id", "7cd782f5-ab07-4665-b03f-7991df99f15c"}};
  const net::Headers other = {{"amz-sdk-invocation-id", "a0d39cfe-e154-4cf3-907c-42414e2ef4b7"}};
  server.Put("s", {{kNowMs, "a"}}, call);
  server.Put("s", {{kNowMs, "a"}}, call);
  server.Put("s", {{kNowMs, "a"}}, other);
  server.Put("s", {{kNowMs, "b"}});
  server.Put("s", {{kNowMs, "b"}});
  // What was answered with a token goes with it only once.
  const std::string batch = R"("logGroupName":"g","logStreamName":"s",)"
                            R"("logEvents":[{"timestamp":1795521600001,"message":"c"}])";
  const std::string token =
      Text(server.Ask("PutLogEvents", "{" + batch + "}"), "nextSequenceToken");
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(server
                  .Send("PutLogEvents", "{" + batch + R"(,"sequenceToken":")" + token + "\"}",
                        kNowMs, {{"amz-sdk-invocation-id", std::to_string(i)}})
                  .status,
              200);
  EXPECT_EQ(Messages(server.Ask("FilterLogEvents", R"({"logGroupName":"g"})")), "a a b b c c");
  const JsonDocument streams = server.Ask("DescribeLogStreams", R"({"logGroupName":"g"})");
  EXPECT_EQ(streams.root()["logStreams"].At(0)["lastEventTimestamp"].int64(), kNowMs + 1);
}

}  // namespace
}  // namespace skep::cloudwatch
