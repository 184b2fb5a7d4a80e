// SPDX-License-Identifier: Apache-2.0
#include "cloudwatch/credentials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <map>
#include <thread>

#include "delivery/fake_clock.h"
#include "delivery/test_server.h"
#include "skep/sdk/diagnostics.h"
#include "skep/sdk/logger.h"

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
    setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere", 1);
    setenv("AWS_CONFIG_FILE", "/nowhere", 1);
    answers_ = {{"PUT http://169.254.169.254/latest/api/token", "TOKEN"},
                {"GET " + std::string(kRoles), "web\n"},
                {"GET " + std::string(kRoles) + "web", kLent}};
  }
  ~CredentialsTest() override {
    for (const char* name : kNames) unsetenv(name);
    SetDiagnosticHandler({});
  }
  CredentialsChain Chain(bool needed = true) {
    return CredentialsChain(std::make_unique<FakeServices>(&answers_, &asked_), clock_, needed);
  }

  static constexpr const char* kNames[] = {"AWS_ACCESS_KEY_ID",
                                           "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
                                           "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                                           "AWS_CONTAINER_AUTHORIZATION_TOKEN",
                                           "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
                                           "AWS_EC2_METADATA_DISABLED",
                                           "AWS_EC2_METADATA_SERVICE_ENDPOINT",
                                           "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
                                           "AWS_ENDPOINT_URL_LOGS",
                                           "AWS_PROFILE",
                                           "AWS_SHARED_CREDENTIALS_FILE",
                                           "AWS_CONFIG_FILE",
                                           "LOG_GROUP"};
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

