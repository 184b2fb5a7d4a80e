// SPDX-License-Identifier: Apache-2.0
#include "wire/json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace skep {
namespace {

TEST(Json, ReadsEveryType) {
  const auto parsed = JsonDocument::Parse(
      R"({"s":"té\n","i":-5,"u":18446744073709551615,"f":1.5,"b":true,"n":null,"a":[1,"x"],"o":{"k":{}}})");
  ASSERT_TRUE(parsed) << parsed.error().message;
  const JsonView root = parsed->root();
  EXPECT_EQ(root["s"].text(), "té\n");
  EXPECT_EQ(root["i"].int64(), -5);
  EXPECT_EQ(root["u"].type(), JsonType::kUInt64);
  EXPECT_EQ(root["f"].float64(), 1.5);
  EXPECT_TRUE(root["b"].boolean());
  EXPECT_TRUE(root["n"]);
  EXPECT_EQ(root["n"].type(), JsonType::kNull);
  EXPECT_FALSE(root["absent"]);
  EXPECT_FALSE(root["absent"]["deeper"].At(3));
  EXPECT_EQ(root["a"].size(), 2u);
  EXPECT_EQ(root["a"].At(1).text(), "x");
  EXPECT_EQ(root.NameAt(7), "o");
  EXPECT_EQ(root["o"].ToJson(), R"({"k":{}})");
}

TEST(Json, TakesWhatRealClientsSend) {
  EXPECT_TRUE(std::isnan(JsonDocument::Parse("NaN")->root().float64()));
  EXPECT_EQ(JsonDocument::Parse("-Infinity")->root().float64(), -INFINITY);
  const auto big = JsonDocument::Parse("123456789012345678901234567890");
  ASSERT_TRUE(big);
  EXPECT_EQ(big->root().type(), JsonType::kFloat64);
  EXPECT_EQ(big->root().int64(7), 7);
  EXPECT_EQ(JsonDocument::Parse("9007199254740993")->root().int64(), 9007199254740993);
  EXPECT_EQ(JsonDocument::Parse("1.9")->root().int64(), 1);
}

TEST(Json, RefusesBrokenText) {
  for (const char* bad : {"", "{", "[1,]", "{\"a\":1}x", "{\"a\" 1}", "nul", "\"\xff\"",
                          "\"\\ud800\"", "01", "{\"a\":1,}", "\"a\nb", "+1"}) {
    EXPECT_FALSE(JsonDocument::Parse(bad)) << bad;
  }
}

TEST(Json, DepthIsBoundedWithoutRecursion) {
  const std::string deep(100'000, '[');
  const auto refused = JsonDocument::Parse(deep, 64);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "JSON is nested too deep");
  EXPECT_TRUE(JsonDocument::Parse("[[1]]", 2));
  EXPECT_FALSE(JsonDocument::Parse("[[1]]", 1));
  EXPECT_TRUE(JsonDocument::Parse("[[1],[2],{}]", 2));
}

TEST(Json, ParsesAgainIntoTheSameDocument) {
  JsonDocument document;
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(document.ParseAgain("{\"n\":" + std::to_string(i) + ",\"t\":\"" +
                                    std::string(100, 'x') + "\"}"));
    ASSERT_EQ(document.root()["n"].int64(), i);
  }
  EXPECT_FALSE(document.ParseAgain("{"));
  EXPECT_TRUE(document.ParseAgain("[]"));
  EXPECT_TRUE(document.root().IsArray());
}

TEST(JsonWriter, WritesWhatTheReaderReads) {
  JsonWriter writer;
  writer.BeginObject();
  writer.Field("text", std::string_view("a\"b\\\x01\xff é"));
  writer.Field("int", int64_t{-9});
  writer.Field("float", 0.1);
  writer.Field("nan", std::nan(""));
  writer.Key("list");
  writer.BeginArray();
  writer.Bool(true);
  writer.Null();
  writer.Raw("{\"x\":1}");
  writer.EndArray();
  writer.EndObject();
  EXPECT_EQ(writer.text(),
            "{\"text\":\"a\\\"b\\\\\\u0001\xEF\xBF\xBD é\",\"int\":-9,\"float\":0.1,\"nan\":null,"
            "\"list\":[true,null,{\"x\":1}]}");
  EXPECT_TRUE(JsonDocument::Parse(writer.text()));
}

TEST(Json, ReadsFloatsExactlyAndRefusesThoseBeyondADouble) {
  const std::pair<const char*, double> numbers[] = {
      {"0.1", 0.1},
      {"1795483411.172000123", 1795483411.172000123},
      {"-0.0", -0.0},
      {"1e-400", 0.0},
      {"4.9e-324", 4.9e-324},
      {"1.7976931348623157e308", 1.7976931348623157e308},
      {"0.00000000000000000000e-5", 0.0},
      {"1E5", 1e5}};
  for (const auto& [text, value] : numbers) {
    const auto document = JsonDocument::Parse(text);
    ASSERT_TRUE(document) << text;
    EXPECT_EQ(document->root().type(), JsonType::kFloat64) << text;
    EXPECT_EQ(document->root().float64(), value) << text;
  }
  for (const char* text : {"1e400", "[-1e999]", "1e99999999999"})
    EXPECT_FALSE(JsonDocument::Parse(text)) << text;
  for (const char* text : {"01", "1.", ".5", "+1", "0x10", "1e", "-", "--1", "1_000", "nan", "1 2"})
    EXPECT_FALSE(JsonDocument::Parse(text)) << text;
}

}  // namespace
}  // namespace skep
