// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/event_time.h"

#include <gtest/gtest.h>

#include <cmath>

namespace skep::honeycomb {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kTime = 1'795'521'600 * kSecond;  // 2026-11-24T12:00:00Z

TEST(ParseEventTime, Dates) {
  EXPECT_EQ(ParseEventTime("2026-11-24T12:00:00Z"), kTime);
  EXPECT_EQ(ParseEventTime("2026-11-24t12:00:00z"), kTime);
  EXPECT_EQ(ParseEventTime("2026-11-24 12:00:00"), kTime);
  EXPECT_EQ(ParseEventTime(" 2026-11-24T12:00:00Z "), kTime);
  EXPECT_EQ(ParseEventTime("2026-11-24T12:00:00.5Z"), kTime + kSecond / 2);
  EXPECT_EQ(ParseEventTime("2026-11-24T12:00:00.123456789Z"), kTime + 123'456'789);
  EXPECT_EQ(ParseEventTime("2026-11-24T12:00:00.1234567899Z"), kTime + 123'456'789);
  EXPECT_EQ(ParseEventTime("2026-11-24T12:00:00.678901+00:00"), kTime + 678'901'000);
  EXPECT_EQ(ParseEventTime("2026-11-24T13:30:00+01:30"), kTime);
  EXPECT_EQ(ParseEventTime("2026-11-24T07:00:00-0500"), kTime);
  EXPECT_EQ(ParseEventTime("2026-11-24T11:59:60Z"), kTime);
  EXPECT_EQ(ParseEventTime("1969-12-31T23:59:59.5Z"), -kSecond / 2);
}

TEST(ParseEventTime, Numbers) {
  EXPECT_EQ(ParseEventTime("1795521600"), kTime);
  EXPECT_EQ(ParseEventTime("1795521600.123456789"), kTime + 123'456'789);
  EXPECT_EQ(ParseEventTime("1795521600123"), kTime + 123'000'000);
  EXPECT_EQ(ParseEventTime("1795521600123.456"), kTime + 123'456'000);
  EXPECT_EQ(ParseEventTime("1795521600123456"), kTime + 123'456'000);
  EXPECT_EQ(ParseEventTime("1795521600123456789"), kTime + 123'456'789);
  EXPECT_EQ(ParseEventTime("0"), 0);
}

TEST(ParseEventTime, RefusesWhatIsNoTime) {
  for (const std::string_view text : {"",
                                      " ",
                                      "now",
                                      "-1",
                                      "1.",
                                      ".5",
                                      "1e9",
                                      "0x10",
                                      "1795521600,5",
                                      "12345678901234567890",
                                      "9999999999999999999",
                                      "2026-11-24",
                                      "2026-11-24T12:00",
                                      "2026-13-24T12:00:00Z",
                                      "2026-02-29T12:00:00Z",
                                      "2026-11-24T24:00:00Z",
                                      "2026-11-24T12:60:00Z",
                                      "2026-11-24T12:00:61Z",
                                      "2026-11-24T12:00:00.Z",
                                      "2026-11-24T12:00:00+1",
                                      "2026-11-24T12:00:00+24:00",
                                      "2026-11-24T12:00:00Zx",
                                      "0001-01-01T00:00:00Z",
                                      "9999-01-01T00:00:00Z"})
    EXPECT_EQ(ParseEventTime(text), std::nullopt) << text;
}

TEST(EventTimeOf, NumbersOfEveryUnit) {
  EXPECT_EQ(EventTimeOf(int64_t{1'795'521'600}), kTime);
  EXPECT_EQ(EventTimeOf(int64_t{1'795'521'600'001}), kTime + 1'000'000);
  EXPECT_EQ(EventTimeOf(int64_t{-1}), std::nullopt);
  EXPECT_EQ(EventTimeOf(1'795'521'600.25), kTime + kSecond / 4);
  EXPECT_EQ(EventTimeOf(1'795'521'600'250.0), kTime + kSecond / 4);
  EXPECT_EQ(EventTimeOf(1'795'521'600.123456), kTime + 123'456'000);
  EXPECT_EQ(EventTimeOf(-0.5), std::nullopt);
  EXPECT_EQ(EventTimeOf(std::nan("")), std::nullopt);
  EXPECT_EQ(EventTimeOf(INFINITY), std::nullopt);
  EXPECT_EQ(EventTimeOf(1e300), std::nullopt);
}

}  // namespace
}  // namespace skep::honeycomb
