// SPDX-License-Identifier: Apache-2.0
#include "logs/uuid.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace skep::sdk {
namespace {

TEST(UuidTest, VersionFourAndNeverTwice) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string uuid = NewUuid();
    ASSERT_EQ(uuid.size(), 36u);
    EXPECT_EQ(uuid[14], '4');
    EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos);
    EXPECT_TRUE(seen.insert(uuid).second);
  }
}

}  // namespace
}  // namespace skep::sdk
