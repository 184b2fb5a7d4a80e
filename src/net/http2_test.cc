// SPDX-License-Identifier: Apache-2.0
// HTTP/2 through the whole server, over real sockets: what clients say, and what they should not.
#include <gtest/gtest.h>

#include <mutex>
#include <random>
#include <thread>

#include "net/test_http2_client.h"
#include "wire/compress.h"

namespace skep::net {
namespace {

void Echo(Request request, Responder responder) {
  responder.Send(Response::Text(200, std::string(request.body.view())));
}

class Http2 : public testing::Test {
 protected:
  void StartServer(ServerOptions options = {}) {
    server_ = std::make_unique<TestServer>(options);
    Route echo = TestRoute("POST", "/echo", Echo);
    echo.lane = Lane::kIngest;
    echo.body_bytes_max = 20'000'000;
    server_->router.Add(std::move(echo));
    Route small = TestRoute("POST", "/small", Echo);
    small.body_bytes_max = 1000;
    server_->router.Add(std::move(small));
    server_->router.Add(TestRoute("GET", "/hello", [](const Request& request, Responder responder) {
      Response response = Response::Text(200, request.QueryParameter("name"));
      response.headers.emplace_back("X-Host", request.Header("host"));
      response.headers.emplace_back("x-spoilt", " a\r\nb\x01 ");
      response.headers.emplace_back("Connection", "close");
      responder.Send(std::move(response));
    }));
    server_->router.Add(TestRoute("GET", "/large", [](const Request&, Responder responder) {
      responder.Send(Response::Text(200, std::string(5'000'000, 'l')));
    }));
    server_->router.Add(TestRoute("", "/held", [this](Request request, Responder responder) {
      std::lock_guard lock(mutex_);
      held_.emplace_back(std::move(request), std::move(responder));
      changed_.notify_all();
    }));
    server_->Start();
  }

  std::pair<Request, Responder> TakeHeld() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !held_.empty(); });
    auto held = std::move(held_.front());
    held_.erase(held_.begin());
    return held;
  }

  // All that the server says to the preface, empty settings and `frames` until it closes.
  std::string Hear(std::string_view frames) {
    TestClient client(server_->port);
    client.Send(std::string(kHttp2Preface) + Http2Frame(NGHTTP2_SETTINGS, 0, 0, ""));
    client.Send(frames);
    return client.ReadToEnd();
  }

  void ExpectServes() {
    Http2TestClient client(server_->port);
    EXPECT_EQ(client.Ask("POST", "/echo", {}, "alive").body, "alive");
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::pair<Request, Responder>> held_;
  std::unique_ptr<TestServer> server_;
};

constexpr int kEnd = NGHTTP2_FLAG_END_STREAM;
constexpr int kWhole = NGHTTP2_FLAG_END_HEADERS | NGHTTP2_FLAG_END_STREAM;

TEST_F(Http2, OneConnectionManyRequests) {
  StartServer();
  Http2TestClient client(server_->port);
  for (const size_t size : {0, 1, 16'384, 16'385, 1'000'000}) {
    const std::string body(size, 'b');
    const Http2Answer& answer = client.Ask("POST", "/echo", {}, body);
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.body == body);
    EXPECT_FALSE(answer.reset);
    EXPECT_EQ(answer.headers.at("content-length"), std::to_string(size));
    EXPECT_EQ(answer.headers.count("date"), 1u);
  }
}

TEST_F(Http2, HeadersBothWays) {
  StartServer();
  Http2TestClient client(server_->port);
  const Http2Answer& answer = client.Ask("GET", "/hello?name=a%20b", {{"x-own", "1"}});
  EXPECT_EQ(answer.body, "a b");
  EXPECT_EQ(answer.headers.at("x-host"), "test");
  EXPECT_EQ(answer.headers.at("x-spoilt"), "a  b");
  EXPECT_EQ(answer.headers.count("connection"), 0u);
  const Http2Answer& head = client.Ask("HEAD", "/hello?name=abc", {});
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers.at("content-length"), "3");
  EXPECT_EQ(head.body, "");
}

