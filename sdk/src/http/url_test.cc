// SPDX-License-Identifier: Apache-2.0
#include "http/url.h"

#include <gtest/gtest.h>

namespace skep::sdk::http {
namespace {

TEST(Authority, HasHostAndPort) {
  EXPECT_EQ(ParseAuthority("example.com:8080").host, "example.com");
  EXPECT_EQ(ParseAuthority("example.com:8080").port, 8080);
  EXPECT_EQ(ParseAuthority("example.com").port, 0);
  EXPECT_EQ(ParseAuthority("[::1]:80").host, "::1");
  EXPECT_EQ(ParseAuthority("[::1]:80").port, 80);
  EXPECT_EQ(ParseAuthority("[::1]").host, "::1");
}

TEST(Authority, PortsThatAreNoneAreNotSaid) {
  EXPECT_EQ(ParseAuthority("a:99999").port, 0);
  EXPECT_EQ(ParseAuthority("a:8x").port, 0);
  EXPECT_EQ(ParseAuthority("a:").port, 0);
  EXPECT_EQ(ParseAuthority("[::1").host, "[::1");
  EXPECT_EQ(ParseAuthority("").host, "");
}

TEST(Url, HasItsParts) {
  const auto parts = ParseUrl("https://user:secret@host:1/a/b?c=d&e#f");
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->scheme, "https");
  EXPECT_EQ(parts->authority, "host:1");
  EXPECT_EQ(parts->path, "/a/b");
  EXPECT_EQ(parts->query, "c=d&e");
  const auto bare = ParseUrl("http://host?x=1");
  ASSERT_TRUE(bare);
  EXPECT_EQ(bare->path, "");
  EXPECT_EQ(bare->query, "x=1");
}

TEST(Url, OthersAreNone) {
  EXPECT_FALSE(ParseUrl("/a/b"));
  EXPECT_FALSE(ParseUrl("://host"));
  EXPECT_FALSE(ParseUrl("http:///path"));
  EXPECT_FALSE(ParseUrl(""));
}

TEST(Redaction, TakesSecretsOut) {
  EXPECT_EQ(RedactQuery("a=1&sig=abc&b=2"), "a=1&sig=REDACTED&b=2");
  EXPECT_EQ(RedactQuery("AWSAccessKeyId=1&Signature=2"),
            "AWSAccessKeyId=REDACTED&Signature=REDACTED");
  EXPECT_EQ(RedactQuery("X-Goog-Signature="), "X-Goog-Signature=REDACTED");
  EXPECT_EQ(RedactUrl("http://u:p@h/x?sig=1"), "http://REDACTED:REDACTED@h/x?sig=REDACTED");
}

TEST(Redaction, LeavesTheRestAsItIs) {
  for (const char* query : {"", "a", "a=", "&", "a=1&&b", "signature=1", "sig"}) {
    EXPECT_EQ(RedactQuery(query), query);
  }
  EXPECT_EQ(RedactUrl("http://h:1/x?y=z"), "http://h:1/x?y=z");
  EXPECT_EQ(RedactUrl("nonsense"), "nonsense");
}

TEST(ForwardedFor, FirstClientWins) {
  EXPECT_EQ(ForwardedFor("", "203.0.113.7, 10.0.0.1"), "203.0.113.7");
  EXPECT_EQ(ForwardedFor("", "2001:db8::1"), "2001:db8::1");
  EXPECT_EQ(ForwardedFor("", "203.0.113.7:4711"), "203.0.113.7");
  EXPECT_EQ(ForwardedFor("proto=https;For=\"[2001:db8:cafe::17]:4711\", for=10.0.0.1", ""),
            "2001:db8:cafe::17");
  EXPECT_EQ(ForwardedFor("for=192.0.2.60;by=203.0.113.43", "1.1.1.1"), "192.0.2.60");
  EXPECT_EQ(ForwardedFor("by=203.0.113.43", "1.1.1.1"), "1.1.1.1");
  EXPECT_EQ(ForwardedFor("", ""), "");
}

}  // namespace
}  // namespace skep::sdk::http
