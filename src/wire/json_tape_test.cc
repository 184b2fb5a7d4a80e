// SPDX-License-Identifier: Apache-2.0
#include "wire/json_tape.h"

#include <gtest/gtest.h>

#include <cmath>

namespace skep {
namespace {

std::string TextOf(const JsonTape& tape, const JsonTape::Token& token) {
  const std::string_view raw = tape.Raw(token);
  std::string out(raw.size(), '\0');
  out.resize(JsonTape::Unescape(raw, out.data()));
  return out;
}

TEST(JsonTape, ListsValuesInTheOrderOfTheText) {
  JsonTape tape;
  ASSERT_TRUE(tape.Parse(R"( {"a":1,"b":{"c":[true,null]},"d":"x\ny"} )"));
  const auto& tokens = tape.tokens();
  ASSERT_EQ(tokens.size(), 11u);
  EXPECT_EQ(tokens[0].type, JsonType::kObject);
  EXPECT_EQ(tokens[0].next, 11u);
  EXPECT_EQ(tape.Raw(tokens[1]), "a");
  EXPECT_EQ(tokens[2].int64, 1);
  EXPECT_EQ(tokens[4].type, JsonType::kObject);
  EXPECT_EQ(tokens[4].next, 9u);
  EXPECT_EQ(tape.Raw(tokens[4]), R"({"c":[true,null]})");
  EXPECT_EQ(tape.Raw(tokens[6]), "[true,null]");
  EXPECT_TRUE(tokens[10].escaped);
  EXPECT_EQ(TextOf(tape, tokens[10]), "x\ny");
}

TEST(JsonTape, ReadsNumbers) {
  JsonTape tape;
  ASSERT_TRUE(
      tape.Parse("[-0,9223372036854775807,9223372036854775808,18446744073709551616,0.1,-1.5e3,1e-"
                 "400,NaN,-Infinity]"));
  const auto& t = tape.tokens();
  EXPECT_EQ(t[1].int64, 0);
  EXPECT_EQ(t[2].int64, INT64_MAX);
  EXPECT_EQ(t[3].type, JsonType::kUInt64);
  EXPECT_EQ(t[3].float64, 9223372036854775808.0);
  EXPECT_EQ(t[4].type, JsonType::kFloat64);
  EXPECT_EQ(t[5].float64, 0.1);
  EXPECT_EQ(t[6].float64, -1500.0);
  EXPECT_EQ(t[7].float64, 0.0);
  EXPECT_TRUE(std::isnan(t[8].float64));
  EXPECT_EQ(t[9].float64, -INFINITY);
}

TEST(JsonTape, UnescapesEverything) {
  JsonTape tape;
  ASSERT_TRUE(tape.Parse(R"("\"\\\/\b\f\n\r\té\u00e9€\ud83d\ude00\u0000end")"));
  EXPECT_EQ(TextOf(tape, tape.tokens()[0]),
            std::string("\"\\/\b\f\n\r\t\xC3\xA9\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\0end", 23));
}

TEST(JsonTape, KeepsTheLimitOfDepth) {
  JsonTape tape;
  EXPECT_TRUE(tape.Parse("[[[]]]", 3));
  EXPECT_FALSE(tape.Parse("[[[]]]", 2));
  EXPECT_TRUE(tape.tokens().empty());
  EXPECT_TRUE(tape.Parse(std::string(64, '[') + std::string(64, ']')));
  EXPECT_FALSE(tape.Parse(std::string(65, '[') + std::string(65, ']')));
  EXPECT_TRUE(tape.Parse(std::string(512, '[') + std::string(512, ']'), 512));
  EXPECT_FALSE(tape.Parse(std::string(513, '[') + std::string(513, ']'), 1000));
}

class NoJson : public testing::TestWithParam<const char*> {};

TEST_P(NoJson, IsRefusedByTapeAndDocument) {
  JsonTape tape;
  EXPECT_FALSE(tape.Parse(GetParam()));
  EXPECT_FALSE(JsonDocument::Parse(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(JsonTape, NoJson,
                         testing::Values("", " ", "{", "}", "{]", "[}", "[1", "[1,", "[1,]", "[,1]",
                                         "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}",
                                         "{,}", "{a:1}", "{\"a\" 1}", "{\"a\":}", "{1:2}", "1 2",
                                         "{}{}", "tru", "nul", "True", "01", "1.", ".5", "+1", "-",
                                         "1e", "1e+", "0x1", "1e400", "-1e400", "--1", "Nan", "\"",
                                         "\"a", "\"\\\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"",
                                         "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"",
                                         "\"\n\"", "\"\x01\"", "\"\xFF\"", "\"\xC0\x80\"",
                                         "\"\xED\xA0\x80\"", "\"\xE2\x82\"", "'a'", "[1 2]",
                                         "{\"a\":1 \"b\":2}", "/**/1"));

}  // namespace
}  // namespace skep
