// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/cloudwatch/log_exporter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <thread>

#include "cloudwatch/event_buffer.h"
#include "cloudwatch/fake_logs.h"
#include "cloudwatch/line.h"

namespace skep::sdk::cloudwatch {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;

class LogExporterTest : public testing::Test {
 protected:
  LogExporterTest() {
    SetDiagnosticHandler(
        [this](DiagnosticLevel, std::string_view line) { said_ += std::string(line) + "\n"; });
    options_.group = "cruddur";
    options_.stream = "s";
    options_.credentials = {"AKID", "secret", ""};
    options_.clock = &clock_;
    options_.start_thread = false;
  }
  ~LogExporterTest() override {
    exporter_.reset();
    SetDiagnosticHandler(nullptr);
  }

  LogExporter& Exporter() {
    if (!exporter_) {
      exporter_ = std::make_unique<LogExporter>(options_,
                                                std::make_unique<FakeLogsClient>(&logs_, &clock_));
    }
    return *exporter_;
  }

  void Emit(std::string_view body, milliseconds ago = milliseconds(0)) {
    LogRecord record;
    record.time_unix_ns = clock_.UnixNanos() - std::chrono::nanoseconds(ago).count();
    record.body = body;
    Exporter().OnEmit(record);
  }

  std::vector<std::string> Received() const {
    std::vector<std::string> lines;
    for (const auto& [time, line] : logs_.events) lines.push_back(line);
    return lines;
  }

  std::string HeaderOfLast(const std::string& wanted) const {
    for (const auto& [name, value] : logs_.requests.back().headers) {
      if (name == wanted) return value;
    }
    return "";
  }

