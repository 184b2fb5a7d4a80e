// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/resource.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

namespace skep::sdk {
namespace {

class ResourceTest : public testing::Test {
 protected:
  ~ResourceTest() override { Set(nullptr, nullptr); }
  static void Set(const char* attributes, const char* service) {
    attributes == nullptr ? unsetenv("OTEL_RESOURCE_ATTRIBUTES")
                          : setenv("OTEL_RESOURCE_ATTRIBUTES", attributes, 1);
    service == nullptr ? unsetenv("OTEL_SERVICE_NAME") : setenv("OTEL_SERVICE_NAME", service, 1);
  }
  static std::string Text(const Resource& resource, std::string_view key) {
    const auto found = resource.attributes.find(key);
    return found == resource.attributes.end() ? "none" : std::get<std::string>(found->second);
  }
};

TEST_F(ResourceTest, WhatTheProcessIs) {
  Set(nullptr, nullptr);
  const Resource resource = Resource::FromEnvironment();
  EXPECT_EQ(resource.ServiceName(), "unknown_service:core_test");
  EXPECT_EQ(Text(resource, "process.executable.name"), "core_test");
  EXPECT_EQ(std::get<int64_t>(resource.attributes.at("process.pid")), getpid());
  EXPECT_EQ(Text(resource, "telemetry.sdk.language"), "cpp");
  EXPECT_EQ(Text(resource, "telemetry.sdk.name"), "skep");
  EXPECT_NE(Text(resource, "telemetry.sdk.version"), "");
  EXPECT_NE(Text(resource, "host.name"), "");
}

TEST_F(ResourceTest, TheEnvironmentsAttributes) {
  Set(" a = 1 ,b=x%2Cy%20z,c=,,service.name=from attributes,host.name=h=1,d=%FF", nullptr);
  const Resource resource = Resource::FromEnvironment();
  EXPECT_EQ(Text(resource, "a"), "1");
  EXPECT_EQ(Text(resource, "b"), "x,y z");
  EXPECT_EQ(Text(resource, "c"), "");
  EXPECT_EQ(Text(resource, "d"), "\uFFFD");
  EXPECT_EQ(Text(resource, "host.name"), "h=1");
  EXPECT_EQ(resource.ServiceName(), "from attributes");
}

TEST_F(ResourceTest, TheServiceNameWins) {
  Set("service.name=a", "b");
  EXPECT_EQ(Resource::FromEnvironment().ServiceName(), "b");
  Set("service.name=a", "");
  EXPECT_EQ(Resource::FromEnvironment().ServiceName(), "a");
}

TEST_F(ResourceTest, OneBadPairSpoilsAll) {
  for (const char* bad : {"a=1,b", "=1,a=1", "nonsense"}) {
    Set(bad, nullptr);
    EXPECT_EQ(Text(Resource::FromEnvironment(), "a"), "none") << bad;
  }
}

TEST_F(ResourceTest, ServiceNameOfAnythingElse) {
  Resource resource;
  EXPECT_EQ(resource.ServiceName(), "");
  resource.attributes["service.name"] = true;
  EXPECT_EQ(resource.ServiceName(), "");
}

}  // namespace
}  // namespace skep::sdk
