// SPDX-License-Identifier: Apache-2.0
#include "cloudwatch/credentials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "delivery/fake_clock.h"

namespace skep::sdk::cloudwatch {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;

// The metadata services: what they answer by "METHOD URL", and what they were asked.
class FakeServices : public HttpClient {
 public:
  FakeServices(const std::map<std::string, std::string>* answers, std::vector<std::string>* asked)
      : answers_(answers), asked_(asked) {}
  HttpResponse Do(const HttpRequest& request) override {
    std::string line = request.method + " " + request.url;
    HttpResponse response;
    const auto answer = answers_->find(line);
    if (answer != answers_->end()) {
      response.status = 200;
      response.body = answer->second;
    }
    for (const auto& [name, value] : request.headers) line += " " + name + "=" + value;
    asked_->push_back(line);
    return response;
  }

 private:
  const std::map<std::string, std::string>* const answers_;  // the test's
  std::vector<std::string>* const asked_;                    // the test's
};

constexpr char kLent[] =
    R"({"Code":"Success","AccessKeyId":"ASIA","SecretAccessKey":"s","Token":"t","Expiration":"2023-11-14T23:13:20Z"})";
constexpr char kRoles[] = "http://169.254.169.254/latest/meta-data/iam/security-credentials/";

class CredentialsTest : public testing::Test {
 protected:
  CredentialsTest() {
    for (const char* name : kNames) unsetenv(name);
    answers_ = {{"PUT http://169.254.169.254/latest/api/token", "TOKEN"},
                {"GET " + std::string(kRoles), "web\n"},
                {"GET " + std::string(kRoles) + "web", kLent}};
  }
  ~CredentialsTest() override {
    for (const char* name : kNames) unsetenv(name);
  }
  CredentialsChain Chain(bool with_services = true) {
    return CredentialsChain(std::make_unique<FakeServices>(&answers_, &asked_), clock_,
                            with_services);
  }

  static constexpr const char* kNames[] = {
      "AWS_ACCESS_KEY_ID", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
      "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_EC2_METADATA_DISABLED",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN"};
  FakeClock clock_;  // at 2023-11-14T22:13:20Z
  std::map<std::string, std::string> answers_;
  std::vector<std::string> asked_;
};

TEST_F(CredentialsTest, TheVariablesComeFirst) {
  setenv("AWS_ACCESS_KEY_ID", "AKID", 1);
  EXPECT_EQ(Chain().Get().access_key_id, "AKID");
  EXPECT_TRUE(asked_.empty());
}

TEST_F(CredentialsTest, TheMachinesRoleIsKeptUntilItIsAboutToExpire) {
  CredentialsChain chain = Chain();
  EXPECT_EQ(chain.Get().session_token, "t");
  EXPECT_THAT(
      asked_,
      ElementsAre(
          "PUT http://169.254.169.254/latest/api/token X-aws-ec2-metadata-token-ttl-seconds=21600",
          "GET " + std::string(kRoles) + " X-aws-ec2-metadata-token=TOKEN",
          "GET " + std::string(kRoles) + "web X-aws-ec2-metadata-token=TOKEN"));
  clock_.Advance(minutes(54));
  chain.Get();
  EXPECT_EQ(asked_.size(), 3u);
  clock_.Advance(minutes(2));
  answers_.clear();  // the service is away: the old ones do until they expire
  EXPECT_EQ(chain.Get().access_key_id, "ASIA");
  EXPECT_EQ(asked_.size(), 4u);
  chain.Get();
  EXPECT_EQ(asked_.size(), 4u) << "not asked again within a minute";
  clock_.Advance(seconds(61));
  chain.Get();
  EXPECT_EQ(asked_.size(), 5u);
}

TEST_F(CredentialsTest, AContainersEndpoint) {
  setenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/7", 1);
  answers_["GET http://169.254.170.2/v2/credentials/7"] = kLent;
  EXPECT_EQ(Chain().Get().access_key_id, "ASIA");
  unsetenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/get", 1);
  setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "secret", 1);
  answers_["GET http://127.0.0.1:1/get"] = kLent;
  EXPECT_EQ(Chain().Get().access_key_id, "ASIA");
  EXPECT_EQ(asked_.back(), "GET http://127.0.0.1:1/get Authorization=secret");
}

TEST_F(CredentialsTest, NobodyIsAskedWhereThatIsNotWanted) {
  EXPECT_EQ(Chain(false).Get().access_key_id, "");
  setenv("AWS_EC2_METADATA_DISABLED", "true", 1);
  EXPECT_EQ(Chain().Get().access_key_id, "");
  EXPECT_TRUE(asked_.empty());
}

TEST_F(CredentialsTest, AnswersThatAreNone) {
  for (const char* body : {"", "<html>", "[]", "{}", R"({"AccessKeyId":1,"SecretAccessKey":"s"})",
                           R"({"AccessKeyId":"a"})", R"({"Code":"Failed"})"}) {
    EXPECT_FALSE(ReadLentCredentials(body).has_value()) << body;
  }
  const auto lasting = ReadLentCredentials(R"({"AccessKeyId":"a","SecretAccessKey":"s"})");
  ASSERT_TRUE(lasting.has_value());
  EXPECT_EQ(lasting->expires_unix_seconds, INT64_MAX);
  const auto unclear =
      ReadLentCredentials(R"({"AccessKeyId":"a","SecretAccessKey":"s","Expiration":"soon"})");
  ASSERT_TRUE(unclear.has_value());
  EXPECT_EQ(unclear->expires_unix_seconds, 0) << "asked for again each minute";
}

}  // namespace
}  // namespace skep::sdk::cloudwatch
