// SPDX-License-Identifier: Apache-2.0
#include "core/json_value.h"

#include <gtest/gtest.h>

namespace skep::sdk {
namespace {

std::string Again(std::string_view text) {
  const auto value = JsonValue::Parse(text);
  if (!value) return "none";
  std::string out;
  value->AppendTo(out);
  return out;
}

std::string Nested(size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); }

TEST(JsonValueTest, IsWrittenAsItWasRead) {
  for (const char* text :
       {"null", "true", "-0.10e+5", "12345678901234567890123", R"("a\"b\\\n")", "[]", "{}",
        R"([1,[2,{"a":[]}],"x"])", R"({"b":{"c":null},"a":[false],"b":2})"}) {
    EXPECT_EQ(Again(text), text);
  }
  EXPECT_EQ(Again(" { \"a\" : [ 1 , 2 ] } "), R"({"a":[1,2]})");
  EXPECT_EQ(Again(R"("\u00fc\u2028")"), "\"\xC3\xBC\xE2\x80\xA8\"");
}

TEST(JsonValueTest, WhatIsNoJsonIsNone) {
  for (const char* text : {"", " ", "{", "]", "[1,]", "{\"a\"}", "nul", "NaN", "1 2", "'a'", "\"a",
                           "{\"a\":1}}", "<html>", "\x01"}) {
    EXPECT_EQ(Again(text), "none") << text;
  }
  EXPECT_EQ(Again(Nested(64)), Nested(64));
  EXPECT_EQ(Again(Nested(65)), "none");
  EXPECT_EQ(Again(std::string(1 << 20, '[')), "none");
}

TEST(JsonValueTest, MembersByName) {
  const auto value = JsonValue::Parse(R"({"text":"t","number":1.5,"text":"second","null":null})");
  ASSERT_TRUE(value.has_value());
  EXPECT_EQ(value->TextOf("text"), "t");
  EXPECT_EQ(value->TextOf("number"), "");
  EXPECT_EQ(value->TextOf("other"), "");
  EXPECT_EQ(value->Find("number")->Number(), 1.5);
  EXPECT_EQ(value->Find("text")->Number(), std::nullopt);
  EXPECT_EQ(value->Find("null")->kind, JsonValue::Kind::kNull);
  EXPECT_EQ(value->Find("text")->Find("x"), nullptr) << "no object";
  EXPECT_EQ(JsonValue::Parse("1e999")->Number(), std::nullopt);
}

}  // namespace
}  // namespace skep::sdk
