// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/sampler.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/random_ids.h"
#include "core/trace_state.h"

namespace skep::sdk {
namespace {

TraceId IdEndingIn(const std::string& last14) {
  return *TraceId::FromHex("000000000000000001" + last14);
}

SamplingResult Ask(Sampler& sampler, const TraceId& id, const SpanContext* parent = nullptr) {
  return sampler.ShouldSample({parent, id, "name", SpanKind::kInternal, {}});
}

SpanContext Parent(bool sampled, bool remote, std::string trace_state = {}) {
  SpanContext parent;
  parent.trace_id = IdEndingIn("00000000000000");
  parent.span_id = *SpanId::FromHex("53995c3f42cd8ad8");
  parent.sampled = sampled;
  parent.remote = remote;
  parent.trace_state = std::move(trace_state);
  return parent;
}

TEST(RatioSampler, DecidesByTheLast56BitsAndSaysHow) {
  struct Case {
    double ratio;
    const char* threshold;
    const char* first_kept;    // the lowest random value that is kept
    const char* last_refused;  // the one before it; empty if there is none
  };
  for (const Case& c :
       {Case{1.0, "0", "00000000000000", ""}, Case{0.5, "8", "80000000000000", "7fffffffffffff"},
        Case{0.25, "c", "c0000000000000", "bfffffffffffff"},
        Case{0.1, "e666", "e6660000000000", "e665ffffffffff"},
        Case{1.0 / 3, "aaab", "aaab0000000000", "aaaaffffffffff"},
        Case{0.01, "fd70a", "fd70a000000000", "fd709fffffffff"},
        Case{1.0 / 65536, "ffff", "ffff0000000000", "fffeffffffffff"},
        Case{std::exp2(-56), "ffffffffffffff", "ffffffffffffff", "fffffffffffffe"}}) {
    const auto sampler = TraceIdRatioSampler(c.ratio);
    const SamplingResult kept = Ask(*sampler, IdEndingIn(c.first_kept));
    EXPECT_TRUE(kept.sampled) << c.ratio;
    EXPECT_EQ(kept.trace_state, std::string("ot=th:") + c.threshold);
    if (*c.last_refused == '\0') continue;
    const SamplingResult refused = Ask(*sampler, IdEndingIn(c.last_refused));
    EXPECT_FALSE(refused.sampled) << c.ratio;
    EXPECT_EQ(refused.trace_state, "");
  }
}

TEST(RatioSampler, WhatIsNoRatio) {
  for (const double none : {0.0, -1.0, std::nan(""), 1e-20}) {
    EXPECT_FALSE(Ask(*TraceIdRatioSampler(none), IdEndingIn("ffffffffffffff")).sampled) << none;
  }
  EXPECT_TRUE(Ask(*TraceIdRatioSampler(7.0), IdEndingIn("00000000000000")).sampled);
}

TEST(RatioSampler, KeepsItsShare) {
  const auto sampler = TraceIdRatioSampler(0.25);
  int kept = 0;
  for (int i = 0; i < 4000; ++i) kept += Ask(*sampler, NewTraceId(0)).sampled ? 1 : 0;
  EXPECT_NEAR(kept, 1000, 220);  // eight standard deviations
}

TEST(RatioSampler, TakesExplicitRandomnessAndKeepsTheRest) {
  const auto sampler = TraceIdRatioSampler(0.5);
  const SpanContext kept = Parent(true, true, "a=1,ot=rv:90000000000000;th:4;x:y,b=2");
  EXPECT_EQ(Ask(*sampler, kept.trace_id, &kept).trace_state,
            "ot=th:8;rv:90000000000000;x:y,a=1,b=2");
  const SpanContext refused = Parent(true, true, "a=1,ot=rv:10000000000000;th:4");
  const SamplingResult result = Ask(*sampler, IdEndingIn("ffffffffffffff"), &refused);
  EXPECT_FALSE(result.sampled);
  EXPECT_EQ(result.trace_state, "ot=rv:10000000000000,a=1");
  const SpanContext bad_random = Parent(true, true, "ot=rv:9");
  EXPECT_FALSE(Ask(*sampler, bad_random.trace_id, &bad_random).sampled);
}

TEST(RatioSampler, MakesRoomForItsThreshold) {
  std::string full = "ot=rv:90000000000000;x:" + std::string(230, 'y');
  for (int i = 0; i < 31; ++i) full += ",k" + std::to_string(i) + "=1";
  const std::string with = WithThreshold(full, "8");
  EXPECT_EQ(OtField(with, "th"), "8");
  EXPECT_EQ(OtField(with, "rv"), "90000000000000");
  EXPECT_EQ(with, CheckedTraceState(with));
  EXPECT_EQ(WithThreshold("ot=x:" + std::string(251, 'y') + ",k=1", "8"), "ot=th:8,k=1");
  EXPECT_EQ(WithThreshold("ot=x: ;th:4", "8"), "ot=th:8;x:");
}

TEST(ParentBasedSampler, ChildrenDoAsTheirParents) {
  const auto sampler = ParentBasedSampler(AlwaysOffSampler());
  EXPECT_FALSE(Ask(*sampler, IdEndingIn("ffffffffffffff")).sampled);
  for (const bool remote : {false, true}) {
    const SpanContext yes = Parent(true, remote, "a=1");
    EXPECT_TRUE(Ask(*sampler, yes.trace_id, &yes).sampled);
    EXPECT_EQ(Ask(*sampler, yes.trace_id, &yes).trace_state, "a=1");
    const SpanContext no = Parent(false, remote);
    EXPECT_FALSE(Ask(*ParentBasedSampler(AlwaysOnSampler()), no.trace_id, &no).sampled);
  }
}

TEST(ParentBasedSampler, ADecisionLeftToUsIsTheRootSamplers) {
  SpanContext deferred = Parent(false, true);
  deferred.deferred = true;
  EXPECT_TRUE(Ask(*ParentBasedSampler(AlwaysOnSampler()), deferred.trace_id, &deferred).sampled);
  EXPECT_FALSE(Ask(*ParentBasedSampler(AlwaysOffSampler()), deferred.trace_id, &deferred).sampled);
}

TEST(ParentBasedSampler, WithoutARootSamplerRootsAreKept) {
  EXPECT_TRUE(Ask(*ParentBasedSampler(nullptr), IdEndingIn("00000000000001")).sampled);
}

TEST(AlwaysSamplers, KeepTheTraceState) {
  const SpanContext parent = Parent(true, true, "a=1");
  EXPECT_EQ(Ask(*AlwaysOnSampler(), parent.trace_id, &parent).trace_state, "a=1");
  EXPECT_EQ(Ask(*AlwaysOffSampler(), parent.trace_id, &parent).trace_state, "a=1");
}

}  // namespace
}  // namespace skep::sdk
