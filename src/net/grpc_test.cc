// SPDX-License-Identifier: Apache-2.0
// Unary gRPC through the whole server, and its pure parts.
#include "net/grpc.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <limits>
#include <mutex>
#include <thread>

#include "base/clock.h"
#include "net/test_http2_client.h"
#include "wire/compress.h"

namespace skep::net {
namespace {

std::string Deflate(std::string_view text) {
  uLongf size = compressBound(text.size());
  std::string out(size, '\0');
  EXPECT_EQ(compress(reinterpret_cast<Bytef*>(out.data()), &size,
                     reinterpret_cast<const Bytef*>(text.data()), text.size()),
            Z_OK);
  out.resize(size);
  return out;
}

class Grpc : public testing::Test {
 protected:
  void SetUp() override {
    Route echo = TestRoute("POST", "/test.Echo/Echo", [](Request request, Responder responder) {
      EXPECT_TRUE(request.grpc);
      Response response;
      response.body = request.body.view();
      responder.Send(std::move(response));
    });
    echo.body_bytes_max = 100'000;
    server_.router.Add(std::move(echo));
    server_.router.Add(
        TestRoute("POST", "/test.Echo/Fail", [](const Request&, Responder responder) {
          Response response;
          response.grpc_status = 3;
          response.grpc_message = " 100% w\xc3\xa9rong\n ";
          response.grpc_details = std::string("\x08\x03\0", 3);
          responder.Send(std::move(response));
        }));
    server_.router.Add(
        TestRoute("POST", "/test.Echo/Http", [](const Request&, Responder responder) {
          responder.Send(Response::Text(503, "elsewhere"));
        }));
    server_.router.Add(
        TestRoute("POST", "/test.Echo/Held", [this](Request request, Responder responder) {
          std::lock_guard lock(mutex_);
          held_.emplace_back(std::move(request), std::move(responder));
          changed_.notify_all();
        }));
    server_.Start();
    client_ = std::make_unique<Http2TestClient>(server_.port);
  }

  std::pair<Request, Responder> TakeHeld() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !held_.empty(); });
    auto held = std::move(held_.front());
    held_.erase(held_.begin());
    return held;
  }

  const Http2Answer& Call(std::string_view method, std::string frames, const Headers& more = {}) {
    Headers headers = {{"content-type", "application/grpc"}, {"te", "trailers"}};
    headers.insert(headers.end(), more.begin(), more.end());
    return client_->Ask("POST", "/test.Echo/" + std::string(method), headers, std::move(frames));
  }

  // The status of a call that ends without a message.
  std::string StatusOf(std::string_view method, std::string frames, const Headers& more = {}) {
    const Http2Answer& answer = Call(method, std::move(frames), more);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.headers.at("content-type"), "application/grpc");
    EXPECT_EQ(answer.body, "");
    EXPECT_TRUE(answer.trailers.empty());  // "trailers only": one header block says all
    EXPECT_FALSE(answer.reset);
    return answer.headers.count("grpc-status") != 0 ? answer.headers.at("grpc-status") : "none";
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::pair<Request, Responder>> held_;
  TestServer server_;
  std::unique_ptr<Http2TestClient> client_;
};

TEST_F(Grpc, Unary) {
  for (const size_t size : {0, 1, 5, 70'000, 100'000}) {
    const std::string message(size, 'm');
    const Http2Answer& answer = Call("Echo", GrpcMessage(message));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.headers.at("content-type"), "application/grpc");
    EXPECT_EQ(answer.headers.count("grpc-status"), 0u);
    EXPECT_TRUE(answer.body == GrpcMessage(message));
    EXPECT_EQ(answer.trailers.at("grpc-status"), "0");
    EXPECT_FALSE(answer.reset);
  }
}

