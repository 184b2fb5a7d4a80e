// SPDX-License-Identifier: Apache-2.0
#include "doors/cloudwatch/event_id.h"

#include <gtest/gtest.h>

namespace skep::cloudwatch {
namespace {

TEST(EventIdTest, DigitsReadBackAndSortAsThePlaces) {
  const LogEventPosition places[] = {
      {0, 0},
      {0, UINT64_MAX},
      {1, 0},
      {1'795'521'600'000, 0},
      {1'795'521'600'000, 5u << 20},
      {1'795'521'600'000, (uint64_t{77} << 20) | 3},
      {1'795'521'600'001, 1},
      {4'000'000'000'000, UINT64_MAX},
  };
  std::string last;
  for (const LogEventPosition& place : places) {
    const std::string digits = EventIdDigits(place);
    EXPECT_EQ(digits.size(), 56u);
    EXPECT_LT(last, digits);
    last = digits;
    ASSERT_TRUE(ParseEventIdDigits(digits).has_value()) << digits;
    EXPECT_EQ(*ParseEventIdDigits(digits), place);
  }
  // An id of AWS's documentation has this time in its upper bits.
  EXPECT_EQ(EventIdDigits({1'396'035'378'988, 0}).substr(0, 14), "31132629274945");
}

TEST(EventIdTest, RefusesWhatIsNoPlace) {
  for (const char* digits : {"", "x", "-1", "12 ", "1.5", "18446744073709551616",
                             "9999999999999999999999999999999999999999999999999999999999",
                             "100000000000000000000000000000000000000000000000000000000000"})
    EXPECT_FALSE(ParseEventIdDigits(digits).has_value()) << digits;
  EXPECT_TRUE(ParseEventIdDigits("18446744073709551615").has_value());
}

TEST(PageTokenTest, ReadsBackAndRefuses) {
  for (const bool forward : {true, false}) {
    const auto token = ParsePageToken(FormatPageToken({forward, {1'795'521'600'000, 9}}));
    ASSERT_TRUE(token.has_value());
    EXPECT_EQ(token->forward, forward);
    EXPECT_EQ(token->position, (LogEventPosition{1'795'521'600'000, 9}));
  }
  for (const char* text :
       {"", "f", "f/", "f/s", "f//s", "f/12", "g/12/s", "f/12/t", "f/1x/s", "12"})
    EXPECT_FALSE(ParsePageToken(text).has_value()) << text;
}

TEST(PageTokenTest, NeighboursAreOneApart) {
  for (const LogEventPosition& place :
       {LogEventPosition{5, 7}, LogEventPosition{5, 0}, LogEventPosition{5, UINT64_MAX}}) {
    EXPECT_LT(place, NextPosition(place));
    EXPECT_EQ(PreviousPosition(NextPosition(place)), place);
    EXPECT_LT(PreviousPosition(place), place);
    EXPECT_EQ(NextPosition(PreviousPosition(place)), place);
  }
  EXPECT_EQ(PreviousPosition({0, 0}), (LogEventPosition{0, 0}));
}

}  // namespace
}  // namespace skep::cloudwatch
