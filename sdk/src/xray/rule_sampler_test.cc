// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/xray/rule_sampler.h"

#include <gtest/gtest.h>

#include <thread>

#include "delivery/fake_clock.h"
#include "delivery/http_client.h"
#include "skep/sdk/tracer.h"
#include "xray/test_documents.h"

namespace skep::sdk::xray {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::string Rule(std::string_view name, int priority, double rate, int reservoir,
                 std::string_view path = "*") {
  return Value::Object({{"SamplingRule", Value::Object({{"RuleName", name},
                                                        {"Priority", priority},
                                                        {"FixedRate", rate},
                                                        {"ReservoirSize", reservoir},
                                                        {"URLPath", path},
                                                        {"Version", 1}})}})
      .Json();
}

// A daemon that answers with what it was told, and remembers what it was asked.
struct FakeDaemon {
  std::string rules;  // empty: there is no answer
  std::string targets;
  std::vector<std::pair<std::string, std::string>> asked;  // URL, body

  std::vector<std::string> Take() {
    std::vector<std::string> urls;
    for (const auto& [url, body] : asked) urls.push_back(url.substr(url.rfind('/')));
    asked.clear();
    return urls;
  }
};

class FakeClient : public HttpClient {
 public:
  explicit FakeClient(FakeDaemon& daemon) : daemon_(daemon) {}
  HttpResponse Do(const HttpRequest& request) override {
    daemon_.asked.emplace_back(request.url, std::string(request.body));
    HttpResponse response;
    response.body = request.url.ends_with("/GetSamplingRules") ? daemon_.rules : daemon_.targets;
    response.status = response.body.empty() ? 0 : 200;
    response.error = "no daemon";
    return response;
  }