TEST_F(Grpc, CompressedMessages) {
  const std::string message(50'000, 'c');
  const auto body = [&](std::string_view coding, std::string_view bytes) {
    return Call("Echo", GrpcMessage(bytes, true), {{"grpc-encoding", std::string(coding)}}).body;
  };
  EXPECT_TRUE(body("gzip", CompressGzip(message)) == GrpcMessage(message));
  EXPECT_TRUE(body("deflate", Deflate(message)) == GrpcMessage(message));
  // A coding that is named but not used for this message.
  EXPECT_TRUE(Call("Echo", GrpcMessage(message), {{"grpc-encoding", "gzip"}}).body ==
              GrpcMessage(message));
}

TEST_F(Grpc, BadCompression) {
  EXPECT_EQ(StatusOf("Echo", GrpcMessage("x", true), {{"grpc-encoding", "snappy"}}), "12");
  const Http2Answer& unknown = Call("Echo", GrpcMessage("x", true), {{"grpc-encoding", "br"}});
  EXPECT_EQ(unknown.headers.at("grpc-accept-encoding"), "identity,deflate,gzip");
  EXPECT_EQ(StatusOf("Echo", GrpcMessage("x", true)), "13");
  EXPECT_EQ(StatusOf("Echo", GrpcMessage("x", true), {{"grpc-encoding", "identity"}}), "13");
  EXPECT_EQ(StatusOf("Echo", GrpcMessage("no gzip", true), {{"grpc-encoding", "gzip"}}), "3");
  const std::string bomb = CompressGzip(std::string(50'000'000, '\0'));
  EXPECT_EQ(StatusOf("Echo", GrpcMessage(bomb, true), {{"grpc-encoding", "gzip"}}), "8");
}

TEST_F(Grpc, MessagesHaveALimit) {
  EXPECT_EQ(StatusOf("Echo", GrpcMessage(std::string(100'001, 'x'))), "8");
  std::string lie = GrpcMessage("short");
  lie[1] = '\x7f';  // 2 GB, it says
  EXPECT_EQ(StatusOf("Echo", lie), "8");
}

TEST_F(Grpc, BrokenMessages) {
  const std::string whole = GrpcMessage("hello");
  EXPECT_EQ(StatusOf("Echo", ""), "12");
  EXPECT_EQ(StatusOf("Echo", whole + whole), "12");
  EXPECT_EQ(StatusOf("Echo", whole.substr(0, 4)), "13");
  EXPECT_EQ(StatusOf("Echo", whole.substr(0, 9)), "13");
  std::string odd = whole;
  odd[0] = 2;
  EXPECT_EQ(StatusOf("Echo", odd), "13");
}

TEST_F(Grpc, Errors) {
  EXPECT_EQ(StatusOf("Fail", GrpcMessage("x")), "3");
  const Http2Answer& answer = Call("Fail", GrpcMessage("x"));
  EXPECT_EQ(answer.headers.at("grpc-message"), "%20100%25 w%C3%A9rong%0A%20");
  EXPECT_EQ(answer.headers.at("grpc-status-details-bin"), "CAMA");
  EXPECT_EQ(StatusOf("Http", GrpcMessage("x")), "14");
}

TEST_F(Grpc, UnknownMethods) {
  EXPECT_EQ(StatusOf("Nothing", GrpcMessage("x")), "12");
  EXPECT_EQ(StatusOf("Nothing", GrpcMessage(std::string(3'000'000, 'x'))), "12");
  EXPECT_EQ(Call("Nothing", GrpcMessage("x")).headers.at("grpc-message"), "unknown method");
}

TEST_F(Grpc, TheDeadlineOfTheClient) {
  const auto held = [this] {
    std::lock_guard lock(mutex_);
    return !held_.empty();
  };
  // Until one came as far as the handler within its time.
  for (int tries = 0; !held() && tries < 500; ++tries)
    EXPECT_EQ(StatusOf("Held", GrpcMessage("x"), {{"grpc-timeout", "50m"}}), "4");
  ASSERT_TRUE(held());
  auto [request, responder] = TakeHeld();
  EXPECT_TRUE(request.cancel.cancelled());
  responder.Send({});
  EXPECT_EQ(Call("Echo", GrpcMessage("x"), {{"grpc-timeout", "99999999H"}}).trailers.size(), 1u);
}

TEST_F(Grpc, ManyCallsAtOnce) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([this] {
      Http2TestClient client(server_.port);
      const std::string message = GrpcMessage(std::string(30'000, 't'));
      std::vector<int32_t> streams;
      for (int i = 0; i < 100; ++i)
        streams.push_back(client.Begin("POST", "/test.Echo/Echo",
                                       {{"content-type", "application/grpc+proto"}}, message));
      for (const int32_t stream : streams) {
        EXPECT_TRUE(client.Wait(stream).body == message);
        EXPECT_EQ(client.answer(stream).trailers.at("grpc-status"), "0");
      }
    });
  for (std::thread& thread : threads) thread.join();
}

TEST(GrpcParts, ContentTypes) {
  EXPECT_TRUE(IsGrpcContentType("application/grpc"));
  EXPECT_TRUE(IsGrpcContentType("application/grpc+proto"));
  EXPECT_TRUE(IsGrpcContentType("application/grpc;charset=x"));
  EXPECT_FALSE(IsGrpcContentType("application/grpc-web"));
  EXPECT_FALSE(IsGrpcContentType("application/json"));
  EXPECT_FALSE(IsGrpcContentType(""));
}

TEST(GrpcParts, Timeouts) {
  EXPECT_EQ(ParseGrpcTimeoutNs("10S"), 10 * kNsPerS);
  EXPECT_EQ(ParseGrpcTimeoutNs("99999999m"), 99'999'999 * kNsPerMs);
  EXPECT_EQ(ParseGrpcTimeoutNs("2H"), 7200 * kNsPerS);
  EXPECT_EQ(ParseGrpcTimeoutNs("3M"), 180 * kNsPerS);
  EXPECT_EQ(ParseGrpcTimeoutNs("4u"), 4000);
  EXPECT_EQ(ParseGrpcTimeoutNs("0n"), 0);
  const auto longest = ParseGrpcTimeoutNs("99999999H");
  ASSERT_TRUE(longest);
  EXPECT_LT(*longest, std::numeric_limits<int64_t>::max() / 2);
  for (const std::string_view bad : {"", "S", "10", "10s", "-1S", "1.5S", "123456789S", " 1S"})
    EXPECT_FALSE(ParseGrpcTimeoutNs(bad)) << bad;
}

}  // namespace
}  // namespace skep::net