TEST_F(Http2, StreamsAreIndependent) {
  StartServer();
  Http2TestClient client(server_->port);
  const int32_t held = client.Begin("POST", "/held", {}, "first");
  auto [request, responder] = TakeHeld();
  EXPECT_EQ(request.body.view(), "first");
  std::vector<int32_t> streams;
  for (int i = 0; i < 60; ++i)
    streams.push_back(client.Begin("POST", "/echo", {}, std::string(20'000, static_cast<char>(i))));
  for (int i = 0; i < 60; ++i)
    EXPECT_TRUE(client.Wait(streams[static_cast<size_t>(i)]).body ==
                std::string(20'000, static_cast<char>(i)));
  EXPECT_FALSE(client.answer(held).closed);
  responder.Send(Response::Text(201, "late"));
  EXPECT_EQ(client.Wait(held).status, 201);
}

TEST_F(Http2, BodiesLargerThanTheWindows) {
  StartServer();
  Http2TestClient client(server_->port, 70'000);
  std::mt19937 random(5);
  std::string body(12'000'000, '\0');
  for (char& c : body) c = static_cast<char>(random());
  const int32_t first = client.Begin("POST", "/echo", {}, body);
  const int32_t second = client.Begin("POST", "/echo", {}, body);
  EXPECT_TRUE(client.Wait(first).body == body);
  EXPECT_TRUE(client.Wait(second).body == body);
}

TEST_F(Http2, ABodyInPieces) {
  StartServer();
  Http2TestClient client(server_->port);
  const int32_t stream = client.Begin("POST", "/echo", {}, "", false);
  for (const char c : std::string("piece by piece")) client.More(stream, {&c, 1}, false);
  client.More(stream, "", true);
  EXPECT_EQ(client.Wait(stream).body, "piece by piece");
}

TEST_F(Http2, ExpandsBodies) {
  StartServer();
  Http2TestClient client(server_->port);
  const std::string body(50'000, 'z');
  EXPECT_TRUE(
      client.Ask("POST", "/echo", {{"content-encoding", "gzip"}}, CompressGzip(body)).body == body);
  EXPECT_TRUE(
      client.Ask("POST", "/echo", {{"content-encoding", "zstd"}}, CompressZstd(body)).body == body);
  EXPECT_EQ(client.Ask("POST", "/small", {{"content-encoding", "gzip"}}, CompressGzip(body)).status,
            413);
  EXPECT_EQ(client.Ask("POST", "/echo", {{"content-encoding", "gzip"}}, "not gzip").status, 400);
  const Http2Answer& unknown = client.Ask("POST", "/echo", {{"content-encoding", "br"}}, "x");
  EXPECT_EQ(unknown.status, 415);
  EXPECT_EQ(unknown.headers.at("accept-encoding"), "gzip, deflate, zstd");
}

TEST_F(Http2, ContinuesWhenTheBodyIsWanted) {
  StartServer();
  Http2TestClient client(server_->port);
  const int32_t stream = client.Begin("POST", "/echo", {{"expect", "100-continue"}}, "", false);
  while (client.answer(stream).status == 0) ASSERT_TRUE(client.Turn());
  client.More(stream, "now", true);
  EXPECT_EQ(client.Wait(stream).informational, 100);
  EXPECT_EQ(client.Wait(stream).status, 200);
  EXPECT_EQ(client.Wait(stream).body, "now");
}

TEST_F(Http2, WhatIsRefusedEndsInPeace) {
  StartServer();
  Http2TestClient client(server_->port);
  const int32_t stream = client.Begin("POST", "/small", {}, std::string(1001, 'x'), false);
  EXPECT_EQ(client.Wait(stream).status, 413);  // with the request still open
  EXPECT_FALSE(client.answer(stream).reset);   // NO_ERROR: the client need not send the rest
  EXPECT_EQ(client.Ask("POST", "/small", {}, std::string(3'000'000, 'x')).status, 413);
  EXPECT_EQ(client.Ask("GET", "/nowhere", {}).status, 404);
  EXPECT_EQ(client.Ask("GET", "/echo", {}).status, 405);
  EXPECT_EQ(client.Ask("GET", "nowhere", {}).reset, NGHTTP2_PROTOCOL_ERROR);
  EXPECT_EQ(client.Ask("POST", "/echo", {}, "next").body, "next");
}

TEST_F(Http2, HeadersHaveALimit) {
  ServerOptions options;
  options.header_bytes_max = 4000;
  StartServer(options);
  Http2TestClient client(server_->port);
  const Http2Answer& large = client.Ask("GET", "/hello", {{"x", std::string(4000, 'x')}});
  EXPECT_EQ(large.status, 431);
  Headers many;
  for (int i = 0; i < 300; ++i) many.emplace_back("a", "b");
  EXPECT_EQ(client.Ask("POST", "/echo", many, "body").status, 431);
  EXPECT_EQ(client.Ask("GET", "/hello?name=x", {{"x", std::string(3000, 'x')}}).body, "x");
}

TEST_F(Http2, AResetCancels) {
  StartServer();
  Http2TestClient client(server_->port);
  const int32_t stream = client.Begin("GET", "/held", {}, "");
  auto [request, responder] = TakeHeld();
  EXPECT_FALSE(request.cancel.cancelled());
  client.Reset(stream);
  while (!request.cancel.cancelled()) std::this_thread::yield();
  responder.Send(Response::Text(200, "to nobody"));
  const int32_t half = client.Begin("POST", "/echo", {}, "half of", false);
  client.Reset(half);
  EXPECT_EQ(client.Ask("POST", "/echo", {}, "next").body, "next");
}

TEST_F(Http2, ALeavingClientCancels) {
  StartServer();
  auto client = std::make_unique<Http2TestClient>(server_->port);
  client->Begin("GET", "/held", {}, "");
  auto [request, responder] = TakeHeld();
  client.reset();
  while (!request.cancel.cancelled()) std::this_thread::yield();
  responder.Send(Response::Text(200, "to nobody"));
  ExpectServes();
}

TEST_F(Http2, ShutdownFinishesWhatItHolds) {
  StartServer();
  Http2TestClient client(server_->port);
  const int32_t stream = client.Begin("GET", "/held", {}, "");
  auto [request, responder] = TakeHeld();
  std::thread stopping([&] { server_->server->Shutdown(std::chrono::seconds(10)); });
  while (!client.gone_away()) ASSERT_TRUE(client.Turn());
  EXPECT_FALSE(request.cancel.cancelled());
  responder.Send(Response::Text(200, std::string(300'000, 'f')));
  EXPECT_EQ(client.Wait(stream).body.size(), 300'000u);
  EXPECT_FALSE(client.Turn());
  stopping.join();
}

TEST_F(Http2, AShutServerTakesNoMoreStreams) {
  StartServer();
  Http2TestClient client(server_->port);
  const int32_t held = client.Begin("GET", "/held", {}, "");
  auto [request, responder] = TakeHeld();
  // As a client that has not read GOAWAY yet: it may send this again elsewhere.
  TestClient raw(server_->port);
  raw.Send(std::string(kHttp2Preface) + Http2Frame(NGHTTP2_SETTINGS, 0, 0, "") +
           Http2Frame(NGHTTP2_HEADERS, kWhole, 1, Http2PostFields("/held")));
  auto [other_request, other] = TakeHeld();
  std::thread stopping([&] { server_->server->Shutdown(std::chrono::seconds(10)); });
  while (!client.gone_away()) ASSERT_TRUE(client.Turn());
  std::string said;
  while (!GoAwayCode(said)) said += raw.ReadSome();
  raw.Send(Http2Frame(NGHTTP2_HEADERS, kWhole, 3, Http2PostFields("/echo")));
  other.Send(Response::Text(200, "held"));
  int answers = 0;
  for (const Http2SaidFrame& frame : TakeHttp2Apart(said + raw.ReadToEnd()))
    if (frame.type == NGHTTP2_HEADERS) answers += frame.stream == 1 ? 1 : 100;
  EXPECT_EQ(answers, 1);
  responder.Send(Response::Text(200, ""));
  EXPECT_EQ(client.Wait(held).status, 200);
  stopping.join();
}

TEST_F(Http2, AnswersAfterTheServerIsGone) {
  StartServer();
  Http2TestClient client(server_->port);
  client.Begin("GET", "/held", {}, "");
  auto [request, responder] = TakeHeld();
  server_.reset();
  EXPECT_TRUE(request.cancel.cancelled());
  responder.Send(Response::Text(200, "too late"));
}

TEST_F(Http2, IdleConnectionsAreSentAway) {
  ServerOptions options;
  options.idle_timeout_ms = 40;
  StartServer(options);
  Http2TestClient client(server_->port);
  EXPECT_EQ(client.Ask("POST", "/echo", {}, "x").status, 200);
  while (client.Turn()) {
  }
  EXPECT_TRUE(client.gone_away());
}

TEST_F(Http2, SlowRequestsAreTimedOut) {
  ServerOptions options;
  options.body_timeout_ms = 40;
  StartServer(options);
  Http2TestClient client(server_->port);
  const int32_t body = client.Begin("POST", "/echo", {}, "never the rest", false);
  EXPECT_EQ(client.Wait(body).status, 408);
}

TEST_F(Http2, HeadersThatDoNotEndAreTimedOut) {
  ServerOptions options;
  options.header_timeout_ms = 40;
  StartServer(options);
  // A header block that does not end, and a preface that does not.
  TestClient header(server_->port);
  header.Send(std::string(kHttp2Preface) + Http2Frame(NGHTTP2_SETTINGS, 0, 0, "") +
              Http2Frame(NGHTTP2_HEADERS, kEnd, 1, Http2PostFields("/echo")));
  header.ReadToEnd();
  TestClient preface(server_->port);
  preface.Send(kHttp2Preface.substr(0, 10));
  EXPECT_EQ(preface.ReadToEnd(), "");
}

TEST_F(Http2, AnswersThatNobodyTakesAreGivenUp) {
  ServerOptions options;
  options.body_timeout_ms = 60;
  StartServer(options);
  Http2TestClient client(server_->port, 0);  // a window that never opens
  const int32_t stream = client.Begin("GET", "/large", {}, "");
  EXPECT_EQ(client.Wait(stream).reset, NGHTTP2_CANCEL);
  EXPECT_EQ(client.answer(stream).status, 200);
  EXPECT_EQ(client.answer(stream).body, "");
}

TEST_F(Http2, BodiesThatFindNoMemoryAreRefused) {
  ServerOptions options;
  options.queue_bytes_max = 100'000;
  StartServer(options);
  Http2TestClient client(server_->port);
  client.Ask("POST", "/echo", {}, "to hear the server's windows");
  const int32_t holding = client.Begin("POST", "/held", {}, std::string(90'000, 'x'));
  auto [request, responder] = TakeHeld();
  EXPECT_EQ(client.Ask("POST", "/echo", {}, std::string(60'000, 'y')).status, 429);
  responder.Send(Response::Text(200, ""));
  EXPECT_EQ(client.Wait(holding).status, 200);
  int status = 429;  // the memory is given back after the answer, not with it
  for (int tries = 0; status == 429 && tries < 10'000; ++tries)
    status = client.Ask("POST", "/echo", {}, std::string(60'000, 'y')).status;
  EXPECT_EQ(status, 200);
}

TEST_F(Http2, ReadingWaitsForMemory) {
  ServerOptions options;
  options.queue_bytes_max = 100'000;
  StartServer(options);
  Http2TestClient client(server_->port);
  client.Ask("POST", "/echo", {}, "to hear the server's windows");
  client.Begin("POST", "/held", {}, std::string(110'000, 'x'));
  auto [request, responder] = TakeHeld();
  const int32_t waiting = client.Begin("POST", "/echo", {}, std::string(60'000, 'y'));
  responder.Send(Response::Text(200, ""));
  EXPECT_EQ(client.Wait(waiting).status, 200);
}

TEST_F(Http2, PingsAreAnswered) {
  StartServer();
  Http2TestClient client(server_->port);
  client.Ping();
  while (client.pongs() == 0) ASSERT_TRUE(client.Turn());
}

// CVE-2023-44487: streams opened and reset at once, so that no limit of streams at a time holds.
TEST_F(Http2, RapidResetsEndTheConnection) {
  StartServer();
  std::string frames;
  for (uint32_t stream = 1; stream < 6000; stream += 2)
    frames += Http2Frame(NGHTTP2_HEADERS, kWhole, stream, Http2PostFields("/echo")) +
              Http2Frame(NGHTTP2_RST_STREAM, 0, stream, std::string("\0\0\0\x08", 4));
  EXPECT_TRUE(GoAwayCode(Hear(frames)));
  ExpectServes();
}

TEST_F(Http2, MoreStreamsThanAllowedAreRefused) {
  StartServer();
  TestClient client(server_->port);
  std::string frames;
  for (uint32_t stream = 1; stream < 2 * 200; stream += 2)
    frames += Http2Frame(NGHTTP2_HEADERS, NGHTTP2_FLAG_END_HEADERS, stream,
                         Http2PostFields("/echo"));  // never a body
  client.Send(std::string(kHttp2Preface) + Http2Frame(NGHTTP2_SETTINGS, 0, 0, "") + frames);
  std::string said;
  int refused = 0;
  while (refused < 200 - 128) {
    const std::string more = client.ReadSome();
    ASSERT_FALSE(more.empty());
    said += more;
    refused = 0;
    for (const Http2SaidFrame& frame : TakeHttp2Apart(said))
      if (frame.type == NGHTTP2_RST_STREAM) ++refused;
  }
  EXPECT_EQ(refused, 200 - 128);
  // A client that has heard of the limit has no excuse.
  EXPECT_EQ(GoAwayCode(Hear(Http2Frame(NGHTTP2_SETTINGS, NGHTTP2_FLAG_ACK, 0, "") + frames)),
            NGHTTP2_PROTOCOL_ERROR);
}

// Clients that ask for acknowledgements and never read them.
TEST_F(Http2, FloodsEndTheConnection) {
  StartServer();
  const std::string ping = Http2Frame(NGHTTP2_PING, 0, 0, "12345678");
  const std::string settings = Http2Frame(NGHTTP2_SETTINGS, 0, 0, "");
  for (const std::string& frame : {ping, settings}) {
    TestClient client(server_->port);
    std::string many;
    while (many.size() < 1'000'000) many += frame;
    client.Send(std::string(kHttp2Preface) + settings);
    while (client.Send(many)) {
    }
    ExpectServes();
  }
}

TEST_F(Http2, EndlessHeaderBlocksEndTheConnection) {
  StartServer();
  std::string frames = Http2Frame(NGHTTP2_HEADERS, kEnd, 1, Http2PostFields("/echo"));
  for (int i = 0; i < 1000; ++i)
    frames += Http2Frame(NGHTTP2_CONTINUATION, 0, 1, Http2Field("x", std::string(100, 'y')));
  Hear(frames);
  // A bomb: one reference of a byte for each copy of a field in the table (CVE-2016-6581).
  std::string bomb = "\x40\x01x\x7f\xa1\x1e" + std::string(4000, 'z');
  bomb += std::string(10'000, '\xbe');
  const std::string said =
      Hear(Http2Frame(NGHTTP2_HEADERS, kWhole, 1, Http2PostFields("/echo") + bomb) +
           Http2Frame(NGHTTP2_GOAWAY, 0, 0, std::string(8, '\0')));
  int answers = 0;
  for (const Http2SaidFrame& frame : TakeHttp2Apart(said))
    if (frame.type == NGHTTP2_HEADERS || frame.type == NGHTTP2_RST_STREAM) ++answers;
  EXPECT_EQ(answers, 1);
  ExpectServes();
}

TEST_F(Http2, BrokenFramesAreAnsweredByGoAway) {
  StartServer();
  using std::string;
  const string request = Http2Frame(NGHTTP2_HEADERS, kWhole, 1, Http2PostFields("/echo"));
  const std::vector<std::pair<string, uint32_t>> cases = {
      {Http2Frame(NGHTTP2_DATA, 0, 0, "x"), NGHTTP2_PROTOCOL_ERROR},
      {Http2Frame(NGHTTP2_DATA, 0, 5, "x"), NGHTTP2_PROTOCOL_ERROR},
      {Http2Frame(NGHTTP2_HEADERS, kWhole, 2, Http2PostFields("/echo")), NGHTTP2_PROTOCOL_ERROR},
      {Http2Frame(NGHTTP2_HEADERS, kWhole, 1, "\x80"), NGHTTP2_COMPRESSION_ERROR},
      {Http2Frame(NGHTTP2_HEADERS, kWhole, 1, "\xff\xff\xff\xff\xff\x0f"),
       NGHTTP2_COMPRESSION_ERROR},
      {Http2Frame(NGHTTP2_HEADERS, kWhole | NGHTTP2_FLAG_PADDED, 1, "\x7f"),
       NGHTTP2_PROTOCOL_ERROR},
      {Http2Frame(NGHTTP2_SETTINGS, 0, 0, "12345"), NGHTTP2_FRAME_SIZE_ERROR},
      {Http2Frame(NGHTTP2_SETTINGS, 0, 0, string("\0\4\x80\0\0\0", 6)), NGHTTP2_FLOW_CONTROL_ERROR},
      {Http2Frame(NGHTTP2_PING, 0, 0, "1"), NGHTTP2_FRAME_SIZE_ERROR},
      {Http2Frame(NGHTTP2_WINDOW_UPDATE, 0, 0, string(4, '\0')), NGHTTP2_PROTOCOL_ERROR},
      {Http2Frame(NGHTTP2_WINDOW_UPDATE, 0, 0, "\x7f\xff\xff\xff"), NGHTTP2_FLOW_CONTROL_ERROR},
      {Http2Frame(NGHTTP2_CONTINUATION, 0, 1, "x"), NGHTTP2_PROTOCOL_ERROR},
      {Http2Frame(NGHTTP2_PUSH_PROMISE, 0, 1, string(8, '\0')), NGHTTP2_PROTOCOL_ERROR},
      {Http2Frame(NGHTTP2_DATA, 0, 1, "").replace(0, 3, "\x7f\xff\xff"), NGHTTP2_FRAME_SIZE_ERROR},
      {request + Http2Frame(NGHTTP2_HEADERS, kWhole, 1, ""), NGHTTP2_STREAM_CLOSED},
  };
  for (size_t i = 0; i < cases.size(); ++i)
    EXPECT_EQ(GoAwayCode(Hear(cases[i].first)), cases[i].second) << i;
  ExpectServes();
}

TEST_F(Http2, MalformedRequestsAreReset) {
  StartServer();
  const std::vector<std::string> blocks = {
      Http2Field(":method", "POST"),
      Http2PostFields("/echo") + Http2Field("Upper", "x"),
      Http2PostFields("/echo") + Http2Field("connection", "close"),
      Http2PostFields("/echo") + Http2Field("transfer-encoding", "chunked"),
      Http2PostFields("/echo") + Http2Field(":path", "/other"),
      Http2PostFields("/echo") + Http2Field("x", "a\r\nb: c"),
      Http2PostFields("/echo") + Http2Field("content-length", "5"),
      Http2PostFields("/echo") + Http2Field("content-length", "-1"),
      Http2Field("x", "before") + Http2PostFields("/echo"),
  };
  for (const std::string& block : blocks) {
    TestClient client(server_->port);
    client.Send(std::string(kHttp2Preface) + Http2Frame(NGHTTP2_SETTINGS, 0, 0, "") +
                Http2Frame(NGHTTP2_HEADERS, kWhole, 1, block) +
                Http2Frame(NGHTTP2_GOAWAY, 0, 0, std::string(8, '\0')));
    bool reset = false;
    for (const Http2SaidFrame& frame : TakeHttp2Apart(client.ReadToEnd())) {
      reset = reset || frame.type == NGHTTP2_RST_STREAM;
      EXPECT_NE(frame.type, NGHTTP2_HEADERS) << block;
    }
    EXPECT_TRUE(reset) << block;
  }
}

TEST_F(Http2, NoiseNeverHurts) {
  StartServer();
  std::mt19937 random(13);
  const std::string good = std::string(kHttp2Preface) + Http2Frame(NGHTTP2_SETTINGS, 0, 0, "") +
                           Http2Frame(NGHTTP2_HEADERS, NGHTTP2_FLAG_END_HEADERS, 1,
                                      Http2PostFields("/echo") + Http2Field("a", "b")) +
                           Http2Frame(NGHTTP2_DATA, 0, 1, "hello") +
                           Http2Frame(NGHTTP2_DATA, kEnd, 1, "more") +
                           Http2Frame(NGHTTP2_PING, 0, 0, "12345678");
  for (int round = 0; round < 300; ++round) {
    std::string bytes = good;
    for (int i = 0; i < 3; ++i) bytes[random() % bytes.size()] = static_cast<char>(random());
    TestClient client(server_->port);
    client.Send(bytes);
    client.ShutdownSend();
    client.ReadToEnd();
  }
  ExpectServes();
}

}  // namespace
}  // namespace skep::net
