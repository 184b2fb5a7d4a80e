// SPDX-License-Identifier: Apache-2.0
#include "rollbar/scrubber.h"

#include <gtest/gtest.h>

namespace skep::sdk::rollbar {
namespace {

const Scrubber& Plain() {
  static const Scrubber scrubber({"handle"});
  return scrubber;
}

TEST(ScrubberTest, NamesInEverySpelling) {
  for (const char* name : {"password", "PASSWORD", "passwd", "pw", "secret", "client_secret",
                           "new_password", "Authorization", "Proxy-Authorization", "access_token",
                           "accessToken", "X-Rollbar-Access-Token", "Cookie", "Set-Cookie",
                           "X-Api-Key", "csrf-token", "refresh_token", "handle", "Handle"}) {
    EXPECT_TRUE(Plain().IsSecret(name)) << name;
  }
  for (const char* name : {"user", "token_count", "author", "User-Agent", "path", "", "powder"}) {
    EXPECT_FALSE(Plain().IsSecret(name)) << name;
  }
}

TEST(ScrubberTest, Urls) {
  EXPECT_EQ(Plain().Url("http://h/p?a=1&password=x&b=2#frag"),
            "http://h/p?a=1&password=********&b=2#frag");
  EXPECT_EQ(Plain().Url("https://user:pass@h:1/p"), "https://user:********@h:1/p");
  EXPECT_EQ(Plain().Url("https://user@h/p"), "https://user@h/p");
  EXPECT_EQ(Plain().Url("/p?pass%77ord=x&flag&t=2"), "/p?pass%77ord=********&flag&t=2");
  EXPECT_EQ(Plain().Url("http://h/a@b:c"), "http://h/a@b:c");
  EXPECT_EQ(Plain().Url(""), "");
  EXPECT_EQ(Plain().Url("?"), "?");
}

TEST(ScrubberTest, QueriesAreParsed) {
  EXPECT_EQ(ParseQuery("a=1&b=%20x+y&c&=d&%zz=%4"),
            (Fields{{"a", "1"}, {"b", " x y"}, {"c", ""}, {"", "d"}, {"%zz", "%4"}}));
  EXPECT_EQ(QueryOf("http://h/p?a=1#b?c"), "a=1");
  EXPECT_EQ(QueryOf("http://h/p"), "");
}

TEST(ScrubberTest, AddressesAreAnonymized) {
  EXPECT_EQ(AnonymizedIp("192.168.1.17"), "192.168.1.0");
  EXPECT_EQ(AnonymizedIp("2001:db8:85a3:1:2:3:4:5"), "2001:db8:85a3:0000:0000:0000:0000:0000");
  EXPECT_EQ(AnonymizedIp("nonsense"), "");
}

}  // namespace
}  // namespace skep::sdk::rollbar
