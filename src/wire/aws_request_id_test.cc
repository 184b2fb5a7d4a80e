// SPDX-License-Identifier: Apache-2.0
#include "wire/aws_request_id.h"

#include <gtest/gtest.h>

namespace skep {
namespace {

TEST(AwsRequestIdTest, LooksLikeAUuidAndFollowsTheRequest) {
  const std::string id = AwsRequestId(1'795'521'600'000'000'000, 1);
  ASSERT_EQ(id.size(), 36u);
  for (const size_t dash : {8, 13, 18, 23}) EXPECT_EQ(id[dash], '-');
  EXPECT_EQ(id.find_first_not_of("0123456789abcdef-"), std::string::npos);
  EXPECT_EQ(id, AwsRequestId(1'795'521'600'000'000'000, 1));
  EXPECT_NE(id, AwsRequestId(1'795'521'600'000'000'000, 2));
  EXPECT_NE(id, AwsRequestId(1'795'521'600'000'000'001, 1));
}

TEST(AwsRegionTest, IsReadFromTheCredentialScope) {
  EXPECT_EQ(AwsRegionOf("AWS4-HMAC-SHA256 Credential=test/20261124/eu-central-1/logs/aws4_request, "
                        "SignedHeaders=host, Signature=00"),
            "eu-central-1");
  EXPECT_EQ(AwsRegionOf("AWS4-HMAC-SHA256 SignedHeaders=host, "
                        "Credential=test/20261124/us-east-1/logs/aws4_request"),
            "us-east-1");
  for (const char* text :
       {"", "Bearer x", "AWS4-HMAC-SHA256 ", "AWS4-HMAC-SHA256 Credential=test",
        "AWS4-HMAC-SHA256 Credential=test/20261124", "AWS4-HMAC-SHA256 Credential=a/b/us-east-1",
        "AWS4-HMAC-SHA256 Credential=a/b/us east/logs/aws4_request",
        "AWS4-HMAC-SHA256 Credential=a/b/<i>/logs/aws4_request"})
    EXPECT_EQ(AwsRegionOf(text), "") << text;
}

}  // namespace
}  // namespace skep
