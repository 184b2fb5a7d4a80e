// SPDX-License-Identifier: Apache-2.0
// Against whichever page was built in: both have an index.html.
#include "ui/static_files.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "wire/compress.h"

namespace skep::ui {
namespace {

net::Request Get(std::string path, net::Headers headers = {}) {
  net::Request request;
  request.method = "GET";
  request.target = request.path = std::move(path);
  request.headers = std::move(headers);
  return request;
}

std::string HeaderOf(const net::Response& response, std::string_view name) {
  const auto found = std::find_if(response.headers.begin(), response.headers.end(),
                                  [&](const auto& header) { return header.first == name; });
  return found == response.headers.end() ? "" : found->second;
}

TEST(StaticFiles, PathsOfThePageGetTheIndex) {
  const StaticFiles files;
  const net::Response index = files.Answer(Get("/index.html"));
  ASSERT_EQ(index.status, 200);
  EXPECT_NE(index.shared_body->find("<html"), std::string::npos);
  EXPECT_EQ(HeaderOf(index, "content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(HeaderOf(index, "cache-control"), "no-cache");
  for (const char* path : {"/", "/requests", "/trace/0af7651916cd43dd8448eb211c80319c"})
    EXPECT_EQ(files.Answer(Get(path)).shared_body, index.shared_body) << path;
}

TEST(StaticFiles, OthersAreNotFound) {
  const StaticFiles files;
  EXPECT_EQ(files.Answer(Get("/assets/nothing.js")).status, 404);
  EXPECT_EQ(files.Answer(Get("/../etc/passwd.txt")).status, 404);
  const net::Response api = files.Answer(Get("/api/ui/nothing"));
  EXPECT_EQ(api.status, 404);
  EXPECT_EQ(HeaderOf(api, "content-type"), "application/json");
  net::Request post = Get("/");
  post.method = "POST";
  EXPECT_EQ(files.Answer(post).status, 404);
}

TEST(StaticFiles, AKnownVersionIsNotSentAgain) {
  const StaticFiles files;
  const std::string etag = HeaderOf(files.Answer(Get("/")), "etag");
  ASSERT_FALSE(etag.empty());
  const net::Response again = files.Answer(Get("/", {{"if-none-match", etag}}));
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.shared_body, nullptr);
  EXPECT_EQ(files.Answer(Get("/", {{"if-none-match", "\"other\""}})).status, 200);
}

TEST(StaticFiles, TheCodingIsOneThatTheBrowserTakes) {
  const StaticFiles files;
  const auto coding = [&](const char* accepts) {
    return HeaderOf(files.Answer(Get("/", {{"accept-encoding", accepts}})), "content-encoding");
  };
  EXPECT_EQ(coding("gzip, deflate, br, zstd"), "br");
  EXPECT_EQ(coding("gzip;q=0.5, br;q=0"), "gzip");
  EXPECT_EQ(coding("identity"), "");
  EXPECT_EQ(coding("x-gzip"), "");
  EXPECT_EQ(coding(""), "");
}

TEST(StaticFiles, TheGzipFormExpandsToTheFile) {
  const StaticFiles files;
  const net::Response plain = files.Answer(Get("/"));
  const net::Response packed = files.Answer(Get("/", {{"accept-encoding", "gzip"}}));
  const auto expanded = Decompress(Compression::kGzip, *packed.shared_body, 1u << 20);
  ASSERT_TRUE(expanded);
  EXPECT_EQ(expanded->view(), *plain.shared_body);
}

}  // namespace
}  // namespace skep::ui
