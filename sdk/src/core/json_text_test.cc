// SPDX-License-Identifier: Apache-2.0
#include "core/json_text.h"

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <cmath>
#include <limits>
#include <random>

namespace skep::sdk {
namespace {

std::string Quoted(std::string_view text) {
  std::string out;
  AppendJsonString(out, text);
  return out;
}

std::string Json(const AttributeValue& value) {
  std::string out;
  AppendJson(out, value);
  return out;
}

TEST(JsonTextTest, Characters) {
  EXPECT_EQ(Quoted("a\"b\\c\n\r\t\x01\x1f/\x7f"), "\"a\\\"b\\\\c\\n\\r\\t\\u0001\\u001f/\x7f\"");
  EXPECT_EQ(Quoted("\xC3\xBC \xE2\x82\xAC \xF0\x9F\x90\x9D"),
            "\"\xC3\xBC \xE2\x82\xAC \xF0\x9F\x90\x9D\"");
}

TEST(JsonTextTest, BytesThatAreNoUtf8) {
  const std::string bad = "\xEF\xBF\xBD";
  EXPECT_EQ(CleanUtf8("\xFF"), bad);
  EXPECT_EQ(CleanUtf8("a\x80z"), "a" + bad + "z");
  EXPECT_EQ(CleanUtf8("\xC0\xAF"), bad + bad) << "longer than it has to be";
  EXPECT_EQ(CleanUtf8("\xED\xA0\x80"), bad + bad + bad) << "a surrogate";
  EXPECT_EQ(CleanUtf8("\xF4\x90\x80\x80"), bad + bad + bad + bad) << "past U+10FFFF";
  EXPECT_EQ(CleanUtf8("\xE2\x82"), bad + bad) << "cut";
  EXPECT_EQ(CleanUtf8("\xF0\x9F\x90\x9D"), "\xF0\x9F\x90\x9D");
}

TEST(JsonTextTest, AnyBytesBecomeJsonThatAnotherReaderTakes) {
  std::mt19937 random(1);
  for (int round = 0; round < 5000; ++round) {
    std::string text(random() % 40, '\0');
    for (char& c : text) c = static_cast<char>(random() % 256);
    const std::string json = Quoted(text);
    rapidjson::Document document;
    document.Parse<rapidjson::kParseValidateEncodingFlag>(json.data(), json.size());
    ASSERT_FALSE(document.HasParseError()) << json;
    EXPECT_EQ(std::string(document.GetString(), document.GetStringLength()), CleanUtf8(text));
  }
}

TEST(JsonTextTest, FrontsEndAtACharacter) {
  EXPECT_EQ(FrontOf("abc", 2), "ab");
  EXPECT_EQ(FrontOf("abc", 3), "abc");
  EXPECT_EQ(FrontOf("a\xE2\x82\xAC", 3), "a");
  EXPECT_EQ(FrontOf("\xE2\x82\xAC", 2), "");
  EXPECT_EQ(FrontOf("", 0), "");
}

TEST(JsonTextTest, ValuesOfEveryType) {
  EXPECT_EQ(Json(true), "true");
  EXPECT_EQ(Json(std::numeric_limits<int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(Json(0.1), "0.1");
  EXPECT_EQ(Json(3.0), "3");
  EXPECT_EQ(Json(1e300), "1e+300");
  EXPECT_EQ(Json(std::nan("")), "null");
  EXPECT_EQ(Json(std::numeric_limits<double>::infinity()), "null");
  EXPECT_EQ(Json("x"), "\"x\"");
  const bool bools[] = {true, false};
  const int64_t numbers[] = {1, -2};
  const double doubles[] = {0.5};
  const std::string strings[] = {"a", "b\""};
  EXPECT_EQ(Json(std::span<const bool>(bools)), "[true,false]");
  EXPECT_EQ(Json(std::span<const int64_t>(numbers)), "[1,-2]");
  EXPECT_EQ(Json(std::span<const double>(doubles)), "[0.5]");
  EXPECT_EQ(Json(std::span<const std::string>(strings)), "[\"a\",\"b\\\"\"]");
  EXPECT_EQ(Json(std::span<const std::string_view>()), "[]");
}

}  // namespace
}  // namespace skep::sdk
