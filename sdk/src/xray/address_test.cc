// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "xray/daemon_address.h"
#include "xray/wildcard.h"

namespace skep::sdk::xray {
namespace {

TEST(DaemonAddress, IsOneForBothProtocols) {
  const auto address = DaemonAddress::Parse("xray-daemon:3000");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->udp, (Endpoint{"xray-daemon", 3000}));
  EXPECT_EQ(address->tcp, address->udp);
}

TEST(DaemonAddress, IsOneForEachProtocolInEitherOrder) {
  for (const char* text :
       {"tcp:10.0.0.1:2000 udp:10.0.0.2:2001", "udp:10.0.0.2:2001  tcp:10.0.0.1:2000"}) {
    const auto address = DaemonAddress::Parse(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->tcp, (Endpoint{"10.0.0.1", 2000}));
    EXPECT_EQ(address->udp, (Endpoint{"10.0.0.2", 2001}));
  }
}

TEST(DaemonAddress, MayBeIpv6) {
  EXPECT_EQ(DaemonAddress::Parse("[::1]:2000")->udp, (Endpoint{"::1", 2000}));
  EXPECT_EQ(DaemonAddress::Parse("::1:2000")->udp, (Endpoint{"::1", 2000}));
  const auto both = DaemonAddress::Parse("tcp:[fe80::1]:2000 udp:[::1]:2001");
  ASSERT_TRUE(both);
  EXPECT_EQ(both->tcp.UrlAuthority(), "[fe80::1]:2000");
  EXPECT_EQ(both->udp.port, 2001);
}

TEST(DaemonAddress, RefusesAnythingElse) {
  for (const char* text :
       {"", " ", "host", "host:", ":2000", "host:0", "host:65536", "host:20x", "host:-1",
        "[::1:2000", "[]:2000", "tcp:h:1 tcp:h:2", "udp:h:1 h:2", "a:1 b:2 c:3"}) {
    EXPECT_FALSE(DaemonAddress::Parse(text)) << text;
  }
}

TEST(Wildcard, MatchesStarsAndQuestionMarks) {
  EXPECT_TRUE(WildcardMatch("*", ""));
  EXPECT_TRUE(WildcardMatch("", ""));
  EXPECT_TRUE(WildcardMatch("/api/*", "/api/home"));
  EXPECT_TRUE(WildcardMatch("*.example.COM", "api.Example.com"));
  EXPECT_TRUE(WildcardMatch("a?c*e", "abcde"));
  EXPECT_TRUE(WildcardMatch("a**b", "ab"));
  EXPECT_TRUE(WildcardMatch("*ab*ab", "abaabab"));
  EXPECT_FALSE(WildcardMatch("", "a"));
  EXPECT_FALSE(WildcardMatch("?", ""));
  EXPECT_FALSE(WildcardMatch("/api/?", "/api/"));
  EXPECT_FALSE(WildcardMatch("/api", "/api/home"));
  EXPECT_FALSE(WildcardMatch("*ab*ac", "abaabab"));
}

TEST(Wildcard, EndsOnPatternsThatTryEverything) {
  // Exponential for a matcher that goes back to every star; a failure shows as a test that never
  // ends.
  std::string pattern;
  for (int i = 0; i < 40; ++i) pattern += "a*";
  EXPECT_FALSE(WildcardMatch(pattern + "b", std::string(5000, 'a')));
}

}  // namespace
}  // namespace skep::sdk::xray
