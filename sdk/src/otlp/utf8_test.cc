// SPDX-License-Identifier: Apache-2.0
#include "otlp/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace skep::sdk::otlp {
namespace {

std::string Copied(std::string_view text) {
  std::string copy(text.size(), '\0');
  CopyAsUtf8(text, copy.data());
  return copy;
}

TEST(Utf8, TakesWhatIs) {
  for (const std::string text : {"", "plain", "twelve bytes", "\xC2\x80", "\xDF\xBF",
                                 "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEF\xBF\xBF", "\xF0\x90\x80\x80",
                                 "\xF4\x8F\xBF\xBF", "a long text with \xE2\x82\xAC in it"}) {
    EXPECT_TRUE(IsUtf8(text)) << text;
    EXPECT_EQ(Copied(text), text);
  }
  EXPECT_TRUE(IsUtf8(std::string_view("nul \0 in it", 11)));
}

TEST(Utf8, RefusesWhatIsNot) {
  for (const std::string text :
       {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2 ", "\xE0\x9F\x80", "\xE2\x82",
        "\xED\xA0\x80", "\xF0\x8F\x80\x80", "\xF0\x9F\x98", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
        "\xFE", "\xFF", "eight by\xFF", "sixteen bytes of\xE2\x82"}) {
    EXPECT_FALSE(IsUtf8(text)) << text;
    const std::string copy = Copied(text);
    EXPECT_TRUE(IsUtf8(copy));
    EXPECT_NE(copy.find('?'), std::string::npos);
  }
  EXPECT_EQ(Copied("a\xFF\xE2\x82\xACz\xE2\x82"), "a?\xE2\x82\xACz??");
}

}  // namespace
}  // namespace skep::sdk::otlp
