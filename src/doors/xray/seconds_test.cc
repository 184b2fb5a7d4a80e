// SPDX-License-Identifier: Apache-2.0
#include "doors/xray/seconds.h"

#include <gtest/gtest.h>

namespace skep::xray {
namespace {

TEST(Seconds, KeepsEveryDigitThatADoubleWouldLose) {
  EXPECT_EQ(NanosecondsOf("1795478791.1935945"), 1795478791193594500);
  EXPECT_EQ(NanosecondsOf("1795478791.123456789"), 1795478791123456789);
  EXPECT_EQ(NanosecondsOf("1795478863.97"), 1795478863970000000);
  EXPECT_EQ(NanosecondsOf("1795478863"), 1795478863000000000);
}

TEST(Seconds, CutsWhatIsFinerThanANanosecond) {
  EXPECT_EQ(NanosecondsOf("1.9999999999"), 1999999999);
  EXPECT_EQ(NanosecondsOf("0.0000000009"), 0);
  EXPECT_EQ(NanosecondsOf("1e-10"), 0);
  EXPECT_EQ(NanosecondsOf("9e-9"), 9);
}

TEST(Seconds, ReadsExponents) {
  EXPECT_EQ(NanosecondsOf("1.478293361271E9"), 1478293361271000000);
  EXPECT_EQ(NanosecondsOf("1.512399636124057e+9"), 1512399636124057000);
  EXPECT_EQ(NanosecondsOf("14782933612710e-4"), 1478293361271000000);
  EXPECT_EQ(NanosecondsOf("1E9"), 1000000000000000000);
  EXPECT_EQ(NanosecondsOf("0e999999999999"), 0);
  EXPECT_EQ(NanosecondsOf("0.000e12"), 0);
}

TEST(Seconds, RefusesWhatIsNoTime) {
  for (const char* text : {"", "-1", "-0.5", ".5", "NaN", "Infinity", "-Infinity", "1e", "1e+",
                           "1.2.3", "1x", "9223372036.854775808", "1e300", "1e10", "1e99999999999"})
    EXPECT_EQ(NanosecondsOf(text), std::nullopt) << text;
  EXPECT_EQ(NanosecondsOf("9223372036.854775807"), 9223372036854775807);
}

}  // namespace
}  // namespace skep::xray
