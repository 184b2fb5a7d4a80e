// SPDX-License-Identifier: Apache-2.0
#include "doors/rollbar/program_name.h"

#include <gtest/gtest.h>

namespace skep::rollbar {
namespace {

TEST(ProgramName, IsTheLastPartThatNamesSomething) {
  EXPECT_EQ(ProgramNameOf("/backend-flask"), "backend-flask");
  EXPECT_EQ(ProgramNameOf("/srv/shop/"), "shop");
  EXPECT_EQ(ProgramNameOf("/srv/shop/current"), "shop");
  EXPECT_EQ(ProgramNameOf("/srv/shop/releases/20261124"), "shop");
  EXPECT_EQ(ProgramNameOf("C:\\sites\\Shop"), "Shop");
  EXPECT_EQ(ProgramNameOf("shop"), "shop");
  for (const char* nothing : {"", "/", ".", "C:\\", "//", "/current"})
    EXPECT_EQ(ProgramNameOf(nothing), "") << nothing;
}

TEST(Url, HostAndPath) {
  EXPECT_EQ(HostOf("https://bob:pw@app.test:8443/a?b#c"), "app.test");
  EXPECT_EQ(HostOf("http://[2001:db8::9]:80/"), "[2001:db8::9]");
  EXPECT_EQ(HostOf("http://[2001:db8"), "[2001:db8");
  EXPECT_EQ(HostOf("/a"), "");
  EXPECT_EQ(PathOf("https://app.test/a/b?c#d"), "/a/b");
  EXPECT_EQ(PathOf("/a?b"), "/a");
  EXPECT_EQ(PathOf("https://app.test"), "");
  EXPECT_EQ(PathOf("https://app.test?a=/b"), "");
  EXPECT_EQ(PathOf(""), "");
}

}  // namespace
}  // namespace skep::rollbar
