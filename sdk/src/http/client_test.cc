// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/http/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "delivery/http_client.h"
#include "http/recorded.h"

namespace skep::sdk::http {
namespace {

using testing::Contains;
using testing::Key;
using testing::Not;
using testing::Pair;

class FakeHttp : public HttpClient {
 public:
  explicit FakeHttp(HttpRequest& seen, const HttpResponse& answer) : seen_(seen), answer_(answer) {}
  HttpResponse Do(const HttpRequest& request) override {
    seen_ = request;
    return answer_;
  }

 private:
  HttpRequest& seen_;
  const HttpResponse& answer_;
};

class ClientTest : public testing::Test {
 protected:
  ClientTest() {
    answer.status = 200;
    answer.body = "hello";
  }

  std::string Sent(std::string_view name) {
    for (const auto& [key, value] : seen.headers) {
      if (key == name) return value;
    }
    return {};
  }

  Recording recording;
  HttpRequest seen;
  HttpResponse answer;
  Client client{recording.tracer, recording.propagator.get(), &recording.recorder,
                std::make_unique<FakeHttp>(seen, answer)};
};

TEST_F(ClientTest, SpanAndHeadersContinueTheTrace) {
  Span parent = recording.tracer.StartSpan("work");
  const Scope scope(parent);
  ClientRequest request;
  request.url = "http://user:secret@api.example.com/x?sig=1";
  request.headers = {{"Traceparent", "an old one"}, {"Accept", "text/plain"}};
  const ClientResponse response = client.Do(request);

  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "hello");
  ASSERT_EQ(recording.spans.size(), 1U);
  const RecordedSpan& span = recording.spans[0];
  EXPECT_EQ(span.name, "GET");
  EXPECT_EQ(span.kind, SpanKind::kClient);
  EXPECT_EQ(span.parent_id, parent.GetContext().span_id);
  const std::map<std::string, std::string> expected{
      {"http.request.method", "GET"},
      {"url.full", "http://REDACTED:REDACTED@api.example.com/x?sig=REDACTED"},
      {"server.address", "api.example.com"},
      {"server.port", "80"},
      {"http.response.status_code", "200"},
      {"http.response.body.size", "5"}};
  EXPECT_EQ(span.attributes, expected);
  EXPECT_THAT(Sent("traceparent"), testing::StartsWith("00-" + span.context.trace_id.Hex() + "-" +
                                                       span.context.span_id.Hex() + "-"));
  EXPECT_EQ(Sent("Traceparent"), "");
  EXPECT_EQ(Sent("Accept"), "text/plain");
  EXPECT_EQ(seen.url, request.url);
  EXPECT_EQ(Sent("x-amzn-trace-id"), "");  // no segment is current
}

TEST_F(ClientTest, SubsegmentIsRemoteAndNamesTheOtherSide) {
  {
    const auto segment = recording.recorder.InSegment("backend");
    ClientRequest request;
    request.url = "https://api.example.com:8443/x?y=1";
    answer.status = 404;
    answer.headers = {{"content-length", "99"}};
    client.Do(request);
  }
  ASSERT_EQ(recording.emitter->documents.size(), 1U);
  rapidjson::Document segment;
  segment.Parse(recording.emitter->documents[0].c_str());
  const auto& part = segment["subsegments"][0];
  EXPECT_STREQ(part["name"].GetString(), "api.example.com");
  EXPECT_STREQ(part["namespace"].GetString(), "remote");
  EXPECT_STREQ(part["http"]["request"]["url"].GetString(), "https://api.example.com:8443/x");
  EXPECT_EQ(part["http"]["response"]["status"].GetInt(), 404);
  EXPECT_EQ(part["http"]["response"]["content_length"].GetInt(), 99);
  EXPECT_TRUE(part["error"].GetBool());
  const std::string sent = Sent("x-amzn-trace-id");
  EXPECT_THAT(sent, testing::HasSubstr(std::string("Parent=") + part["id"].GetString()));
  EXPECT_THAT(sent, testing::HasSubstr(std::string("Root=") + segment["trace_id"].GetString()));
}

TEST_F(ClientTest, StatusesOfErrorsAreTheSpansErrors) {
  answer.status = 404;
  client.Do({});
  EXPECT_EQ(recording.spans[0].status, StatusCode::kError);
  EXPECT_THAT(recording.spans[0].attributes, Contains(Pair("error.type", "404")));
}

TEST_F(ClientTest, NoAnswerIsAFault) {
  answer = {};
  answer.error = "could not connect";
  ClientResponse response;
  {
    const auto segment = recording.recorder.InSegment("backend");
    ClientRequest request;
    request.url = "http://down.example.com/";
    response = client.Do(request);
  }
  EXPECT_EQ(response.status, 0);
  EXPECT_EQ(response.error, "could not connect");
  EXPECT_EQ(recording.spans[0].status, StatusCode::kError);
  EXPECT_EQ(recording.spans[0].description, "could not connect");
  EXPECT_THAT(recording.spans[0].attributes, Contains(Key("error.type")));
  EXPECT_THAT(recording.spans[0].attributes, Not(Contains(Key("http.response.status_code"))));
  EXPECT_THAT(recording.emitter->documents.at(0), testing::HasSubstr("\"fault\":true"));
}

TEST_F(ClientTest, UrlsThatAreNoneAreSentAsTheyAre) {
  ClientRequest request;
  request.url = "nonsense";
  client.Do(request);
  EXPECT_THAT(recording.spans[0].attributes, Contains(Pair("url.full", "nonsense")));
  EXPECT_THAT(recording.spans[0].attributes, Not(Contains(Key("server.address"))));
}

}  // namespace
}  // namespace skep::sdk::http