// A machine that comes up with a wrong calendar and then is told the right one.
TEST_F(CredentialsTest, AStepOfTheClockDoesNotKeepItFromAskingAgain) {
  CredentialsChain chain = Chain();
  const auto answers = std::exchange(answers_, {});
  EXPECT_EQ(chain.Get().access_key_id, "");
  answers_ = answers;
  clock_.StepUnix(-std::chrono::hours(24));
  clock_.Advance(seconds(61));
  EXPECT_EQ(chain.Get().access_key_id, "ASIA");
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

TEST_F(CredentialsTest, AContainersEndpointIsNearOrHttps) {
  for (const char* url : {"https://a.example/x", "http://localhost:80/", "http://127.0.0.2",
                          "http://[::1]:1/a", "http://169.254.170.23/v1", "http://[fd00:ec2::23]/"})
    EXPECT_TRUE(MayAskContainer(url)) << url;
  for (const char* url : {"http://a.example/", "http://localhost.example/", "http://127.a.example/",
                          "http://localhost@a.example/", "http://169.254.169.254/", "file:///a", "",
                          "http://", "http://["})
    EXPECT_FALSE(MayAskContainer(url)) << url;
  setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://a.example/get", 1);
  EXPECT_EQ(Chain().Get().access_key_id, "");
  EXPECT_TRUE(asked_.empty());
}

TEST_F(CredentialsTest, NobodyIsAskedWhereThatIsNotWanted) {
  EXPECT_EQ(Chain(false).Get().access_key_id, "");
  setenv("AWS_EC2_METADATA_DISABLED", "True", 1);
  EXPECT_EQ(Chain().Get().access_key_id, "");
  EXPECT_TRUE(asked_.empty());
}

TEST_F(CredentialsTest, WhichEndpointsAreAwssOwn) {
  for (const char* url :
       {"", "https://logs.eu-west-1.amazonaws.com", "https://logs.cn-north-1.amazonaws.com.cn/",
        "https://vpce-1.logs.us-east-1.vpce.amazonaws.com:443", "https://logs.us-east-1.api.aws"})
    EXPECT_TRUE(IsAws(url)) << url;
  for (const char* url : {"http://127.0.0.1:8080", "https://skep.example/amazonaws.com",
                          "http://amazonaws.com.example", "http://"})
    EXPECT_FALSE(IsAws(url)) << url;
}

TEST_F(CredentialsTest, AProfileComesBetweenVariablesAndServicesAndIsReadEachTime) {
  const std::string path =
      std::filesystem::temp_directory_path() / ("credentials_test." + std::to_string(getpid()));
  setenv("AWS_SHARED_CREDENTIALS_FILE", path.c_str(), 1);
  setenv("AWS_PROFILE", "work", 1);
  std::ofstream(path)
      << "[work]\naws_access_key_id=A1\naws_secret_access_key=s\naws_session_token=t\n";
  CredentialsChain chain = Chain();
  EXPECT_EQ(chain.Get().access_key_id, "A1");
  EXPECT_EQ(chain.Get().session_token, "t");
  std::ofstream(path) << "[work]\naws_access_key_id=A2\naws_secret_access_key=s\n";
  EXPECT_EQ(chain.Get().access_key_id, "A2") << "somebody renewed it";
  EXPECT_TRUE(asked_.empty());
  std::ofstream(path) << "[work]\naws_access_key_id=A2\n";
  EXPECT_EQ(chain.Get().access_key_id, "ASIA") << "half a pair is none";
  std::filesystem::remove(path);
}

TEST_F(CredentialsTest, WhatWasLookedForIsSaidWhenNothingIsFound) {
  std::vector<std::string> said;
  SetDiagnosticHandler(
      [&said](DiagnosticLevel, std::string_view line) { said.emplace_back(line); });
  answers_.clear();
  setenv("AWS_PROFILE", "work", 1);
  CredentialsChain chain = Chain();
  EXPECT_EQ(chain.Get().access_key_id, "");
  chain.Get();
  ASSERT_EQ(said.size(), 1u) << "not twice in a minute";
  EXPECT_THAT(said[0], testing::HasSubstr("nor keys in profile work, nor from a service: "
                                          "http://169.254.169.254/latest/api/token"));
  said.clear();
  Chain(false).Get();
  EXPECT_TRUE(said.empty()) << "others than AWS take any keys";
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

// The metadata service of a machine whose role is `web`.
std::string Machine(const std::string& request) {
  const std::string line = request.substr(0, request.find(" HTTP/"));
  const bool has_token = request.find("X-aws-ec2-metadata-token: TOKEN\r\n") != std::string::npos;
  if (line == "PUT /latest/api/token") return TestServer::Answer("200 OK", "", "TOKEN");
  if (!has_token) return TestServer::Answer("401 Unauthorized", "", "");
  if (line == "GET /latest/meta-data/iam/security-credentials/")
    return TestServer::Answer("200 OK", "", "web");
  if (line == "GET /latest/meta-data/iam/security-credentials/web") {
    return TestServer::Answer(
        "200 OK", "",
        R"({"AccessKeyId":"ASIA7","SecretAccessKey":"s","Token":"t7","Expiration":"2999-01-01T00:00:00Z"})");
  }
  return TestServer::Answer("404 Not Found", "", "");
}

TEST_F(CredentialsTest, ARequestIsSignedWithWhatTheMachineLends) {
  TestServer machine(Machine);
  TestServer logs([](const std::string&) { return TestServer::Answer("200 OK", "", "{}"); });
  setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", (machine.Url() + "/").c_str(), 1);
  setenv("AWS_ENDPOINT_URL_LOGS", logs.Url().c_str(), 1);
  setenv("LOG_GROUP", "g", 1);
  LogExporter exporter(LogExporterOptions::FromEnvironment());
  LogRecord record;
  record.body = "a line";
  exporter.OnEmit(record);
  EXPECT_TRUE(exporter.ForceFlush(seconds(60)));
  ASSERT_EQ(logs.Requests().size(), 1u);
  EXPECT_THAT(logs.Requests()[0], testing::HasSubstr("Credential=ASIA7/"));
  EXPECT_THAT(logs.Requests()[0], testing::HasSubstr("x-amz-security-token: t7\r\n"));
  EXPECT_EQ(machine.Requests().size(), 3u);
}

// A service that never answers, until the program ends.
class SilentServices : public HttpClient {
 public:
  explicit SilentServices(std::promise<void>* asked) : asked_(asked) {}
  HttpResponse Do(const HttpRequest&) override {
    asked_->set_value();
    cancelled_.get_future().wait();
    return {};
  }
  void Cancel() override { cancelled_.set_value(); }

 private:
  std::promise<void>* const asked_;  // the test's
  std::promise<void> cancelled_;
};

TEST_F(CredentialsTest, NobodyWaitsForAServiceAtTheEnd) {
  std::promise<void> asked;
  CredentialsChain chain(std::make_unique<SilentServices>(&asked), clock_, true);
  std::thread sending([&chain] { EXPECT_EQ(chain.Get().access_key_id, ""); });
  asked.get_future().wait();
  chain.Cancel();
  sending.join();
}

}  // namespace
}  // namespace skep::sdk::cloudwatch
