// SPDX-License-Identifier: Apache-2.0
#include "app/address.h"

#include <gtest/gtest.h>

namespace skep::app {
namespace {

TEST(Address, IsReadAndWritten) {
  for (const char* text : {"127.0.0.1:8080", "[::1]:4317", "localhost:0", "0.0.0.0:65535"}) {
    const auto address = ParseAddress(text);
    ASSERT_TRUE(address) << text;
    ASSERT_TRUE(address->has_value()) << text;
    EXPECT_EQ(AddressText(**address), text);
  }
}

TEST(Address, OffIsNone) {
  const auto address = ParseAddress("off");
  ASSERT_TRUE(address);
  EXPECT_FALSE(address->has_value());
}

TEST(Address, OthersAreRefused) {
  for (const char* text : {"", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
                           "127.0.0.1:80x", "127.0.0.1:-1", "::1:80", "[::1:80", "[]:80"})
    EXPECT_FALSE(ParseAddress(text)) << text;
}

TEST(Address, LoopbackIsTold) {
  for (const char* host : {"127.0.0.1", "127.1.2.3", "::1", "localhost"})
    EXPECT_TRUE(IsLoopback(host)) << host;
  for (const char* host : {"0.0.0.0", "::", "10.0.0.1", "128.0.0.1", "127.example.com", ""})
    EXPECT_FALSE(IsLoopback(host)) << host;
}

}  // namespace
}  // namespace skep::app
