// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/rollbar/reporter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <rapidjson/pointer.h>

#include <map>
#include <random>
#include <stdexcept>
#include <thread>

#include "delivery/fake_clock.h"
#include "delivery/http_client.h"
#include "rollbar/item_json.h"
#include "skep/sdk/span.h"

namespace skep::sdk::rollbar {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::SizeIs;

// Rollbar: stores an item once by its uuid.
struct FakeRollbar {
  int status = 200;
  bool loses_answers = false;
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<std::string> items;
  std::map<std::string, int> uuids;  // how often each came
  std::vector<HttpRequest> requests;
  size_t body_bytes_max = SIZE_MAX;

  HttpResponse Answer(const HttpRequest& request) {
    requests.push_back(request);
    requests.back().body = {};
    HttpResponse response;
    if (status == 0) {
      response.error = "connection refused";
      return response;
    }
    response.status = request.body.size() > body_bytes_max ? 413 : status;
    response.headers = headers;
    response.body = R"({"err":1,"message":"as the test says"})";
    if (response.status != 200) return response;
    const std::string body(request.body);
    rapidjson::Document json;
    json.Parse(body.c_str());
    EXPECT_FALSE(json.HasParseError());
    if (++uuids[json["data"]["uuid"].GetString()] == 1) items.push_back(body);
    response.body = R"({"err":0,"result":{"id":null}})";
    if (loses_answers) {
      response = {};
      response.error = "reset before the answer";
    }
    return response;
  }
};

class FakeRollbarClient : public HttpClient {
 public:
  explicit FakeRollbarClient(FakeRollbar* rollbar) : rollbar_(rollbar) {}
  HttpResponse Do(const HttpRequest& request) override { return rollbar_->Answer(request); }

 private:
  FakeRollbar* const rollbar_;  // the test's
};

class ReporterTest : public testing::Test {
 protected:
  ReporterTest() {
    SetDiagnosticHandler(
        [this](DiagnosticLevel, std::string_view line) { said_ += std::string(line) + "\n"; });
    options_.access_token = "token";
    options_.environment = "test";
    options_.clock = &clock_;
    options_.start_thread = false;
  }
  ~ReporterTest() override {
    reporter_.reset();
    SetDiagnosticHandler(nullptr);
  }

  Reporter& Get() {
    if (!reporter_)
      reporter_ =
          std::make_unique<Reporter>(options_, std::make_unique<FakeRollbarClient>(&rollbar_));
    return *reporter_;
  }

  // The last item's value at a JSON pointer, as JSON text of a scalar.
  std::string At(const char* pointer) {
    last_.Parse(rollbar_.items.empty() ? "{}" : rollbar_.items.back().c_str());
    const rapidjson::Value* value = rapidjson::Pointer(pointer).Get(last_);
    if (value == nullptr) return "(none)";
    if (value->IsString()) return value->GetString();
    if (value->IsInt64()) return std::to_string(value->GetInt64());
    if (value->IsBool()) return value->GetBool() ? "true" : "false";
    return value->IsArray() ? "array of " + std::to_string(value->Size()) : "object";
  }

