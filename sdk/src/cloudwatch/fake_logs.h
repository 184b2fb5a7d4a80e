// SPDX-License-Identifier: Apache-2.0
// FakeLogs: CloudWatch Logs as an HttpClient, for tests: groups and streams that have to be
// created, AWS's limits checked on each batch, moods. It takes a batch with the
// amz-sdk-invocation-id of one it has taken once, as Skep does. One thread at a time.
#pragma once

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "delivery/fake_clock.h"
#include "delivery/http_client.h"

namespace skep::sdk::cloudwatch {

enum class Mood {
  kFine,
  kUnreachable,
  kUnavailable,
  kThrottles,
  kLosesAnswers,
  kExpired,
  kForgets,  // somebody deletes the stream before each batch
  kStops,    // is no CloudWatch for a while: a proxy's page
};

struct FakeLogs {
  Mood mood = Mood::kFine;
  std::set<std::string> groups;
  std::set<std::string> streams;
  std::vector<std::pair<int64_t, std::string>> events;
  std::set<std::string> invocations;
  std::vector<std::string> calls;  // the operations' names
  std::vector<HttpRequest> requests;
  std::string wants_token;             // not empty: an emulator of before 2023
  std::vector<HttpResponse> scripted;  // answers to give before any of its own

  HttpResponse Answer(const HttpRequest& request) {
    std::string target;
    std::string invocation;
    for (const auto& [name, value] : request.headers) {
      if (name == "x-amz-target") target = value.substr(value.find('.') + 1);
      if (name == "amz-sdk-invocation-id") invocation = value;
    }
    calls.push_back(target);
    requests.push_back(request);
    requests.back().body = {};
    if (!scripted.empty()) {
      HttpResponse response = scripted.front();
      scripted.erase(scripted.begin());
      return response;
    }
    switch (mood) {
      case Mood::kUnreachable:
        return Failure("connection refused");
      case Mood::kUnavailable:
        return Error(503, "ServiceUnavailableException", "");
      case Mood::kThrottles:
        return Error(400, "ThrottlingException", "Rate exceeded");
      case Mood::kExpired:
        return Error(400, "ExpiredTokenException",
                     "The security token included in the request is expired");
      case Mood::kStops:
        return Page(404);
      case Mood::kForgets:
        if (target == "PutLogEvents" && forgotten_ != invocation) streams.clear();
        forgotten_ = invocation;
        break;
      case Mood::kFine:
      case Mood::kLosesAnswers:
        break;
    }
    HttpResponse response = Do(target, invocation, std::string(request.body));
    return mood == Mood::kLosesAnswers ? Failure("reset before the answer") : response;
  }

  static HttpResponse Error(int status, const std::string& code, const std::string& message) {
    HttpResponse response;
    response.status = status;
    response.headers = {{"x-amzn-errortype", code}};
    response.body = R"({"__type":")" + code + R"(","message":")" + message + "\"}";
    return response;
  }
  static HttpResponse Ok(std::string body) {
    HttpResponse response;
    response.status = 200;
    response.body = std::move(body);
    return response;
  }
  static HttpResponse Failure(std::string error) {
    HttpResponse response;
    response.error = std::move(error);
    return response;
  }
  static HttpResponse Page(int status) {
    HttpResponse response = Ok("<html>not here</html>");
    response.status = status;
    return response;
  }

 private:
  HttpResponse Do(const std::string& target, const std::string& invocation,
                  const std::string& body) {
    rapidjson::Document json;
    json.Parse(body.data(), body.size());
    EXPECT_FALSE(json.HasParseError()) << body.substr(0, 200);
    const std::string group = json["logGroupName"].GetString();
    if (target == "CreateLogGroup") {
      if (!groups.insert(group).second) return Error(400, "ResourceAlreadyExistsException", "");
      return Ok("");
    }
    if (target == "PutRetentionPolicy") return Ok("");
    if (!groups.contains(group))
      return Error(400, "ResourceNotFoundException", "The specified log group does not exist.");
    const std::string stream = json["logStreamName"].GetString();
    if (target == "CreateLogStream") {
      if (!streams.insert(stream).second) return Error(400, "ResourceAlreadyExistsException", "");
      return Ok("");
    }
    EXPECT_EQ(target, "PutLogEvents");
    if (!streams.contains(stream))
      return Error(400, "ResourceNotFoundException", "The specified log stream does not exist.");
    if (!wants_token.empty()) {
      const bool right =
          json.HasMember("sequenceToken") && json["sequenceToken"].GetString() == wants_token;
      if (!right) {
        return Error(400, "InvalidSequenceTokenException",
                     "The given sequenceToken is invalid. The next expected sequenceToken is: " +
                         wants_token);
      }
    }
    if (invocations.insert(invocation).second) Take(json["logEvents"]);
    if (!wants_token.empty()) wants_token += "1";
    return Ok(wants_token.empty() ? "{}" : R"({"nextSequenceToken":")" + wants_token + "\"}");
  }

  void Take(const rapidjson::Value& batch) {
    ASSERT_TRUE(batch.IsArray());
    EXPECT_LE(batch.Size(), 10'000u);
    EXPECT_GE(batch.Size(), 1u);
    size_t bytes = 0;
    int64_t last = INT64_MIN;
    for (const auto& event : batch.GetArray()) {
      const int64_t time = event["timestamp"].GetInt64();
      const std::string message(event["message"].GetString(), event["message"].GetStringLength());
      EXPECT_GE(time, last) << "out of order";
      EXPECT_FALSE(message.empty());
      last = time;
      bytes += message.size() + 26;
      events.emplace_back(time, message);
    }
    EXPECT_LE(bytes, 1'048'576u);
    EXPECT_LE(last - batch[0]["timestamp"].GetInt64(), 24 * 3600 * 1000);
  }

  std::string forgotten_;
};

class FakeLogsClient : public HttpClient {
 public:
  FakeLogsClient(FakeLogs* logs, FakeClock* clock) : logs_(logs), clock_(clock) {}
  HttpResponse Do(const HttpRequest& request) override {
    clock_->Advance(std::chrono::milliseconds(5));
    return logs_->Answer(request);
  }

 private:
  FakeLogs* const logs_;    // the test's
  FakeClock* const clock_;  // the test's
};

}  // namespace skep::sdk::cloudwatch
