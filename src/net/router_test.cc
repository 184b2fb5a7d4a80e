// SPDX-License-Identifier: Apache-2.0
#include "net/router.h"

#include <gtest/gtest.h>

namespace skep::net {
namespace {

class RouterTest : public testing::Test {
 protected:
  Route Named(std::string method, std::string path, std::string name) {
    Route route;
    route.method = std::move(method);
    route.path = std::move(path);
    route.handler = [name = std::move(name)](const Request&, Responder responder) {
      responder.Send(Response::Text(200, name));
    };
    return route;
  }

  // What the route of this request answers: a name, or the status of a refusal.
  std::string Ask(const std::string& method, const std::string& path, Headers headers = {},
                  bool grpc = false) {
    Request request;
    request.method = method;
    request.path = path;
    request.headers = std::move(headers);
    request.grpc = grpc;
    const Route* const route = router_.Match(request);
    EXPECT_NE(route, nullptr);
    std::string answer;
    route->handler(std::move(request), Responder([&](const Response& response) {
                     if (response.grpc_status != 0) {
                       answer = "grpc " + std::to_string(response.grpc_status);
                     } else {
                       answer =
                           response.status == 200 ? response.body : std::to_string(response.status);
                     }
                   }));
    return answer;
  }

  Router router_;
};

TEST_F(RouterTest, MatchesInTheOrderOfItsHeader) {
  router_.AddTarget(Named("POST", "Logs_20140328.", "target"));
  router_.Add(Named("POST", "/", "root"));
  router_.Add(Named("POST", "/1/batch/*", "batch"));
  router_.Add(Named("POST", "/1/*", "one"));
  router_.Add(Named("POST", "/1/batch/x", "exact"));
  EXPECT_EQ(Ask("POST", "/", {{"x-amz-target", "Logs_20140328.PutLogEvents"}}), "target");
  EXPECT_EQ(Ask("POST", "/1/batch/x", {{"x-amz-target", "Logs_20140328.PutLogEvents"}}), "target");
  EXPECT_EQ(Ask("POST", "/", {{"x-amz-target", "Other.Thing"}}), "root");
  EXPECT_EQ(Ask("POST", "/1/batch/x"), "exact");
  EXPECT_EQ(Ask("POST", "/1/batch/x/y"), "batch");
  EXPECT_EQ(Ask("POST", "/1/batch/"), "batch");
  EXPECT_EQ(Ask("POST", "/1/batch"), "one");
}

TEST_F(RouterTest, OtherMethodsAre405) {
  router_.Add(Named("POST", "/a", "post"));
  router_.Add(Named("PUT", "/b/*", "put"));
  EXPECT_EQ(Ask("GET", "/a"), "405");
  EXPECT_EQ(Ask("GET", "/b/c"), "405");
  EXPECT_EQ(Ask("post", "/a"), "405");
  EXPECT_EQ(Ask("GET", "/c"), "404");
  EXPECT_EQ(Ask("GET", "/a/"), "404");
}

TEST_F(RouterTest, AnotherMethodOfAPathMayHaveItsPrefix) {
  router_.Add(Named("POST", "/a/b", "post"));
  router_.Add(Named("GET", "/a/*", "get"));
  EXPECT_EQ(Ask("GET", "/a/b"), "get");
  EXPECT_EQ(Ask("PUT", "/a/b"), "405");
}

TEST_F(RouterTest, AnyMethod) {
  router_.Add(Named("", "/a", "any"));
  EXPECT_EQ(Ask("BREW", "/a"), "any");
}

TEST_F(RouterTest, HeadIsAnsweredByGet) {
  router_.Add(Named("GET", "/a", "get"));
  router_.Add(Named("GET", "/b", "get"));
  router_.Add(Named("HEAD", "/b", "head"));
  router_.Add(Named("POST", "/c", "post"));
  EXPECT_EQ(Ask("HEAD", "/a"), "get");
  EXPECT_EQ(Ask("HEAD", "/b"), "head");
  EXPECT_EQ(Ask("HEAD", "/c"), "405");
}

TEST_F(RouterTest, TheFallbackTakesTheRest) {
  router_.SetFallback(Named("", "", "fallback"));
  router_.Add(Named("POST", "/a", "post"));
  EXPECT_EQ(Ask("GET", "/b"), "fallback");
  EXPECT_EQ(Ask("GET", "/a"), "405");
}

TEST_F(RouterTest, UnknownGrpcMethodsAreUnimplemented) {
  router_.SetFallback(Named("", "", "fallback"));
  router_.Add(Named("POST", "/p.S/Known", "known"));
  EXPECT_EQ(Ask("POST", "/p.S/Known", {}, true), "known");
  EXPECT_EQ(Ask("POST", "/p.S/Other", {}, true), "grpc 12");
  EXPECT_EQ(Ask("POST", "/p.S/Other", {}, false), "fallback");
}

TEST_F(RouterTest, EscapesAreKept) {
  router_.Add(Named("POST", "/1/events/*", "events"));
  EXPECT_EQ(Ask("POST", "/1/events/a%2Fb"), "events");
  EXPECT_EQ(Ask("POST", "/1%2Fevents/a"), "404");
}

}  // namespace
}  // namespace skep::net
