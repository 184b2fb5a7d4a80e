// SPDX-License-Identifier: Apache-2.0
#include "wire/url.h"

#include <gtest/gtest.h>

namespace skep {
namespace {

TEST(RequestTarget, OriginForm) {
  const auto target = ParseRequestTarget("/1/batch/my%20set?a=b?c&d");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->authority, "");
  EXPECT_EQ(target->path, "/1/batch/my%20set");
  EXPECT_EQ(target->query, "a=b?c&d");
}

TEST(RequestTarget, AbsoluteForm) {
  const auto target = ParseRequestTarget("HTTPS://api.rollbar.com:443/api/1/deploy?x=1");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->authority, "api.rollbar.com:443");
  EXPECT_EQ(target->path, "/api/1/deploy");
  EXPECT_EQ(target->query, "x=1");
}

TEST(RequestTarget, AbsoluteFormWithoutPath) {
  const auto target = ParseRequestTarget("http://host?x");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/");
  EXPECT_EQ(target->query, "x");
}

TEST(RequestTarget, LeavesTheFragmentOut) {
  const auto target = ParseRequestTarget("/a#b?c");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/a");
  EXPECT_EQ(target->query, "");
}

TEST(RequestTarget, Refuses) {
  for (const std::string_view bad :
       {"", "a", "host:443", "http://", "http:///x", "ftp://host/", "/a b", "/a\tb", "/\x7f",
        "/\xc3\xa4", "?x", "#", "**", "//\r\n"})
    EXPECT_FALSE(ParseRequestTarget(bad)) << bad;
  EXPECT_FALSE(ParseRequestTarget(std::string_view("/a\0b", 4)));
  EXPECT_FALSE(ParseRequestTarget("/" + std::string(1u << 20, 'x')));
}

TEST(PercentDecode, Decodes) {
  EXPECT_EQ(PercentDecode("lhgo%20data%2Fset+"), "lhgo data/set+");
  EXPECT_EQ(PercentDecode("%00%fF"), std::string("\0\xff", 2));
  EXPECT_EQ(PercentDecode(""), "");
}

TEST(PercentDecode, Refuses) {
  for (const std::string_view bad : {"%", "a%2", "%zz", "%2g", "%%20", "%-1"})
    EXPECT_FALSE(PercentDecode(bad)) << bad;
}

TEST(QueryText, IsLenient) {
  EXPECT_EQ(DecodeQueryText("a+b%2Bc"), "a b+c");
  EXPECT_EQ(DecodeQueryText("100%"), "100%");
  EXPECT_EQ(DecodeQueryText("%zz%4"), "%zz%4");
}

TEST(Query, ParsesInOrder) {
  const auto query = ParseQuery("b=2&a=1&&b=3&flag&=v&c=x=y");
  ASSERT_TRUE(query);
  const QueryParameters expected = {{"b", "2"},   {"a", "1"}, {"b", "3"},
                                    {"flag", ""}, {"", "v"},  {"c", "x=y"}};
  EXPECT_EQ(*query, expected);
}

TEST(Query, HasALimit) {
  EXPECT_TRUE(ParseQuery("a&b", 2));
  EXPECT_FALSE(ParseQuery("a&b&c", 2));
}

TEST(Query, FindsTheFirst) {
  EXPECT_EQ(FindQueryParameter("x=1&na%6De=a+b&name=c", "name"), "a b");
  EXPECT_EQ(FindQueryParameter("name", "name"), "");
  EXPECT_FALSE(FindQueryParameter("names=1&nam=2", "name"));
  EXPECT_FALSE(FindQueryParameter("", "name"));
}

TEST(UrlTest, PercentEncodeEscapesAllButTheUnreserved) {
  EXPECT_EQ(PercentEncode("a-Z0._~"), "a-Z0._~");
  EXPECT_EQ(PercentEncode("{\"q\": 1}&/\xC3\xA4+"), "%7B%22q%22%3A%201%7D%26%2F%C3%A4%2B");
  EXPECT_EQ(PercentDecode(PercentEncode("100% sure")), "100% sure");
}

}  // namespace
}  // namespace skep
