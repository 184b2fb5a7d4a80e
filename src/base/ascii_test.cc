// SPDX-License-Identifier: Apache-2.0
#include "base/ascii.h"

#include <gtest/gtest.h>

namespace skep {
namespace {

TEST(Ascii, ChangesLettersAndNothingElse) {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const bool upper = byte >= 'A' && byte <= 'Z';
    const bool lower = byte >= 'a' && byte <= 'z';
    EXPECT_EQ(ToLower(c), upper ? static_cast<char>(byte + 32) : c) << byte;
    EXPECT_EQ(ToUpper(c), lower ? static_cast<char>(byte - 32) : c) << byte;
    EXPECT_EQ(IsLetter(c), upper || lower) << byte;
    EXPECT_EQ(IsDigit(c), byte >= '0' && byte <= '9') << byte;
  }
  EXPECT_EQ(ToLower("X-Amzn-ÄRoot[`"), "x-amzn-Äroot[`");
  EXPECT_EQ(ToUpper("get é{"), "GET é{");
}

TEST(Ascii, EqualsWithoutRegardToCase) {
  EXPECT_TRUE(EqualsIgnoringCase("Content-Type", "content-TYPE"));
  EXPECT_TRUE(EqualsIgnoringCase("", ""));
  EXPECT_FALSE(EqualsIgnoringCase("a", "ab"));
  EXPECT_FALSE(EqualsIgnoringCase("@", "`"));
}

}  // namespace
}  // namespace skep