 private:
  FakeDaemon& daemon_;
};

struct TestSampler {
  explicit TestSampler(std::string rules = {}) {
    daemon.rules = rules.empty() ? "" : "{\"SamplingRuleRecords\":[" + rules + "]}";
    sampler.RunOnce();
  }
  RuleSamplerOptions Options() {
    RuleSamplerOptions options;
    options.daemon_address = "tcp:[::1]:2001 udp:127.0.0.1:2000";
    options.clock = &clock;
    options.start_thread = false;
    return options;
  }
  void Pass(std::chrono::nanoseconds time) {
    clock.Advance(time);
    sampler.RunOnce();
  }
  int SampledOf(int count, const SamplingQuery& query = {}) {
    int sampled = 0;
    for (int i = 0; i < count; ++i) sampled += sampler.Decide(query).sampled ? 1 : 0;
    return sampled;
  }
  // The targets' answer for a rule from now on.
  void Target(std::string_view rule, double rate, int quota, int64_t life_s, int interval_s = 10,
              int64_t modified = 0) {
    daemon.targets =
        Value::Object({{"LastRuleModification", modified},
                       {"SamplingTargetDocuments",
                        Value::Array({Value::Object({{"RuleName", rule},
                                                     {"FixedRate", rate},
                                                     {"ReservoirQuota", quota},
                                                     {"ReservoirQuotaTTL", UnixSeconds() + life_s},
                                                     {"Interval", interval_s}})})}})
            .Json();
  }
  int64_t UnixSeconds() const { return clock.UnixNanos() / 1'000'000'000; }

  FakeDaemon daemon;
  FakeClock clock;
  RuleSampler sampler{Options(), std::make_unique<FakeClient>(daemon)};
};

TEST(RuleSampler, AsksTheDaemonsTcpPort) {
  TestSampler test(Rule("Default", 10000, 1, 0));
  ASSERT_EQ(test.daemon.asked.size(), 1u);
  EXPECT_EQ(test.daemon.asked[0].first, "http://[::1]:2001/GetSamplingRules");
  EXPECT_EQ(test.daemon.asked[0].second, "{}");
}

TEST(RuleSampler, FallsBackToOneASecondAndFivePercent) {
  TestSampler test;
  EXPECT_TRUE(test.sampler.Decide({}).sampled);
  EXPECT_EQ(test.sampler.Decide({}).rule, "");
  const int sampled = test.SampledOf(10'000);
  EXPECT_GT(sampled, 300);
  EXPECT_LT(sampled, 700);
  test.clock.Advance(seconds(1));
  EXPECT_TRUE(test.sampler.Decide({}).sampled);
}

TEST(RuleSampler, AsksAgainForRulesItNeverHad) {
  TestSampler test;
  test.daemon.Take();
  test.Pass(seconds(9));
  EXPECT_TRUE(test.daemon.Take().empty());
  test.daemon.rules = "{\"SamplingRuleRecords\":[" + Rule("Default", 10000, 0, 0) + "]}";
  test.Pass(seconds(1));
  EXPECT_EQ(test.daemon.Take(), std::vector<std::string>{"/GetSamplingRules"});
  EXPECT_EQ(test.SampledOf(100), 0);
}

TEST(RuleSampler, TakesTheFirstRuleThatFits) {
  TestSampler test(Rule("Default", 10000, 0, 0) + "," + Rule("home", 1, 1, 0, "/home*"));
  const SamplingDecision home = test.sampler.Decide({.url_path = "/home/x"});
  EXPECT_TRUE(home.sampled);
  EXPECT_EQ(home.rule, "home");
  const SamplingDecision other = test.sampler.Decide({.url_path = "/other"});
  EXPECT_FALSE(other.sampled);
  EXPECT_EQ(other.rule, "Default");
}

TEST(RuleSampler, BorrowsOneASecondUntilItHasAQuota) {
  TestSampler test(Rule("Default", 10000, 0, 50));
  EXPECT_EQ(test.SampledOf(20), 1);
  test.clock.Advance(seconds(1));
  EXPECT_EQ(test.SampledOf(20), 1);
  test.Target("Default", 0, 5, 20);
  test.Pass(seconds(9));
  EXPECT_EQ(test.SampledOf(20), 5);
  test.clock.Advance(seconds(1));
  EXPECT_EQ(test.SampledOf(20), 5);
  test.clock.Advance(seconds(20));  // the quota has run out
  EXPECT_EQ(test.SampledOf(20), 1);
}

TEST(RuleSampler, BorrowsNothingFromAnEmptyReservoir) {
  TestSampler test(Rule("Default", 10000, 0, 0));
  EXPECT_EQ(test.SampledOf(20), 0);
}

TEST(RuleSampler, KeepsTheFixedRateBeyondTheReservoir) {
  TestSampler test(Rule("Default", 10000, 0.25, 0));
  const int sampled = test.SampledOf(20'000);
  EXPECT_GT(sampled, 4'500);
  EXPECT_LT(sampled, 5'500);
}

TEST(RuleSampler, ReportsWhatItDecided) {
  TestSampler test(Rule("Default", 10000, 1, 50) + "," + Rule("unused", 1, 1, 0, "/never"));
  test.SampledOf(7, {.url_path = "/home"});
  test.daemon.Take();
  test.Target("Default", 1, 5, 20);
  test.Pass(seconds(10));
  ASSERT_EQ(test.daemon.asked.size(), 1u);
  EXPECT_EQ(test.daemon.asked[0].first, "http://[::1]:2001/SamplingTargets");
  const rapidjson::Document body = ParseJson(test.daemon.asked[0].second);
  const rapidjson::Value& list = At(body, "SamplingStatisticsDocuments");
  ASSERT_EQ(list.Size(), 1u);
  EXPECT_EQ(TextAt(list, 0u, "RuleName"), "Default");
  EXPECT_EQ(TextAt(list, 0u, "ClientID").size(), 24u);
  EXPECT_EQ(At(list, 0u, "Timestamp").GetInt64(), test.UnixSeconds());
  EXPECT_EQ(At(list, 0u, "RequestCount").GetInt(), 7);
  EXPECT_EQ(At(list, 0u, "BorrowCount").GetInt(), 1);
  EXPECT_EQ(At(list, 0u, "SampledCount").GetInt(), 6);
  test.daemon.Take();
  test.Pass(seconds(10));  // nothing was asked since
  EXPECT_TRUE(test.daemon.Take().empty());
}

TEST(RuleSampler, ReportsNoMoreThanXrayTakesAtOnce) {
  std::string rules = Rule("Default", 10000, 1, 0);
  for (int i = 0; i < 30; ++i) {
    rules += "," + Rule("rule" + std::to_string(i), 1, 1, 0, "/" + std::to_string(i) + "/*");
  }
  TestSampler test(rules);
  for (int i = 0; i < 30; ++i) {
    const std::string path = "/" + std::to_string(i) + "/x";
    test.SampledOf(1, {.url_path = path});
  }
  test.daemon.Take();
  test.Pass(seconds(10));
  ASSERT_EQ(test.daemon.asked.size(), 2u);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(At(ParseJson(test.daemon.asked[i].second), "SamplingStatisticsDocuments").Size(),
              i == 0 ? 25u : 5u);
  }
}

TEST(RuleSampler, ReportsAgainWhatNobodyTook) {
  TestSampler test(Rule("Default", 10000, 1, 0));
  test.SampledOf(3);
  test.Pass(seconds(10));
  test.SampledOf(2);
  test.daemon.Take();
  test.Target("Default", 1, 0, 10);
  test.Pass(seconds(10));
  ASSERT_EQ(test.daemon.asked.size(), 1u);
  EXPECT_EQ(
      At(ParseJson(test.daemon.asked[0].second), "SamplingStatisticsDocuments", 0u, "RequestCount")
          .GetInt(),
      5);
}

TEST(RuleSampler, ReportsAsOftenAsToldTo) {
  TestSampler test(Rule("Default", 10000, 1, 0));
  test.Target("Default", 1, 0, 10, 30);
  test.SampledOf(1);
  test.Pass(seconds(10));
  test.daemon.Take();
  for (int i = 0; i < 2; ++i) {
    test.SampledOf(1);
    test.Pass(seconds(10));
    EXPECT_TRUE(test.daemon.Take().empty());
  }
  test.Pass(seconds(10));
  EXPECT_EQ(test.daemon.Take(), std::vector<std::string>{"/SamplingTargets"});
}

TEST(RuleSampler, TakesTheTargetsRate) {
  TestSampler test(Rule("Default", 10000, 1, 0));
  EXPECT_EQ(test.SampledOf(10), 10);
  test.Target("Default", 0, 0, 10);
  test.Pass(seconds(10));
  EXPECT_EQ(test.SampledOf(10), 0);
}

TEST(RuleSampler, FetchesRulesEveryFiveMinutesAndKeepsTheirState) {
  TestSampler test(Rule("Default", 10000, 1, 0));
  test.Target("Default", 0, 0, 10);
  test.SampledOf(1);
  test.Pass(seconds(10));
  test.daemon.Take();
  test.Pass(seconds(289));
  EXPECT_TRUE(test.daemon.Take().empty());
  test.Pass(seconds(1));
  EXPECT_EQ(test.daemon.Take(), std::vector<std::string>{"/GetSamplingRules"});
  EXPECT_EQ(test.SampledOf(10), 0);  // the target's rate
}

TEST(RuleSampler, FetchesRulesAtOnceWhenTheyChanged) {
  TestSampler test(Rule("Default", 10000, 1, 0));
  test.SampledOf(1);
  test.Target("Default", 1, 0, 10, 10, test.UnixSeconds() + 5);
  test.daemon.rules = "{\"SamplingRuleRecords\":[" + Rule("none", 1, 0, 0) + "]}";
  test.daemon.Take();
  test.Pass(seconds(10));
  EXPECT_EQ(test.daemon.Take(),
            (std::vector<std::string>{"/SamplingTargets", "/GetSamplingRules"}));
  EXPECT_EQ(test.SampledOf(10), 0);
}

TEST(RuleSampler, KeepsRulesForAnHourWithoutTheDaemon) {
  TestSampler test(Rule("Default", 10000, 0, 0));
  test.daemon.rules.clear();
  for (int i = 0; i < 12; ++i) test.Pass(seconds(300));
  EXPECT_EQ(test.SampledOf(10), 0);
  test.Pass(seconds(1));
  EXPECT_TRUE(test.sampler.Decide({}).sampled);  // the fallback
  test.daemon.rules = "{\"SamplingRuleRecords\":[" + Rule("Default", 10000, 0, 0) + "]}";
  test.Pass(seconds(300));
  EXPECT_EQ(test.SampledOf(10), 0);
}

TEST(RuleSampler, LivesThroughADayOfOutages) {
  TestSampler test(Rule("Default", 10000, 0.5, 10));
  const std::string rules = test.daemon.rules;
  uint64_t asked = 0;
  uint64_t reported = 0;
  for (int second = 0; second < 24 * 3600; ++second) {
    const bool outage = second % 7200 > 3600;
    test.daemon.rules = outage ? "" : rules;
    if (outage) {
      test.daemon.targets.clear();
    } else {
      test.Target("Default", 0.5, 3, 20);
    }
    asked += test.sampler.Decide({}).rule == "Default" ? 1 : 0;
    const bool answered = !test.daemon.targets.empty();
    test.Pass(seconds(1));
    for (const auto& [url, body] : test.daemon.asked) {
      if (!answered || !url.ends_with("/SamplingTargets")) continue;
      reported +=
          At(ParseJson(body), "SamplingStatisticsDocuments", 0u, "RequestCount").GetUint64();
    }
    test.daemon.asked.clear();
  }
  test.Target("Default", 0.5, 3, 20);
  test.Pass(seconds(10));
  for (const auto& [url, body] : test.daemon.asked) {
    if (url.ends_with("/SamplingTargets")) {
      reported +=
          At(ParseJson(body), "SamplingStatisticsDocuments", 0u, "RequestCount").GetUint64();
    }
  }
  EXPECT_EQ(reported, asked);
}

TEST(RuleSampler, DecidesForSpans) {
  FakeDaemon daemon;
  daemon.rules = "{\"SamplingRuleRecords\":[" + Rule("Default", 10000, 0, 0) + "," +
                 Rule("home", 1, 1, 0, "/home") + "]}";
  const FakeClock clock;
  RuleSamplerOptions options;
  options.clock = &clock;
  options.start_thread = false;
  const auto sampler =
      std::make_shared<RuleSampler>(std::move(options), std::make_unique<FakeClient>(daemon));
  sampler->RunOnce();
  TracerProviderOptions tracing;
  tracing.sampler = ParentBasedSampler(sampler);
  TracerProvider provider(std::move(tracing));
  const Tracer tracer = provider.GetTracer("test");
  const Attribute home[] = {{"url.path", "/home"}};
  const Span sampled = tracer.StartSpan("a", {.attributes = home});
  EXPECT_TRUE(sampled.GetContext().sampled);
  EXPECT_FALSE(tracer.StartSpan("b").GetContext().sampled);
  const Context parent = Context().WithSpan(sampled);
  EXPECT_TRUE(tracer.StartSpan("child", {.parent = &parent}).GetContext().sampled);
  const SamplingResult result =
      sampler->ShouldSample({nullptr, TraceId(), "a", SpanKind::kServer, Attributes(home)});
  ASSERT_EQ(result.attributes.size(), 1u);
  EXPECT_EQ(result.attributes[0],
            (std::pair<std::string, std::string>("aws.xray.sampling_rule_name", "home")));
}

TEST(RuleSampler, DecidesOnManyThreadsWhileItsOwnFetches) {
  FakeDaemon daemon;
  daemon.rules = "{\"SamplingRuleRecords\":[" + Rule("Default", 10000, 1, 0) + "]}";
  // rules always changed
  daemon.targets = R"({"SamplingTargetDocuments":[],"LastRuleModification":4000000000})";
  RuleSamplerOptions options;
  options.targets_interval = milliseconds(1);
  options.rules_interval = milliseconds(1);
  RuleSampler sampler(std::move(options), std::make_unique<FakeClient>(daemon));
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      // Until this thread has seen the rules that the sampler's own thread fetched.
      while (sampler.Decide({}).rule != "Default") std::this_thread::yield();
      for (int i = 0; i < 1000; ++i) EXPECT_TRUE(sampler.Decide({}).sampled);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace skep::sdk::xray
