// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/span_context.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "core/random_ids.h"

namespace skep::sdk {
namespace {

TEST(TraceId, HexBothWays) {
  const auto id = TraceId::FromHex("5759e988bd862e3fe1be46a994272793");
  ASSERT_TRUE(id.has_value());
  EXPECT_EQ(id->Hex(), "5759e988bd862e3fe1be46a994272793");
  EXPECT_EQ(id->Xray(), "1-5759e988-bd862e3fe1be46a994272793");
  EXPECT_EQ(TraceId::FromXray(id->Xray()), id);
}

TEST(TraceId, WhatIsNoHex) {
  for (const char* text :
       {"", "5759e988bd862e3fe1be46a99427279", "5759e988bd862e3fe1be46a9942727931",
        "5759E988bd862e3fe1be46a994272793", "5759e988bd862e3fe1be46a99427279g",
        "00000000000000000000000000000000", " 759e988bd862e3fe1be46a994272793"}) {
    EXPECT_FALSE(TraceId::FromHex(text).has_value()) << text;
  }
  for (const char* text :
       {"", "1-5759e988-bd862e3fe1be46a99427279", "2-5759e988-bd862e3fe1be46a994272793",
        "1-5759e988xbd862e3fe1be46a994272793", "1_5759e988-bd862e3fe1be46a994272793",
        "1-00000000-000000000000000000000000", "1-5759e988-bd862e3fe1be46a994272793 "}) {
    EXPECT_FALSE(TraceId::FromXray(text).has_value()) << text;
  }
}

TEST(SpanId, HexBothWays) {
  const auto id = SpanId::FromHex("53995c3f42cd8ad8");
  ASSERT_TRUE(id.has_value());
  EXPECT_EQ(id->Hex(), "53995c3f42cd8ad8");
  for (const char* text : {"", "53995c3f42cd8ad", "53995c3f42cd8ad88", "0000000000000000",
                           "53995C3f42cd8ad8", "-3995c3f42cd8ad8"}) {
    EXPECT_FALSE(SpanId::FromHex(text).has_value()) << text;
  }
}

TEST(NewIds, StartWithTheSecondAndAreAllDifferent) {
  EXPECT_EQ(NewTraceId(1'465'510'280'999'999'999).Hex().substr(0, 8), "5759e988");
  EXPECT_TRUE(NewTraceId(-1).IsValid());
  std::set<std::string> ids;
  std::vector<std::vector<std::string>> of_threads(4);
  {
    std::vector<std::jthread> threads;
    for (auto& own : of_threads) {
      threads.emplace_back([&own] {
        for (int i = 0; i < 1000; ++i) {
          own.push_back(NewTraceId(0).Hex());
          own.push_back(NewSpanId().Hex());
        }
      });
    }
  }
  for (const auto& own : of_threads) ids.insert(own.begin(), own.end());
  EXPECT_EQ(ids.size(), 8000U);
}

TEST(NewIds, RandomBitsAreEvenlySet) {
  std::array<int, 64> set{};
  for (int i = 0; i < 4096; ++i) {
    const uint64_t bits = RandomBits();
    for (size_t bit = 0; bit < set.size(); ++bit) set[bit] += static_cast<int>(bits >> bit & 1U);
  }
  // Eight standard deviations (32) to each side of 2048: once in 10^14 runs for all the bits.
  for (const int count : set) EXPECT_NEAR(count, 2048, 256);
}

TEST(NewIds, AForkedChildHasItsOwn) {
  RandomBits();  // seeded before the fork
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const std::string id = NewSpanId().Hex();
    _exit(write(ends[1], id.data(), id.size()) == 16 ? 0 : 1);
  }
  std::string theirs(16, '\0');
  ASSERT_EQ(read(ends[0], theirs.data(), 16), 16);
  EXPECT_NE(theirs, NewSpanId().Hex());
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  close(ends[0]);
  close(ends[1]);
}

}  // namespace
}  // namespace skep::sdk
