// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <stdexcept>

#include "http/recorded.h"

namespace skep::sdk::http {
namespace {

using testing::Contains;
using testing::Key;
using testing::Not;
using testing::Pair;
using Texts = std::map<std::string, std::string, std::less<>>;

constexpr const char* kTraceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

class ServerTest : public testing::Test {
 protected:
  RequestView View(std::string_view method, std::string_view target) {
    return {.method = method,
            .target = target,
            .scheme = "http",
            .protocol_version = "1.1",
            .route = {},
            .peer_address = "10.0.0.9",
            .peer_port = 4711,
            .header = [this](std::string_view name) -> std::optional<std::string> {
              const auto found = headers.find(name);
              if (found == headers.end()) return std::nullopt;
              return found->second;
            }};
  }

  ServerMiddleware Middleware(ServerOptions options = {}) {
    return ServerMiddleware(recording.tracer, recording.propagator.get(), &recording.recorder,
                            options);
  }

  const RecordedSpan& OnlySpan() {
    EXPECT_EQ(recording.spans.size(), 1U);
    return recording.spans.at(0);
  }

  rapidjson::Document OnlySegment() {
    EXPECT_EQ(recording.emitter->documents.size(), 1U);
    rapidjson::Document document;
    document.Parse(recording.emitter->documents.at(0).c_str());
    EXPECT_FALSE(document.HasParseError());
    return document;
  }