  FakeClock clock_;
  FakeRollbar rollbar_;
  ReporterOptions options_;
  std::string said_;
  std::unique_ptr<Reporter> reporter_;
  rapidjson::Document last_;
};

TEST_F(ReporterTest, AnExceptionIsATrace) {
  RecordThrowSites();
  options_.code_version = "1.2";
  options_.root = "/srv/activities";
  options_.branch = "main";
  options_.framework = "skep-http";
  std::string uuid;
  try {
    throw std::runtime_error("boom \"quoted\"");
  } catch (const std::exception& e) {
    uuid = Get().Report(
        e, {.custom = {{"order", 7}, {"password", "x"}}, .context = "activities#create"});
  }
  EXPECT_TRUE(Get().Flush(seconds(1)));
  EXPECT_EQ(At("/data/uuid"), uuid);
  EXPECT_EQ(At("/data/body/trace/exception/class"), "std::runtime_error");
  EXPECT_EQ(At("/data/body/trace/exception/message"), "boom \"quoted\"");
  EXPECT_EQ(At("/data/level"), "error");
  EXPECT_EQ(At("/data/environment"), "test");
  EXPECT_EQ(At("/data/language"), "c++");
  EXPECT_EQ(At("/data/notifier/name"), "skep-sdk");
  EXPECT_EQ(At("/data/timestamp"), std::to_string(clock_.UnixNanos() / 1'000'000'000));
  EXPECT_EQ(At("/data/custom/order"), "7");
  EXPECT_EQ(At("/data/custom/password"), "********");
  EXPECT_EQ(At("/data/context"), "activities#create");
  EXPECT_EQ(At("/data/server/root"), "/srv/activities");
  EXPECT_EQ(At("/data/server/branch"), "main");
  EXPECT_EQ(At("/data/code_version"), "1.2");
  EXPECT_EQ(At("/data/framework"), "skep-http");
  EXPECT_EQ(At("/data/server/pid"), std::to_string(getpid()));
  const rapidjson::Value& frames = last_["data"]["body"]["trace"]["frames"];
  ASSERT_GE(frames.Size(), 3u);
  const rapidjson::Value& last = frames[frames.Size() - 1];  // the most recent one
  EXPECT_THAT(last["method"].GetString(), HasSubstr("AnExceptionIsATrace"));
#ifdef SKEP_SDK_LIBBACKTRACE
  EXPECT_THAT(last["filename"].GetString(), HasSubstr("reporter_test.cc"));
  EXPECT_GT(last["lineno"].GetInt(), 0);
#endif
  EXPECT_EQ(rollbar_.requests.back().url, "https://api.rollbar.com/api/1/item/");
  EXPECT_EQ(rollbar_.requests.back().headers.at(1).second, "token");
}

TEST_F(ReporterTest, NestedExceptionsAreAChainAndAMessageIsAMessage) {
  try {
    try {
      throw std::runtime_error("inner");
    } catch (...) {
      std::throw_with_nested(std::logic_error("outer"));
    }
  } catch (...) {
    Get().Report(std::current_exception());
  }
  EXPECT_TRUE(Get().Flush(seconds(1)));
  EXPECT_EQ(At("/data/body/trace_chain"), "array of 2");
  EXPECT_EQ(At("/data/body/trace_chain/0/exception/class"), "std::logic_error");
  EXPECT_EQ(At("/data/body/trace_chain/1/exception/message"), "inner");
  EXPECT_EQ(At("/data/body/trace"), "(none)");
  Get().Message("hello", {.level = Level::kInfo, .title = "a title", .fingerprint = "fp"});
  EXPECT_TRUE(Get().Flush(seconds(1)));
  EXPECT_EQ(At("/data/body/message/body"), "hello");
  EXPECT_EQ(At("/data/level"), "info");
  EXPECT_EQ(At("/data/title"), "a title");
  EXPECT_EQ(At("/data/fingerprint"), "fp");
}

TEST_F(ReporterTest, WhatIsSaidOfAnItemMayBePutTogetherBefore) {
  ItemData data;
  data.level = Level::kWarning;
  data.custom = {{"feature", "smoke"}};
  Get().Message("x", data);
  EXPECT_TRUE(Get().Flush(seconds(1)));
  EXPECT_EQ(At("/data/custom/feature"), "smoke");
  EXPECT_EQ(At("/data/level"), "warning");
}

TEST_F(ReporterTest, WithoutARecordedPlaceItIsWhereItWasReported) {
  Get().Report(std::make_exception_ptr(std::runtime_error("made")));
  EXPECT_TRUE(Get().Flush(seconds(1)));
  At("");
  const rapidjson::Value& frames = last_["data"]["body"]["trace"]["frames"];
  EXPECT_THAT(frames[frames.Size() - 1]["method"].GetString(), HasSubstr("WithoutARecordedPlace"));
}

Request SomeRequest() {
  Request request;
  request.method = "POST";
  request.url = "http://shop/api/activities?ttl=7&access_token=hush";
  request.headers = {{"Authorization", "Bearer hush"}, {"User-Agent", "curl"}, {"Cookie", "hush"}};
  request.post = {{"message", "hi"}, {"password", "hush"}};
  request.route_params = {{"handle", "worf"}};
  request.body = "hush";
  request.user_ip = "192.168.1.17";
  return request;
}

TEST_F(ReporterTest, TheRequestComesWithoutSecrets) {
  const Request request = SomeRequest();
  Get().Message("x", {.request = &request});
  EXPECT_TRUE(Get().Flush(seconds(1)));
  EXPECT_EQ(At("/data/request/method"), "POST");
  EXPECT_EQ(At("/data/request/url"), "http://shop/api/activities?ttl=7&access_token=********");
  EXPECT_EQ(At("/data/request/query_string"), "ttl=7&access_token=********");
  EXPECT_EQ(At("/data/request/GET/ttl"), "7");
  EXPECT_EQ(At("/data/request/headers/User-Agent"), "curl");
  EXPECT_EQ(At("/data/request/params/handle"), "worf");
  EXPECT_EQ(At("/data/request/user_ip"), "192.168.1.17");
  EXPECT_EQ(At("/data/request/body"), "(none)");
  EXPECT_EQ(rollbar_.items.back().find("hush"), std::string::npos);
}

TEST_F(ReporterTest, PersonAndRequestOfTheContextAndWhatMayBeCaptured) {
  options_.capture_ip = CaptureIp::kAnonymize;
  options_.capture_username = true;
  const ContextScope scope(
      WithPerson(WithRequest(Context::Current(), SomeRequest()), {"7", "worf", "w@example.com"}));
  Get().Message("x");
  EXPECT_TRUE(Get().Flush(seconds(1)));
  EXPECT_EQ(At("/data/request/user_ip"), "192.168.1.0");
  EXPECT_EQ(At("/data/person/id"), "7");
  EXPECT_EQ(At("/data/person/username"), "worf");
  EXPECT_EQ(At("/data/person/email"), "(none)");
}

TEST_F(ReporterTest, TheCurrentSpansIdsUnlessSwitchedOff) {
  SpanContext context;
  context.trace_id = *TraceId::FromHex("5759e988bd862e3fe1be46a994272793");
  context.span_id = *SpanId::FromHex("53995c3f42cd8ad8");
  const Scope scope(Span::Remote(context));
  Get().Message("x", {.custom = {{"a", 1}}});
  EXPECT_TRUE(Get().Flush(seconds(1)));
  EXPECT_EQ(At("/data/custom/trace_id"), "5759e988bd862e3fe1be46a994272793");
  EXPECT_EQ(At("/data/custom/span_id"), "53995c3f42cd8ad8");
  reporter_.reset();
  options_.carry_ids = false;
  Get().Message("x");
  EXPECT_TRUE(Get().Flush(seconds(1)));
  EXPECT_EQ(At("/data/custom"), "(none)");
}

TEST_F(ReporterTest, TelemetryIsTheLastFifty) {
  for (int i = 0; i < 60; ++i) Get().AddTelemetry(Level::kInfo, "step " + std::to_string(i));
  Get().Message("x");
  EXPECT_TRUE(Get().Flush(seconds(1)));
  EXPECT_EQ(At("/data/body/telemetry"), "array of 50");
  EXPECT_EQ(At("/data/body/telemetry/0/body/message"), "step 10");
  EXPECT_EQ(At("/data/body/telemetry/49/type"), "log");
}

TEST_F(ReporterTest, ItemsAMinute) {
  options_.items_per_minute = 3;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Get().Message("x").empty(), i >= 3);
  EXPECT_EQ(Get().RateLimited(), 2u);
  EXPECT_THAT(said_, HasSubstr("more than 3 items a minute"));
  clock_.Advance(seconds(61));
  EXPECT_NE(Get().Message("x"), "");
  EXPECT_TRUE(Get().Flush(seconds(1)));
  EXPECT_THAT(rollbar_.items, SizeIs(4));
}

TEST_F(ReporterTest, RollbarsLimitIsWaitedFor) {
  rollbar_.status = 429;
  rollbar_.headers = {{"x-rate-limit-remaining", "0"}, {"x-rate-limit-remaining-seconds", "40"}};
  Get().Message("x");
  Get().RunOnce();
  rollbar_.status = 200;
  clock_.Advance(seconds(39));
  Get().RunOnce();
  EXPECT_THAT(rollbar_.items, SizeIs(0));
  clock_.Advance(seconds(2));
  Get().RunOnce();
  EXPECT_THAT(rollbar_.items, SizeIs(1));
}

TEST_F(ReporterTest, ARefusedTokenIsTriedEachMinuteAndABadItemIsCounted) {
  rollbar_.status = 401;
  Get().Message("x");
  Get().RunOnce();
  EXPECT_THAT(said_, HasSubstr("the access token was refused"));
  EXPECT_THAT(said_, HasSubstr("as the test says"));
  clock_.Advance(seconds(30));
  Get().RunOnce();
  EXPECT_THAT(rollbar_.requests, SizeIs(1));
  rollbar_.status = 200;
  clock_.Advance(seconds(31));
  Get().RunOnce();
  EXPECT_THAT(rollbar_.items, SizeIs(1));
  rollbar_.status = 422;
  Get().Message("bad");
  EXPECT_TRUE(Get().Flush(seconds(1)));
  EXPECT_EQ(Get().Counters()->rejected, 1u);
}

TEST_F(ReporterTest, ALostAnswerMeansTheSameUuidAgain) {
  rollbar_.loses_answers = true;
  const std::string uuid = Get().Message("x");
  EXPECT_FALSE(Get().Flush(seconds(1)));
  rollbar_.loses_answers = false;
  EXPECT_TRUE(Get().Flush(seconds(1)));
  EXPECT_EQ(rollbar_.uuids.at(uuid), 2);
  EXPECT_THAT(rollbar_.items, SizeIs(1));
}

TEST_F(ReporterTest, BigItemsAreMadeToFit) {
  const std::string big(300'000, 'm');
  Get().Message(big, {.custom = {{"other", std::string_view(big)}, {"small", "kept"}}});
  EXPECT_TRUE(Get().Flush(seconds(1)));
  EXPECT_LE(rollbar_.items.back().size(), kItemBytesMax);
  EXPECT_EQ(At("/data/custom/small"), "kept");
  EXPECT_THAT(At("/data/body/message/body"), testing::EndsWith("..."));
  EXPECT_EQ(At("/data/body/message/body").size(), 1024u);
  // A receiver that takes less gets less.
  rollbar_.body_bytes_max = 100'000;
  const std::string medium(200'000, 'n');
  Get().Message(medium);
  EXPECT_TRUE(Get().Flush(seconds(1)));
  EXPECT_THAT(rollbar_.items, SizeIs(2));
}

TEST_F(ReporterTest, ADisabledReporterTakesNothingAndALateOneCounts) {
  options_.enabled = false;
  EXPECT_EQ(Get().Message("x"), "");
  EXPECT_EQ(Get().Counters()->accepted, 0u);
  reporter_.reset();
  options_.enabled = true;
  EXPECT_TRUE(Get().Shutdown(seconds(1)));
  EXPECT_EQ(Get().Message("late"), "");
  EXPECT_EQ(Get().Counters()->dropped_shutdown, 1u);
}

TEST_F(ReporterTest, ADayOfOutagesLosesNothingButWhatIsCounted) {
  options_.items_per_minute = 0;
  options_.queue_bytes_max = 64 << 10;
  std::mt19937 random(5);
  const int64_t end_ns = clock_.SteadyNanos() + std::chrono::nanoseconds(hours(24)).count();
  uint64_t reported = 0;
  const int statuses[] = {200, 200, 0, 500, 503, 429, 401, 404};
  while (clock_.SteadyNanos() < end_ns) {
    rollbar_.status = statuses[random() % std::size(statuses)];
    rollbar_.loses_answers = random() % 4 == 0;
    const int64_t until_ns =
        clock_.SteadyNanos() + std::chrono::nanoseconds(minutes(1 + random() % 60)).count();
    while (clock_.SteadyNanos() < until_ns) {
      if (random() % 2 == 0) {
        Get().Message("number " + std::to_string(reported));
        ++reported;
      }
      Get().RunOnce();
      clock_.Advance(seconds(20));
    }
  }
  rollbar_.status = 200;
  rollbar_.loses_answers = false;
  EXPECT_TRUE(Get().Flush(seconds(60)));
  const auto counters = Get().Counters();
  EXPECT_EQ(counters->accepted, reported);
  EXPECT_EQ(counters->sent + counters->Dropped(), reported);
  EXPECT_EQ(rollbar_.items.size(), counters->sent);
  EXPECT_GT(counters->dropped_full, 0u);
  EXPECT_GT(counters->sent, reported / 8);
}

TEST_F(ReporterTest, ManyThreadsReport) {
  options_.start_thread = true;
  options_.clock = nullptr;
  options_.items_per_minute = 0;
  Reporter& reporter = Get();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&reporter] {
      for (int i = 0; i < 100; ++i) {
        try {
          throw std::runtime_error("from a thread");
        } catch (const std::exception& e) {
          reporter.Report(e);
        }
        reporter.AddTelemetry(Level::kInfo, "step");
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_TRUE(reporter.Shutdown(seconds(60)));
  EXPECT_THAT(rollbar_.items, SizeIs(400));
  EXPECT_THAT(rollbar_.uuids, SizeIs(400));
}

std::string ItemOfFrames(size_t frames) {
  std::string json =
      R"({"data":{"uuid":"u","body":{"trace":{"exception":{"class":"c","message":")" +
      std::string(5000, 'm') + R"("},"frames":[)";
  for (size_t i = 0; i < frames; ++i) {
    json += (i == 0 ? "" : ",") + std::string(R"({"filename":")") + std::string(100, 'f') +
            R"(","lineno":)" + std::to_string(i) + "}";
  }
  return json + R"(]}},"custom":{"a":")" + std::string(2000, 'c') + R"("}}})";
}

TEST(TruncatedTest, InRollbarsOrder) {
  rapidjson::Document json;
  const auto frames = [&json](const std::string& text) {
    json.Parse(text.c_str());
    EXPECT_FALSE(json.HasParseError());
    return json["data"]["body"]["trace"]["frames"].Size();
  };
  const std::string whole = ItemOfFrames(1000);
  EXPECT_EQ(frames(Truncated(whole, 20'000)), 60u);
  EXPECT_EQ(json["data"]["body"]["trace"]["frames"][30]["lineno"].GetInt(), 970);
  EXPECT_EQ(json["data"]["custom"]["a"].GetStringLength(), 2000u);
  EXPECT_EQ(frames(Truncated(whole, 10'000)), 60u);
  EXPECT_EQ(json["data"]["custom"]["a"].GetStringLength(), 1024u);
  EXPECT_EQ(frames(Truncated(whole, 1'000)), 2u);
  EXPECT_EQ(frames(Truncated(whole, 100)), 2u);
  EXPECT_FALSE(json["data"].HasMember("custom"));
  EXPECT_STREQ(json["data"]["uuid"].GetString(), "u");
  EXPECT_EQ(Truncated("no json", 2), "no json");
}

}  // namespace
}  // namespace skep::sdk::rollbar
