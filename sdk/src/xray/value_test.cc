// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/xray/value.h"

#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <string>
#include <vector>

namespace skep::sdk::xray {
namespace {

TEST(Value, WritesEachTypeAsJson) {
  EXPECT_EQ(Value().Json(), "null");
  EXPECT_EQ(Value(true).Json(), "true");
  EXPECT_EQ(Value(std::numeric_limits<int64_t>::min()).Json(), "-9223372036854775808");
  EXPECT_EQ(Value(std::numeric_limits<uint64_t>::max()).Json(), "18446744073709551615");
  EXPECT_EQ(Value(0.1).Json(), "0.1");
  EXPECT_EQ(Value(1.5f).Json(), "1.5");
  EXPECT_EQ(Value("text").Json(), "\"text\"");
  EXPECT_EQ(Value(std::string("text")).Json(), "\"text\"");
  EXPECT_EQ(Value::Object({{"a", 1}, {"b", Value::Array({"x", nullptr, false})}}).Json(),
            R"({"a":1,"b":["x",null,false]})");
  EXPECT_EQ(Value::Object({}).Json(), "{}");
}

TEST(Value, WritesMapsAndLists) {
  EXPECT_EQ(Value(std::map<std::string, int>{{"home", 12}, {"away", 3}}).Json(),
            R"({"away":3,"home":12})");
  EXPECT_EQ(Value(std::vector<double>{1, 2.5}).Json(), "[1,2.5]");
  EXPECT_EQ(Value(std::vector<bool>{true, false}).Json(), "[true,false]");
  EXPECT_EQ(Value(std::map<std::string, std::vector<std::string>>{{"a", {"b"}}}).Json(),
            R"({"a":["b"]})");
}

TEST(Value, WritesWhatJsonHasNotAsNull) {
  EXPECT_EQ(Value(std::numeric_limits<double>::infinity()).Json(), "null");
  EXPECT_EQ(Value(std::numeric_limits<double>::quiet_NaN()).Json(), "null");
}

TEST(Value, EscapesText) {
  EXPECT_EQ(Value(std::string_view("\"\\\n\r\t\x01\0", 7)).Json(),
            "\"\\\"\\\\\\n\\r\\t\\u0001\\u0000\"");
  EXPECT_EQ(Value("naïve 日本 🐝").Json(), "\"naïve 日本 🐝\"");
}

TEST(Value, ReplacesBytesThatAreNoUtf8) {
  EXPECT_EQ(Value("a\xFFz").Json(), "\"a\xEF\xBF\xBDz\"");
  EXPECT_EQ(Value("\xC0\x80").Json(), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");  // overlong
  // a surrogate
  EXPECT_EQ(Value("\xED\xA0\x80").Json(), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
  EXPECT_EQ(Value("\xF4\x90\x80\x80").Json().size(), 2 + 4 * 3u);       // beyond Unicode
  EXPECT_EQ(Value("\xE6\x97").Json(), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");  // cut
}

TEST(Value, TakesJsonAsItIs) {
  const auto value = Value::FromJson(
      R"( {"n": 12345678901234567890.5, "list": [1, {"x": null}], "t": "\u00e9"} )");
  ASSERT_TRUE(value);
  EXPECT_EQ(value->Json(), R"({"n":12345678901234567890.5,"list":[1,{"x":null}],"t":"é"})");
}

TEST(Value, ReplacesHalvesOfCharacters) {
  const auto value = Value::FromJson(R"({"\udc1d":"\udc1d"})");
  ASSERT_TRUE(value);
  EXPECT_EQ(value->Json(),
            "{\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\":\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"}");
  EXPECT_FALSE(Value::FromJson(R"("\ud83d")"));
}

TEST(Value, RefusesWhatIsNoJson) {
  for (const char* text :
       {"", " ", "{", "{\"a\":1,}", "[1 2]", "nul", "1 2", "{\"a\":NaN}", "\"\xFF\"", "'a'"}) {
    EXPECT_FALSE(Value::FromJson(text)) << text;
  }
}

TEST(Value, RefusesWhatIsTooDeep) {
  const auto nested = [](size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_TRUE(Value::FromJson(nested(64)));
  EXPECT_FALSE(Value::FromJson(nested(65)));
  EXPECT_FALSE(Value::FromJson(nested(100000)));
}

}  // namespace
}  // namespace skep::sdk::xray