  FakeClock clock_;
  FakeLogs logs_;
  LogExporterOptions options_;
  std::string said_;
  std::unique_ptr<LogExporter> exporter_;
};

TEST_F(LogExporterTest, CreatesWhatIsMissingAndPutsTheLines) {
  options_.retention_days = 7;
  Emit("one");
  Emit("two");
  EXPECT_TRUE(Exporter().ForceFlush(seconds(1)));
  EXPECT_THAT(Received(), ElementsAre("one", "two"));
  EXPECT_THAT(logs_.calls, ElementsAre("PutLogEvents", "CreateLogStream", "CreateLogGroup",
                                       "PutRetentionPolicy", "CreateLogStream", "PutLogEvents"));
  EXPECT_EQ(Exporter().Counters()->sent, 2u);
  EXPECT_EQ(Exporter().Counters()->accepted, 2u);
  EXPECT_THAT(HeaderOfLast("authorization"),
              HasSubstr("/us-east-1/logs/aws4_request, "
                        "SignedHeaders=content-type;host;x-amz-date;x-amz-target,"));
  EXPECT_EQ(logs_.requests.back().url, "https://logs.us-east-1.amazonaws.com/");
}

TEST_F(LogExporterTest, AGroupThatMayNotBeCreatedIsWaitedFor) {
  options_.create = false;
  Emit("one");
  EXPECT_FALSE(Exporter().ForceFlush(seconds(1)));
  EXPECT_THAT(logs_.calls, ElementsAre("PutLogEvents"));
  logs_.groups.insert("cruddur");
  logs_.streams.insert("s");
  clock_.Advance(minutes(2));
  Exporter().RunOnce();
  EXPECT_THAT(Received(), ElementsAre("one"));
}

TEST_F(LogExporterTest, LinesAreSortedByTimeAndBatchesKeepTheLimits) {
  options_.buffer_bytes_max = 64 << 20;
  Emit("now");
  Emit("before", minutes(5));
  Emit("the day before", hours(25));
  for (int i = 0; i < 10'001; ++i) Emit("many");
  const std::string big(300'000, 'b');
  for (int i = 0; i < 4; ++i) Emit(big);
  EXPECT_TRUE(Exporter().ForceFlush(seconds(1)));  // FakeLogs checks the batches
  EXPECT_EQ(logs_.events.size(), 10'008u);
  EXPECT_EQ(logs_.events[0].second, "the day before");
  EXPECT_EQ(logs_.events[1].second, "before");
  EXPECT_EQ(logs_.events[2].second, "now");
  EXPECT_EQ(Exporter().Counters()->sent, 10'008u);
}

TEST_F(LogExporterTest, ALongLineIsCutAtACharacterAndCounted) {
  options_.event_bytes_max = 300;
  std::string body;
  while (body.size() < 600) body += "\xE2\x82\xAC";
  Emit(body);
  Emit("short");
  EXPECT_TRUE(Exporter().ForceFlush(seconds(1)));
  EXPECT_LE(logs_.events.at(0).second.size(), 300u);
  EXPECT_THAT(logs_.events[0].second, EndsWith(" bytes]"));
  EXPECT_THAT(logs_.events[0].second, HasSubstr("\xE2\x82\xAC[cut: 3"));
  EXPECT_EQ(Exporter().CutLines(), 1u);
}

TEST_F(LogExporterTest, BadBytesControlCharactersAndNothingAtAll) {
  Emit("a\xFF\xC3(\x01\"\\\n");
  Emit("");
  Emit(std::string_view("nul\0inside", 10));
  EXPECT_TRUE(Exporter().ForceFlush(seconds(1)));
  EXPECT_THAT(Received(), ElementsAre("a\xEF\xBF\xBD\xEF\xBF\xBD(\x01\"\\\n", " ",
                                      std::string("nul\0inside", 10)));
}

TEST_F(LogExporterTest, ThrottledAndUnavailableAreTriedAgainWithTheSameInvocation) {
  Emit("one");
  logs_.mood = Mood::kThrottles;
  EXPECT_FALSE(Exporter().ForceFlush(seconds(1)));
  const std::string invocation = HeaderOfLast("amz-sdk-invocation-id");
  EXPECT_EQ(invocation.size(), 36u);
  logs_.mood = Mood::kFine;
  EXPECT_TRUE(Exporter().ForceFlush(seconds(1)));
  EXPECT_EQ(HeaderOfLast("amz-sdk-invocation-id"), invocation);
  EXPECT_GE(Exporter().Counters()->retries, 1u);
  Emit("two");
  EXPECT_TRUE(Exporter().ForceFlush(seconds(1)));
  EXPECT_NE(HeaderOfLast("amz-sdk-invocation-id"), invocation);
}

TEST_F(LogExporterTest, RefusedCredentialsAreTriedOnceAMinuteAndReadAgain) {
  int asked = 0;
  options_.credentials_provider = [&asked] {
    ++asked;
    return Credentials{"AKID", "secret", asked == 1 ? "old" : "new"};
  };
  logs_.groups.insert("cruddur");
  logs_.streams.insert("s");
  logs_.mood = Mood::kExpired;
  Emit("one");
  EXPECT_FALSE(Exporter().ForceFlush(seconds(1)));
  EXPECT_THAT(said_, HasSubstr("credentials refused"));
  EXPECT_THAT(said_, HasSubstr("The security token included in the request is expired"));
  clock_.Advance(seconds(30));
  Exporter().RunOnce();
  EXPECT_EQ(asked, 1);
  logs_.mood = Mood::kFine;
  clock_.Advance(seconds(31));
  Exporter().RunOnce();
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(HeaderOfLast("x-amz-security-token"), "new");
  EXPECT_THAT(HeaderOfLast("authorization"), HasSubstr("x-amz-security-token"));
  EXPECT_THAT(Received(), ElementsAre("one"));
}

TEST_F(LogExporterTest, AClockThatIsWrongIsCorrectedByTheAnswersDate) {
  logs_.groups.insert("cruddur");
  logs_.streams.insert("s");
  HttpResponse skewed = FakeLogs::Error(400, "InvalidSignatureException", "Signature expired");
  skewed.headers.emplace_back("date",
                              "Wed, 15 Nov 2023 10:13:20 GMT");  // 12 h ahead of the fake clock
  logs_.scripted = {skewed};
  Emit("one");
  EXPECT_TRUE(Exporter().ForceFlush(seconds(1)));
  EXPECT_THAT(HeaderOfLast("x-amz-date"), HasSubstr("20231115T1013"));
  // A signature that is wrong for another reason is not tried at once for ever.
  logs_.scripted = {skewed, skewed};
  Emit("two");
  EXPECT_FALSE(Exporter().ForceFlush(seconds(1)));
  EXPECT_EQ(logs_.scripted.size(), 1u);
}

TEST_F(LogExporterTest, SequenceTokensOfOldEmulators) {
  logs_.wants_token = "49";
  Emit("one");
  EXPECT_TRUE(Exporter().ForceFlush(seconds(1)));
  Emit("two");
  EXPECT_TRUE(Exporter().ForceFlush(seconds(1)));
  EXPECT_EQ(logs_.calls.back(), "PutLogEvents");
  EXPECT_EQ(logs_.calls.size(), 7u) << "the second batch had the token of the first answer";
  logs_.scripted = {
      FakeLogs::Error(400, "DataAlreadyAcceptedException",
                      "The given batch of log events has already been accepted. The next expected "
                      "sequenceToken is: " +
                          logs_.wants_token)};
  Emit("three");
  EXPECT_TRUE(Exporter().ForceFlush(seconds(1)));
  EXPECT_THAT(Received(), ElementsAre("one", "two"));
  EXPECT_EQ(Exporter().Counters()->sent, 3u);
}

TEST_F(LogExporterTest, WhatIsRefusedForGoodIsCounted) {
  logs_.scripted = {FakeLogs::Error(400, "InvalidParameterException", "Log event too large")};
  Emit("one");
  Emit("two");
  EXPECT_TRUE(Exporter().ForceFlush(seconds(1)));
  EXPECT_EQ(Exporter().Counters()->rejected, 2u);
  EXPECT_THAT(said_, HasSubstr("InvalidParameterException: Log event too large"));
  logs_.scripted = {FakeLogs::Ok(R"({"rejectedLogEventsInfo":{"tooOldLogEventEndIndex":1}})")};
  Emit("old");
  Emit("new");
  EXPECT_TRUE(Exporter().ForceFlush(seconds(1)));
  EXPECT_EQ(Exporter().Counters()->rejected, 3u);
  EXPECT_EQ(Exporter().Counters()->sent, 1u);
}

TEST_F(LogExporterTest, AnEndpointThatIsNoCloudWatchLosesNothing) {
  logs_.mood = Mood::kStops;
  Emit("one");
  EXPECT_FALSE(Exporter().ForceFlush(seconds(1)));
  EXPECT_THAT(said_, HasSubstr("not as CloudWatch Logs"));
  logs_.mood = Mood::kFine;
  clock_.Advance(minutes(2));
  Exporter().RunOnce();
  EXPECT_THAT(Received(), ElementsAre("one"));
}

TEST_F(LogExporterTest, AFullBufferAndLinesAfterTheEndAreCounted) {
  options_.buffer_bytes_max = 4096;
  for (int i = 0; i < 100; ++i) Emit(std::string(200, 'x'));
  EXPECT_TRUE(Exporter().Shutdown(seconds(1)));
  Emit("late");
  const auto counters = Exporter().Counters();
  EXPECT_EQ(counters->accepted, 101u);
  EXPECT_GT(counters->dropped_full, 50u);
  EXPECT_EQ(counters->dropped_shutdown, 1u);
  EXPECT_EQ(counters->sent + counters->Dropped(), 101u);
  EXPECT_EQ(logs_.events.size(), counters->sent);
}

TEST_F(LogExporterTest, ADayOfOutagesLosesNothingButWhatIsCounted) {
  options_.queue_bytes_max = 1 << 20;
  std::mt19937 random(11);
  const int64_t end_ns = clock_.SteadyNanos() + std::chrono::nanoseconds(hours(24)).count();
  uint64_t emitted = 0;
  while (clock_.SteadyNanos() < end_ns) {
    logs_.mood = static_cast<Mood>(random() % 8);
    const int64_t until_ns =
        clock_.SteadyNanos() + std::chrono::nanoseconds(minutes(1 + random() % 60)).count();
    while (clock_.SteadyNanos() < until_ns) {
      for (uint32_t lines = random() % 4; lines > 0; --lines) {
        Emit(std::to_string(emitted++) + " " + std::string(random() % 2000, 'x'));
      }
      Exporter().RunOnce();
      clock_.Advance(seconds(5));
    }
  }
  logs_.mood = Mood::kFine;
  EXPECT_TRUE(Exporter().Shutdown(seconds(60)));
  const auto counters = Exporter().Counters();
  EXPECT_EQ(counters->accepted, emitted);
  EXPECT_EQ(counters->sent + counters->Dropped(), emitted);
  EXPECT_EQ(counters->rejected, 0u);
  EXPECT_EQ(logs_.events.size(), counters->sent);
  EXPECT_GT(counters->dropped_full, 0u) << "the outage was too short to fill the queue";
  EXPECT_GT(counters->sent, emitted / 4);
  int64_t last = -1;
  for (const auto& [time, line] : logs_.events) {
    const int64_t number = std::stoll(line);
    EXPECT_GT(number, last) << "twice, or out of order";
    last = number;
  }
}

TEST_F(LogExporterTest, ManyThreadsLogWhileItSends) {
  options_.start_thread = true;
  options_.clock = nullptr;
  options_.schedule_delay = milliseconds(5);
  LogExporter& exporter = Exporter();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&exporter, t] {
      for (int i = 0; i < 2000; ++i) {
        const std::string body = std::to_string(t) + " " + std::to_string(i);
        LogRecord record;
        record.time_unix_ns = Clock::System().UnixNanos();
        record.body = body;
        exporter.OnEmit(record);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_TRUE(exporter.Shutdown(seconds(30)));
  EXPECT_EQ(logs_.events.size(), 8000u);
  std::map<char, int> next;
  for (const auto& [time, line] : logs_.events) {
    EXPECT_EQ(std::stoi(line.substr(2)), next[line[0]]++) << "a thread's lines keep their order";
  }
}

SpanContext SomeSpan() {
  SpanContext context;
  context.trace_id = *TraceId::FromHex("5759e988bd862e3fe1be46a994272793");
  context.span_id = *SpanId::FromHex("53995c3f42cd8ad8");
  return context;
}

TEST(LineTest, IdsBehindTheText) {
  LogRecord record;
  record.body = "HomeActivities";
  record.span_context = SomeSpan();
  LogExporterOptions options;
  EXPECT_EQ(FormatLine(record, options).text, "HomeActivities");
  options.append_ids = true;
  EXPECT_EQ(FormatLine(record, options).text,
            "HomeActivities trace_id=5759e988bd862e3fe1be46a994272793 span_id=53995c3f42cd8ad8");
  const std::string body(1000, 'x');
  record.body = body;
  options.event_bytes_max = 300;
  EXPECT_THAT(FormatLine(record, options).text, EndsWith("span_id=53995c3f42cd8ad8"));
  EXPECT_LE(FormatLine(record, options).text.size(), 300u);
}

TEST(LineTest, JsonLines) {
  LogRecord record;
  record.time_unix_ns = 1'700'000'000'123'456'000;
  record.severity = Severity::kWarn;
  record.body = "low \"stock\"";
  record.span_context = SomeSpan();
  const InstrumentationScope scope{"home", ""};
  record.scope = &scope;
  const std::string_view tags[] = {"a", "b"};
  const Attribute attributes[] = {{"app.count", 3},
                                  {"ratio", 0.5},
                                  {"ok", true},
                                  {"tags", std::span<const std::string_view>(tags)},
                                  {"level", "x"}};
  record.attributes = attributes;
  LogExporterOptions options;
  options.format = LineFormat::kJson;
  EXPECT_EQ(
      FormatLine(record, options).text,
      R"({"time":"2023-11-14T22:13:20.123456Z","level":"WARN","logger":"home","message":"low \"stock\"",)"
      R"("trace_id":"5759e988bd862e3fe1be46a994272793","span_id":"53995c3f42cd8ad8",)"
      R"("app.count":3,"ratio":0.5,"ok":true,"tags":["a","b"],"attributes.level":"x"})");
  const std::string body(1000, '"');
  record.body = body;
  options.event_bytes_max = 400;
  const Line cut = FormatLine(record, options);
  EXPECT_TRUE(cut.cut);
  EXPECT_LE(cut.text.size(), 400u);
  rapidjson::Document json;
  json.Parse(cut.text.c_str());
  EXPECT_FALSE(json.HasParseError()) << cut.text;
}

TEST(LogExporterOptionsTest, TheEnvironmentsVariables) {
  setenv("AWS_REGION", "eu-central-1", 1);
  setenv("AWS_ENDPOINT_URL_LOGS", "http://127.0.0.1:9", 1);
  setenv("AWS_ACCESS_KEY_ID", "AKID", 1);
  setenv("LOG_GROUP", "cruddur", 1);
  setenv("APP_JOIN", "ids", 1);
  const LogExporterOptions options = LogExporterOptions::FromEnvironment();
  EXPECT_EQ(options.region, "eu-central-1");
  EXPECT_EQ(options.endpoint, "http://127.0.0.1:9");
  EXPECT_EQ(options.group, "cruddur");
  EXPECT_TRUE(options.append_ids);
  setenv("AWS_ACCESS_KEY_ID", "AKID2", 1);
  EXPECT_EQ(options.credentials_provider().access_key_id, "AKID2");
  setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:7", 1);
  setenv("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", "http://127.0.0.1:8", 1);
  EXPECT_EQ(LogExporterOptions::FromEnvironment().endpoint, "http://127.0.0.1:8");
  for (const char* name : {"AWS_REGION", "AWS_ENDPOINT_URL_LOGS", "AWS_ACCESS_KEY_ID", "LOG_GROUP",
                           "APP_JOIN", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS"}) {
    unsetenv(name);
  }
}

}  // namespace
}  // namespace skep::sdk::cloudwatch
