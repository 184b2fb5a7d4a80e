// SPDX-License-Identifier: Apache-2.0
// What comes from outside, changed at random: headers, answers of the daemon, JSON of the program.
// Nothing crashes (the sanitizers say so), and what is taken holds what it promises.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "skep/sdk/xray/trace_header.h"
#include "skep/sdk/xray/value.h"
#include "xray/daemon_address.h"
#include "xray/sampling_rule.h"

namespace skep::sdk::xray {
namespace {

constexpr int kRounds = 20'000;

class Changer {
 public:
  std::string Change(std::string text) {
    for (int changes = Below(4) + 1; changes > 0; --changes) {
      const auto at = static_cast<size_t>(Below(static_cast<int>(text.size()) + 1));
      switch (Below(4)) {
        case 0:
          text.insert(at, 1, static_cast<char>(Below(256)));
          break;
        case 1:
          text.erase(at, static_cast<size_t>(Below(4)));
          break;
        case 2:
          text.insert(at, text.substr(at, static_cast<size_t>(Below(20))));
          break;
        default:
          if (at < text.size()) text[at] = static_cast<char>(Below(256));
      }
    }
    return text;
  }

 private:
  int Below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }
  std::mt19937 random_{20261128};
};

TEST(AnyBytes, InATraceHeader) {
  Changer changer;
  const std::string seed =
      "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1;Lineage=a:1";
  for (int i = 0; i < kRounds; ++i) {
    const std::string text = TraceHeader::Parse(changer.Change(seed)).Text();
    EXPECT_EQ(TraceHeader::Parse(text).Text(), text);
    EXPECT_EQ(text.find_first_of("\r\n\t \x7f"), std::string::npos);
  }
}

TEST(AnyBytes, InJsonOfTheProgram) {
  Changer changer;
  const std::string seed =
      R"({"a":[1,2.5e3,null,true,"x\u00e9\ud83d\udc1d"],"b":{"c":"日本","d":[]}})";
  int taken = 0;
  for (int i = 0; i < kRounds; ++i) {
    const auto value = Value::FromJson(changer.Change(seed));
    if (!value) continue;
    ++taken;
    const auto again = Value::FromJson(value->Json());
    ASSERT_TRUE(again) << value->Json();
    EXPECT_EQ(again->Json(), value->Json());
  }
  EXPECT_GT(taken, 0);
}

TEST(AnyBytes, InAnswersOfTheDaemon) {
  Changer changer;
  const std::string rules =
      R"({"SamplingRuleRecords":[{"SamplingRule":{"RuleName":"a","Priority":5,"FixedRate":0.5,"ReservoirSize":3,)"
      R"("URLPath":"/x*","Attributes":{"k":"v"},"Version":1}}]})";
  const std::string targets =
      R"({"LastRuleModification":1.5e9,"SamplingTargetDocuments":[{"RuleName":"a","FixedRate":0.25,)"
      R"("ReservoirQuota":7,"ReservoirQuotaTTL":1500000010.0,"Interval":20}]})";
  for (int i = 0; i < kRounds; ++i) {
    if (const auto read = ParseRules(changer.Change(rules))) {
      for (const SamplingRule& rule : *read) {
        EXPECT_TRUE(rule.fixed_rate >= 0 && rule.fixed_rate <= 1);
        EXPECT_GE(rule.reservoir_size, 0);
      }
    }
    if (const auto read = ParseTargets(changer.Change(targets))) {
      for (const SamplingTarget& target : read->targets) {
        EXPECT_TRUE(target.fixed_rate >= 0 && target.fixed_rate <= 1);
        EXPECT_GE(target.quota.value_or(0), 0);
      }
    }
  }
}

TEST(AnyBytes, InTheDaemonsAddress) {
  Changer changer;
  for (int i = 0; i < kRounds; ++i) {
    const auto address = DaemonAddress::Parse(changer.Change("tcp:[::1]:2000 udp:10.0.0.1:2001"));
    if (!address) continue;
    EXPECT_NE(address->udp.port, 0);
    EXPECT_FALSE(address->tcp.host.empty());
  }
}

}  // namespace
}  // namespace skep::sdk::xray