  Recording recording;
  Texts headers{{"host", "shop.example.com:8080"}};
};

TEST_F(ServerTest, SpanHasWhatTheConventionsSay) {
  headers.emplace("user-agent", "curl/8");
  ServerRequest request = Middleware().Start(View("GET", "/items/5?sig=secret&x=1"));
  request.SetRoute("/items/<id>");
  request.End(200, 17);

  const RecordedSpan& span = OnlySpan();
  EXPECT_EQ(span.name, "GET /items/<id>");
  EXPECT_EQ(span.kind, SpanKind::kServer);
  EXPECT_EQ(span.status, StatusCode::kUnset);
  const std::map<std::string, std::string> expected{
      {"http.request.method", "GET"},    {"url.path", "/items/5"},
      {"url.query", "sig=REDACTED&x=1"}, {"url.scheme", "http"},
      {"http.route", "/items/<id>"},     {"server.address", "shop.example.com"},
      {"server.port", "8080"},           {"client.address", "10.0.0.9"},
      {"client.port", "4711"},           {"network.protocol.version", "1.1"},
      {"user_agent.original", "curl/8"}, {"http.response.status_code", "200"},
      {"http.response.body.size", "17"}};
  EXPECT_EQ(span.attributes, expected);
}

TEST_F(ServerTest, SegmentHasTheHttpBlock) {
  Middleware().Start(View("POST", "/items?x=1")).End(422, 18);
  const rapidjson::Document segment = OnlySegment();
  EXPECT_STREQ(segment["name"].GetString(), "shop.example.com:8080");
  EXPECT_STREQ(segment["http"]["request"]["method"].GetString(), "POST");
  EXPECT_STREQ(segment["http"]["request"]["url"].GetString(), "http://shop.example.com:8080/items");
  EXPECT_STREQ(segment["http"]["request"]["client_ip"].GetString(), "10.0.0.9");
  EXPECT_EQ(segment["http"]["response"]["status"].GetInt(), 422);
  EXPECT_EQ(segment["http"]["response"]["content_length"].GetInt(), 18);
  EXPECT_TRUE(segment["error"].GetBool());
  EXPECT_FALSE(segment.HasMember("fault"));
}

TEST_F(ServerTest, ContinuesTheCallersTraceAndBothAreCurrent) {
  headers.emplace("traceparent", kTraceparent);
  {
    ActiveServerRequest request(Middleware().Start(View("GET", "/")));
    EXPECT_EQ(Span::Current().GetContext().span_id, request->GetSpan().GetContext().span_id);
    EXPECT_EQ(recording.recorder.CurrentEntity().GetId(), request->GetSegment().GetId());
    request->End(200);
  }
  EXPECT_FALSE(Span::Current().GetContext().IsValid());
  EXPECT_FALSE(recording.recorder.CurrentEntity());
  EXPECT_EQ(OnlySpan().context.trace_id.Hex(), "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(OnlySpan().parent_id.Hex(), "b7ad6b7169203331");
}

TEST_F(ServerTest, SegmentIsTheSpansChildUnlessTheCallerSaysOtherwise) {
  ServerRequest request = Middleware().Start(View("GET", "/"));
  EXPECT_EQ(request.GetSegment().GetTraceId(), request.GetSpan().GetContext().trace_id);
  request.End(200);
  EXPECT_EQ(std::string(OnlySegment()["parent_id"].GetString()), OnlySpan().context.span_id.Hex());

  headers.emplace("x-amzn-trace-id",
                  "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1");
  ServerRequest called = Middleware().Start(View("GET", "/"));
  EXPECT_EQ(called.GetSegment().GetTraceId().Xray(), "1-5759e988-bd862e3fe1be46a994272793");
}

TEST_F(ServerTest, WithoutSharedIdsTheyKnowNothingOfEachOther) {
  ServerRequest request = Middleware({.share_ids = false}).Start(View("GET", "/"));
  EXPECT_NE(request.GetSegment().GetTraceId(), request.GetSpan().GetContext().trace_id);
  request.End(200);
  EXPECT_FALSE(OnlySegment().HasMember("parent_id"));
}

TEST_F(ServerTest, ServersFailuresAreErrorsAndClientsAreNot) {
  Middleware().Start(View("GET", "/")).End(503);
  EXPECT_EQ(recording.spans[0].status, StatusCode::kError);
  EXPECT_THAT(recording.spans[0].attributes, Contains(Pair("error.type", "503")));
  Middleware().Start(View("GET", "/")).End(404);
  EXPECT_EQ(recording.spans[1].status, StatusCode::kUnset);
  EXPECT_THAT(recording.spans[1].attributes, Not(Contains(Key("error.type"))));
  EXPECT_THAT(recording.spans[1].attributes, Not(Contains(Key("http.response.body.size"))));
}

TEST_F(ServerTest, ExceptionsAreRecordedOnBoth) {
  ServerRequest request = Middleware().Start(View("GET", "/"));
  request.RecordException(std::make_exception_ptr(std::runtime_error("no row")));
  request.End(500);
  EXPECT_EQ(OnlySpan().status, StatusCode::kError);
  EXPECT_EQ(OnlySpan().description, "std::runtime_error: no row");
  EXPECT_EQ(OnlySpan().events, 1U);
  EXPECT_THAT(OnlySpan().attributes, Contains(Pair("error.type", "std::runtime_error")));
  const rapidjson::Document segment = OnlySegment();
  EXPECT_TRUE(segment["fault"].GetBool());
  EXPECT_STREQ(segment["cause"]["exceptions"][0]["message"].GetString(), "no row");
}

TEST_F(ServerTest, ForwardedClientsAreToldFromThePeer) {
  headers.emplace("x-forwarded-for", "203.0.113.7, 10.0.0.1");
  Middleware().Start(View("GET", "/")).End(200);
  EXPECT_THAT(OnlySpan().attributes, Contains(Pair("client.address", "203.0.113.7")));
  EXPECT_THAT(OnlySpan().attributes, Contains(Pair("network.peer.address", "10.0.0.9")));
  EXPECT_THAT(OnlySpan().attributes, Contains(Pair("network.peer.port", "4711")));
  EXPECT_THAT(OnlySpan().attributes, Not(Contains(Key("client.port"))));
  EXPECT_TRUE(OnlySegment()["http"]["request"]["x_forwarded_for"].GetBool());

  Middleware({.trust_forwarded = false}).Start(View("GET", "/")).End(200);
  EXPECT_THAT(recording.spans[1].attributes, Contains(Pair("client.address", "10.0.0.9")));
}

TEST_F(ServerTest, UnknownMethodsAreOther) {
  Middleware().Start(View("BREW", "/pot")).End(405);
  EXPECT_EQ(OnlySpan().name, "HTTP");
  EXPECT_THAT(OnlySpan().attributes, Contains(Pair("http.request.method", "_OTHER")));
  EXPECT_THAT(OnlySpan().attributes, Contains(Pair("http.request.method_original", "BREW")));
}

TEST_F(ServerTest, AnswersWithTheTracesId) {
  ServerRequest request = Middleware().Start(View("GET", "/"));
  std::map<std::string, std::string> answered;
  request.SetResponseHeaders(
      [&](std::string_view name, std::string_view value) { answered.emplace(name, value); });
  EXPECT_EQ(answered["x-amzn-trace-id"], "Root=" + request.GetSegment().GetTraceId().Xray());
}

TEST_F(ServerTest, GivenUpRequestsEndWithoutAStatus) {
  {
    ServerRequest request = Middleware().Start(View("GET", "/"));
  }
  EXPECT_THAT(OnlySpan().attributes, Not(Contains(Key("http.response.status_code"))));
  EXPECT_FALSE(OnlySegment()["http"].HasMember("response"));
}

TEST_F(ServerTest, MovedRequestsEndOnce) {
  {
    ServerRequest first = Middleware().Start(View("GET", "/"));
    ServerRequest second = std::move(first);
    second.End(200);
    second.End(500);
  }
  EXPECT_THAT(OnlySpan().attributes, Contains(Pair("http.response.status_code", "200")));
}

TEST_F(ServerTest, WorksWithoutRecorderPropagatorAndHeaders) {
  const ServerMiddleware middleware(recording.tracer, nullptr, nullptr);
  RequestView view;
  view.method = "GET";
  view.target = "/";
  ServerRequest request = middleware.Start(view);
  request.SetResponseHeaders([](std::string_view, std::string_view) { FAIL(); });
  request.End(200);
  EXPECT_THAT(OnlySpan().attributes, Not(Contains(Key("server.address"))));
  EXPECT_TRUE(recording.emitter->documents.empty());
}

}  // namespace
}  // namespace skep::sdk::http
