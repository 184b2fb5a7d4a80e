// SPDX-License-Identifier: Apache-2.0
// HTTP/1.1 through the whole server, over real sockets.
#include <gtest/gtest.h>

#include <future>
#include <mutex>
#include <random>
#include <vector>

#include "net/test_client.h"
#include "wire/compress.h"

namespace skep::net {
namespace {

std::string Post(std::string_view path, std::string_view body, std::string_view headers = {}) {
  return "POST " + std::string(path) + " HTTP/1.1\r\nhost: test\r\n" + std::string(headers) +
         "content-length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

std::string Get(std::string_view path, std::string_view headers = {}) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nhost: test\r\n" + std::string(headers) + "\r\n";
}

void Echo(Request request, Responder responder) {
  responder.Send(Response::Text(200, std::string(request.body.view())));
}

class Http1 : public testing::Test {
 protected:
  void StartServer(ServerOptions options = {}) {
    server_ = std::make_unique<TestServer>(options);
    Route echo = TestRoute("POST", "/echo", Echo);
    echo.lane = Lane::kIngest;
    echo.body_bytes_max = 100'000;
    server_->router.Add(std::move(echo));
    server_->router.Add(TestRoute("GET", "/hello", [](const Request& request, Responder responder) {
      responder.Send(Response::Json(200, "\"" + request.QueryParameter("name") + "\""));
    }));
    server_->router.Add(TestRoute("GET", "/held", [this](Request request, Responder responder) {
      std::lock_guard lock(mutex_);
      held_.emplace_back(std::move(request), std::move(responder));
      changed_.notify_all();
    }));
    server_->router.Add(TestRoute("GET", "/forgotten", [](const Request&, const Responder&) {}));
    server_->Start();
  }

  // The exchange that a GET of /held waits with.
  std::pair<Request, Responder> TakeHeld() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !held_.empty(); });
    auto held = std::move(held_.front());
    held_.erase(held_.begin());
    return held;
  }

  // The status of the answer to `bytes`, and that the connection is closed after it.
  int StatusThenEnd(std::string_view bytes) {
    TestClient client(server_->port);
    client.Send(bytes);
    const auto response = client.ReadResponse();
    if (!response) return 0;
    EXPECT_EQ(response->headers.count("connection"), 1u) << bytes;
    EXPECT_TRUE(client.AtEnd()) << bytes;
    return response->status;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::pair<Request, Responder>> held_;
  std::unique_ptr<TestServer> server_;
};

TEST_F(Http1, KeepsTheConnection) {
  StartServer();
  TestClient client(server_->port);
  for (const size_t size : {0, 1, 8000, 8192, 9000, 100'000}) {
    const std::string body(size, 'b');
    ASSERT_TRUE(client.Send(Post("/echo", body)));
    const auto response = client.ReadResponse();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200);
    EXPECT_TRUE(response->body == body);
    EXPECT_EQ(response->headers.count("date"), 1u);
    EXPECT_EQ(response->headers.count("connection"), 0u);
  }
}

TEST_F(Http1, AnswersPipelinedRequestsInOrder) {
  StartServer();
  TestClient client(server_->port);
  std::string bytes;
  for (int i = 0; i < 400; ++i)
    bytes += i % 3 == 0 ? Get("/hello?name=" + std::to_string(i))
                        : Post("/echo", std::to_string(i) + std::string(300, 'x'));
  std::thread sender([&] { EXPECT_TRUE(client.Send(bytes)); });
  for (int i = 0; i < 400; ++i) {
    const auto response = client.ReadResponse();
    ASSERT_TRUE(response) << i;
    const std::string n = std::to_string(i);
    EXPECT_EQ(response->body, i % 3 == 0 ? "\"" + n + "\"" : n + std::string(300, 'x'));
  }
  sender.join();
}

TEST_F(Http1, TakesBytesOneByOne) {
  StartServer();
  TestClient client(server_->port);
  for (const char c : "\r\n" + Post("/echo", "hello")) ASSERT_TRUE(client.Send({&c, 1}));
  const auto response = client.ReadResponse();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "hello");
}

TEST_F(Http1, ChunkedCutAnywhere) {
  StartServer();
  const std::string head = "POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n";
  const std::string chunks =
      "5;name=\"v\"\r\nhello\r\n00c\r\n, and so on.\r\n0\r\ntrailer: x\r\nother:\r\n\r\n";
  TestClient client(server_->port);
  for (size_t cut = 0; cut <= chunks.size(); ++cut) {
    ASSERT_TRUE(client.Send(head + chunks.substr(0, cut)));
    ASSERT_TRUE(client.Send(chunks.substr(cut)));
    const auto response = client.ReadResponse();
    ASSERT_TRUE(response) << cut;
    EXPECT_EQ(response->body, "hello, and so on.");
  }
}

TEST_F(Http1, LargeChunksGoStraightIntoTheBody) {
  StartServer();
  std::string body;
  std::string bytes = "POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: Chunked\r\n\r\n";
  for (const auto& [size, name] :
       {std::pair<size_t, const char*>{40'000, "9c40"}, {17, "11"}, {30'000, "7530"}}) {
    const std::string chunk(size, static_cast<char>('a' + size % 26));
    body += chunk;
    bytes += std::string(name) + "\r\n" + chunk + "\r\n";
  }
  bytes += "0\r\n\r\n" + Get("/hello?name=next");
  TestClient client(server_->port);
  ASSERT_TRUE(client.Send(bytes));
  auto response = client.ReadResponse();
  ASSERT_TRUE(response);
  EXPECT_TRUE(response->body == body);
  response = client.ReadResponse();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "\"next\"");
}

TEST_F(Http1, MalformedChunksAre400) {
  StartServer();
  const std::string head = "POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n";
  for (const std::string_view bad :
       {"x\r\n", "\r\n", "5\nhello", "-1\r\n", "0x5\r\nhello", "5\r\nhelloX", "5\r\nhello\rX",
        "5\r\nhello\n", "5\rX", "1000000000000000\r\n", ";\r\n", "5;\x01\r\n", "0\r\n x\r\n\r\n",
        "0\r\n:\r\n\r\n", "0\r\n\rX", "0\r\nab\x02"})
    EXPECT_EQ(StatusThenEnd(head + std::string(bad)), 400) << bad;
}

TEST_F(Http1, EndlessTrailersAre400) {
  StartServer();
  std::string bytes = "POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n0\r\n";
  for (int i = 0; i < 2000; ++i) bytes += "trailer: value\r\n";
  EXPECT_EQ(StatusThenEnd(bytes), 400);
}

TEST_F(Http1, SmugglingIsRefused) {
  StartServer();
  const std::string line = "POST /echo HTTP/1.1\r\nhost: a\r\n";
  for (const std::string_view bad : {"content-length: 3\r\ntransfer-encoding: chunked\r\n",
                                     "transfer-encoding: chunked\r\ncontent-length: 3\r\n",
                                     "content-length: 3\r\ncontent-length: 4\r\n",
                                     "content-length: 3\r\ncontent-length: 3\r\n",
                                     "content-length: 3, 3\r\n",
                                     "content-length: +3\r\n",
                                     "content-length: -3\r\n",
                                     "content-length: 0x3\r\n",
                                     "content-length: 3 3\r\n",
                                     "content-length:\r\n",
                                     "content-length: 99999999999999999999\r\n",
                                     "transfer-encoding: gzip\r\n",
                                     "transfer-encoding: gzip, chunked\r\n",
                                     "transfer-encoding: chunked, chunked\r\n",
                                     "transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n",
                                     "transfer-encoding: xchunked\r\n",
                                     "transfer-encoding: \x0b"
                                     "chunked\r\n",
                                     "content-length : 3\r\n",
                                     " content-length: 3\r\n",
                                     "x: y\r\n z\r\n",
                                     "x: y\r\n\tz\r\n",
                                     "x: y\nz: w\r\n",
                                     "x: a\rb\r\n",
                                     "x y: z\r\n",
                                     ": z\r\n",
                                     "x\r\n",
                                     "x: \x01\r\n",
                                     "host: b\r\n",
                                     "x\xc3\xa4: y\r\n"})
    EXPECT_EQ(StatusThenEnd(line + std::string(bad) + "\r\nabc"), 400) << bad;
  EXPECT_EQ(StatusThenEnd(line + std::string("x: a\0b\r\n", 8) + "\r\nabc"), 400);
}

TEST_F(Http1, MalformedRequestLines) {
  StartServer();
  for (const std::string_view bad :
       {"GET /hello\r\nhost: a\r\n\r\n", "GET  /hello HTTP/1.1\r\nhost: a\r\n\r\n",
        "GET /a b HTTP/1.1\r\nhost: a\r\n\r\n", "GET hello HTTP/1.1\r\nhost: a\r\n\r\n",
        "G(T /hello HTTP/1.1\r\nhost: a\r\n\r\n", " GET / HTTP/1.1\r\nhost: a\r\n\r\n",
        "CONNECT a:443 HTTP/1.1\r\nhost: a\r\n\r\n", "GET /hello HTTP/1.1\r\n\r\n",
        "GET /hello XTTP/1.1\r\nhost: a\r\n\r\n", "{\"json\": 1}\r\n\r\n",
        "\x16\x03\x01\x02\r\n\r\n", "GET /\xc3\xa4 HTTP/1.1\r\nhost: a\r\n\r\n"})
    EXPECT_EQ(StatusThenEnd(bad), 400) << bad;
  EXPECT_EQ(StatusThenEnd("GET / HTTP/2.0\r\nhost: a\r\n\r\n"), 505);
  EXPECT_EQ(StatusThenEnd(Get("/hello", "expect: miracles\r\n")), 417);
}

TEST_F(Http1, HeadersHaveALimit) {
  ServerOptions options;
  options.header_bytes_max = 20'000;
  StartServer(options);
  EXPECT_EQ(StatusThenEnd(Get("/hello", "x: " + std::string(30'000, 'x') + "\r\n")), 431);
  EXPECT_EQ(StatusThenEnd("GET /" + std::string(30'000, 'x')), 431);
  std::string many;
  for (int i = 0; i < 300; ++i) many += "x: y\r\n";
  EXPECT_EQ(StatusThenEnd(Get("/hello", many)), 400);
  TestClient client(server_->port);
  client.Send(Get("/hello?name=fits", "x: " + std::string(19'000, 'x') + "\r\n"));
  EXPECT_EQ(client.ReadResponse()->body, "\"fits\"");
}

TEST_F(Http1, BodiesOverTheLimitAre413) {
  StartServer();
  EXPECT_EQ(StatusThenEnd(Post("/echo", std::string(100'001, 'x'))), 413);
  EXPECT_EQ(
      StatusThenEnd("POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 4000000000000\r\n\r\n"),
      413);
  const std::string chunked =
      "POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n";
  EXPECT_EQ(StatusThenEnd(chunked + "fffffffffffffff\r\nabc"), 413);
  std::string small_chunks = chunked;
  for (int i = 0; i < 101; ++i) small_chunks += "3e8\r\n" + std::string(1000, 'x') + "\r\n";
  EXPECT_EQ(StatusThenEnd(small_chunks), 413);
}

TEST_F(Http1, TheClientCanFinishSendingWhatIsRefused) {
  StartServer();
  TestClient client(server_->port);
  ASSERT_TRUE(client.Send(Post("/echo", std::string(20'000'000, 'x'))));
  const auto response = client.ReadResponse();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 413);
}

TEST_F(Http1, TheRouteSaysRefusalsInItsWords) {
  server_ = std::make_unique<TestServer>();
  Route route = TestRoute("POST", "/small", Echo);
  route.body_bytes_max = 100;
  route.on_error = [](const Request& request, const Error& error) {
    EXPECT_TRUE(request.body.empty());
    return Response::Json(error.code == Code::kOutOfRange ? 499 : 498, "{}");
  };
  server_->router.Add(std::move(route));
  server_->Start();
  TestClient client(server_->port);
  client.Send(Post("/small", "hello", "content-encoding: gzip\r\n"));
  EXPECT_EQ(client.ReadResponse()->status, 498);
  client.Send(Post("/small", CompressZstd(std::string(5000, 'x')), "content-encoding: zstd\r\n"));
  EXPECT_EQ(client.ReadResponse()->status, 499);
  client.Send(Post("/small", std::string(101, 'x')));
  EXPECT_EQ(client.ReadResponse()->status, 499);
}

TEST_F(Http1, ExpandsBodies) {
  StartServer();
  TestClient client(server_->port);
  const std::string body(50'000, 'z');
  client.Send(Post("/echo", CompressGzip(body), "content-encoding: gzip\r\n"));
  EXPECT_TRUE(client.ReadResponse()->body == body);
  client.Send(Post("/echo", CompressZstd(body), "Content-Encoding: ZSTD\r\n"));
  EXPECT_TRUE(client.ReadResponse()->body == body);
  client.Send(Post("/echo", "", "content-encoding: gzip\r\n"));
  EXPECT_EQ(client.ReadResponse()->body, "");
  client.Send(Post("/echo", body, "content-encoding: identity\r\n"));
  EXPECT_TRUE(client.ReadResponse()->body == body);
}

TEST_F(Http1, BombsAndBadCompressionAreRefused) {
  StartServer();
  TestClient client(server_->port);
  client.Send(
      Post("/echo", CompressGzip(std::string(50'000'000, '\0')), "content-encoding: gzip\r\n"));
  EXPECT_EQ(client.ReadResponse()->status, 413);
  client.Send(
      Post("/echo", CompressZstd(std::string(50'000'000, '\0')), "content-encoding: zstd\r\n"));
  EXPECT_EQ(client.ReadResponse()->status, 413);
  client.Send(Post("/echo", "not gzip", "content-encoding: gzip\r\n"));
  EXPECT_EQ(client.ReadResponse()->status, 400);
  client.Send(Post("/echo", CompressGzip("cut").substr(0, 12), "content-encoding: gzip\r\n"));
  EXPECT_EQ(client.ReadResponse()->status, 400);
  EXPECT_EQ(StatusThenEnd(Post("/echo", "x", "content-encoding: br\r\n")), 415);
  EXPECT_EQ(StatusThenEnd(Post("/echo", "x", "content-encoding: gzip, gzip\r\n")), 415);
}

TEST_F(Http1, ContinuesWhenTheBodyIsWanted) {
  StartServer();
  TestClient client(server_->port);
  client.Send(
      "POST /echo HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n");
  EXPECT_EQ(client.ReadResponse()->status, 100);
  client.Send("hello");
  EXPECT_EQ(client.ReadResponse()->body, "hello");
  client.Send(
      "POST /echo HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\nhello");
  EXPECT_EQ(client.ReadResponse()->status, 200);  // it was there already
  EXPECT_EQ(StatusThenEnd("POST /echo HTTP/1.1\r\nhost: a\r\nexpect: "
                          "100-continue\r\ncontent-length: 500000\r\n\r\n"),
            413);
}

TEST_F(Http1, HeadHasNoBody) {
  StartServer();
  TestClient client(server_->port);
  client.Send("HEAD /hello?name=abc HTTP/1.1\r\nhost: a\r\n\r\n" + Get("/hello?name=d"));
  const auto head = client.ReadResponse(true);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->headers.at("content-length"), "5");
  EXPECT_EQ(client.ReadResponse()->body, "\"d\"");
}

TEST_F(Http1, UnknownPathsAndMethods) {
  StartServer();
  TestClient client(server_->port);
  client.Send(Get("/nowhere") + Get("/echo") + Post("/hello", "x"));
  EXPECT_EQ(client.ReadResponse()->status, 404);
  auto response = client.ReadResponse();
  EXPECT_EQ(response->status, 405);
  EXPECT_EQ(response->headers.at("allow"), "POST");
  response = client.ReadResponse();
  EXPECT_EQ(response->status, 405);
  EXPECT_EQ(response->headers.at("allow"), "GET, HEAD");
}

TEST_F(Http1, AbsoluteForm) {
  StartServer();
  TestClient client(server_->port);
  client.Send("GET http://api.rollbar.com/hello?name=x HTTP/1.1\r\nhost: api.rollbar.com\r\n\r\n");
  EXPECT_EQ(client.ReadResponse()->body, "\"x\"");
}

TEST_F(Http1, ClosesWhenAsked) {
  StartServer();
  EXPECT_EQ(StatusThenEnd(Get("/hello", "connection: close\r\n")), 200);
  EXPECT_EQ(StatusThenEnd("GET /hello HTTP/1.0\r\n\r\n"), 200);
  TestClient client(server_->port);
  client.Send("GET /hello HTTP/1.0\r\nconnection: keep-alive\r\n\r\n");
  EXPECT_EQ(client.ReadResponse()->headers.at("connection"), "keep-alive");
  client.Send(Get("/hello"));
  EXPECT_EQ(client.ReadResponse()->status, 200);
}

TEST_F(Http1, AHalfClosedClientGetsItsAnswers) {
  StartServer();
  TestClient client(server_->port);
  client.Send(Post("/echo", "one") + Post("/echo", "two"));
  client.ShutdownSend();
  EXPECT_EQ(client.ReadResponse()->body, "one");
  EXPECT_EQ(client.ReadResponse()->body, "two");
  EXPECT_TRUE(client.AtEnd());
}

TEST_F(Http1, AForgottenResponderAnswers500) {
  StartServer();
  TestClient client(server_->port);
  client.Send(Get("/forgotten"));
  EXPECT_EQ(client.ReadResponse()->status, 500);
}

TEST_F(Http1, AnswersMayComeLaterFromAnyThread) {
  StartServer();
  TestClient client(server_->port);
  client.Send(Get("/held") + Get("/hello?name=after"));
  auto [request, responder] = TakeHeld();
  EXPECT_EQ(request.peer_address, "127.0.0.1");
  responder.Send(Response::Text(201, "late"));
  responder.Send(Response::Text(202, "again"));  // does nothing
  EXPECT_EQ(client.ReadResponse()->status, 201);
  EXPECT_EQ(client.ReadResponse()->body, "\"after\"");
}

TEST_F(Http1, ALeavingClientCancels) {
  StartServer();
  auto client = std::make_unique<TestClient>(server_->port);
  client->Send(Get("/held"));
  auto [request, responder] = TakeHeld();
  EXPECT_FALSE(request.cancel.cancelled());
  client.reset();
  while (!request.cancel.cancelled()) std::this_thread::yield();
  responder.Send(Response::Text(200, "to nobody"));
  TestClient other(server_->port);
  other.Send(Get("/hello"));
  EXPECT_EQ(other.ReadResponse()->status, 200);
}

TEST_F(Http1, AnswersAfterTheServerIsGone) {
  StartServer();
  TestClient client(server_->port);
  client.Send(Get("/held"));
  auto [request, responder] = TakeHeld();
  server_.reset();
  EXPECT_TRUE(request.cancel.cancelled());
  responder.Send(Response::Text(200, "too late"));
  EXPECT_TRUE(client.AtEnd());
}

TEST_F(Http1, ResponseHeadersCannotBeSplit) {
  server_ = std::make_unique<TestServer>();
  server_->router.Add(TestRoute("GET", "/", [](const Request&, Responder responder) {
    Response response = Response::Text(200, "x");
    response.headers.emplace_back("x-evil", "a\r\nset-cookie: b");
    responder.Send(std::move(response));
  }));
  server_->Start();
  TestClient client(server_->port);
  client.Send(Get("/"));
  const auto response = client.ReadResponse();
  EXPECT_EQ(response->headers.count("set-cookie"), 0u);
}

TEST_F(Http1, LargeAnswers) {
  server_ = std::make_unique<TestServer>();
  const auto large = std::make_shared<const std::string>(30'000'000, 'q');
  server_->router.Add(TestRoute("GET", "/", [large](const Request&, Responder responder) {
    Response response;
    response.shared_body = large;
    responder.Send(std::move(response));
  }));
  server_->Start();
  TestClient client(server_->port);
  client.Send(Get("/") + Get("/"));
  EXPECT_TRUE(client.ReadResponse()->body == *large);
  EXPECT_TRUE(client.ReadResponse()->body == *large);
}

TEST_F(Http1, SlowClientsAreTimedOut) {
  ServerOptions options;
  options.body_timeout_ms = 40;
  StartServer(options);
  EXPECT_EQ(StatusThenEnd("POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 9000\r\n\r\nabc"),
            408);
  EXPECT_EQ(
      StatusThenEnd("POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n3\r\nab"),
      408);
}

TEST_F(Http1, HeadsThatDoNotEndAreTimedOut) {
  ServerOptions options;
  options.header_timeout_ms = 40;
  StartServer(options);
  TestClient silent(server_->port);
  EXPECT_TRUE(silent.AtEnd());
  // The time counts from the first moment of the connection: a client that had to wait for a core
  // came too late to be told anything, and tries again.
  std::optional<TestResponse> response;
  for (int tries = 0; !response && tries < 500; ++tries) {
    TestClient client(server_->port);
    client.Send("GET /hello HTTP/1.1\r\nho");
    response = client.ReadResponse();
    EXPECT_TRUE(client.AtEnd());
  }
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 408);
}

TEST_F(Http1, IdleConnectionsAreClosed) {
  ServerOptions options;
  options.idle_timeout_ms = 40;  // begins with the first answer
  StartServer(options);
  TestClient idle(server_->port);
  idle.Send(Get("/hello"));
  EXPECT_EQ(idle.ReadResponse()->status, 200);
  EXPECT_TRUE(idle.AtEnd());
}

TEST_F(Http1, TooManyConnectionsAreRefusedPolitely) {
  ServerOptions options;
  options.connections_max = 2;
  StartServer(options);
  TestClient one(server_->port);
  TestClient two(server_->port);
  one.Send(Get("/hello"));
  two.Send(Get("/hello"));
  EXPECT_EQ(one.ReadResponse()->status, 200);
  EXPECT_EQ(two.ReadResponse()->status, 200);
  TestClient three(server_->port);
  const auto response = three.ReadResponse();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 503);
  EXPECT_TRUE(three.AtEnd());
}

TEST_F(Http1, AFullLaneIsSaidAtOnceAndTheOtherLaneGoesOn) {
  std::promise<void> open;
  std::shared_future<void> gate(open.get_future());
  ServerOptions options;
  options.queue_requests_max = 1;
  options.query_workers = 1;
  server_ = std::make_unique<TestServer>(options);
  std::promise<void> entered;
  std::once_flag once;
  server_->router.Add(TestRoute("GET", "/slow", [&](const Request&, Responder responder) {
    std::call_once(once, [&] { entered.set_value(); });
    gate.wait();
    responder.Send(Response::Text(200, "done"));
  }));
  Route ingest = TestRoute("POST", "/echo", Echo);
  ingest.lane = Lane::kIngest;
  server_->router.Add(std::move(ingest));
  server_->Start();
  TestClient running(server_->port);
  running.Send(Get("/slow"));
  entered.get_future().wait();
  // One of these two waits in the queue, the other finds it full.
  TestClient first(server_->port);
  TestClient second(server_->port);
  first.Send(Get("/slow"));
  second.Send(Get("/slow"));
  TestClient other_lane(server_->port);
  other_lane.Send(Post("/echo", "quick"));
  EXPECT_EQ(other_lane.ReadResponse()->body, "quick");
  TestClient third(server_->port);
  third.Send(Get("/slow"));
  EXPECT_EQ(third.ReadResponse()->status, 429);
  open.set_value();
  EXPECT_EQ(running.ReadResponse()->status, 200);
  EXPECT_EQ(first.ReadResponse()->status + second.ReadResponse()->status, 200 + 429);
}

TEST_F(Http1, BodiesWaitForMemory) {
  ServerOptions options;
  options.queue_bytes_max = 50'000;
  server_ = std::make_unique<TestServer>(options);
  server_->router.Add(TestRoute("POST", "/hold", [this](Request request, Responder responder) {
    std::lock_guard lock(mutex_);
    held_.emplace_back(std::move(request), std::move(responder));
    changed_.notify_all();
  }));
  server_->Start();
  TestClient first(server_->port);
  first.Send(Post("/hold", std::string(55'000, 'x')));
  auto [request, responder] = TakeHeld();
  TestClient second(server_->port);
  second.Send(Post("/hold", std::string(20'000, 'y')));
  responder.Send(Response::Text(200, "one"));
  EXPECT_EQ(first.ReadResponse()->body, "one");
  auto [next_request, next_responder] = TakeHeld();
  EXPECT_EQ(next_request.body.size(), 20'000u);
  next_responder.Send(Response::Text(200, "two"));
  EXPECT_EQ(second.ReadResponse()->body, "two");
}

TEST_F(Http1, BodiesThatFindNoMemoryAreRefused) {
  ServerOptions options;
  options.queue_bytes_max = 50'000;
  options.body_timeout_ms = 500;  // longer than a body of 55 kB takes, however busy the machine
  server_ = std::make_unique<TestServer>(options);
  server_->router.Add(TestRoute("POST", "/hold", [this](Request request, Responder responder) {
    std::lock_guard lock(mutex_);
    held_.emplace_back(std::move(request), std::move(responder));
    changed_.notify_all();
  }));
  server_->Start();
  EXPECT_EQ(StatusThenEnd(Post("/hold", std::string(70'000, 'x'))),
            429);  // past the hard mark at once
  TestClient first(server_->port);
  first.Send(Post("/hold", std::string(55'000, 'x')));
  auto [request, responder] = TakeHeld();
  EXPECT_EQ(StatusThenEnd(Post("/hold", "y")), 429);  // after waiting
  responder.Send(Response::Text(200, ""));
  EXPECT_EQ(first.ReadResponse()->status, 200);
}

TEST_F(Http1, ShutdownFinishesWhatItHolds) {
  StartServer();
  TestClient busy(server_->port);
  TestClient idle(server_->port);
  idle.Send(Get("/hello"));
  EXPECT_EQ(idle.ReadResponse()->status, 200);
  busy.Send(Get("/held"));
  auto [request, responder] = TakeHeld();
  std::thread stopping([&] { server_->server->Shutdown(std::chrono::seconds(10)); });
  EXPECT_TRUE(idle.AtEnd());
  EXPECT_FALSE(request.cancel.cancelled());
  responder.Send(Response::Text(200, "finished"));
  const auto response = busy.ReadResponse();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "finished");
  EXPECT_EQ(response->headers.at("connection"), "close");
  EXPECT_TRUE(busy.AtEnd());
  stopping.join();
  server_->server->Shutdown(std::chrono::seconds(10));
}

TEST_F(Http1, ShutdownEndsAfterItsGrace) {
  StartServer();
  TestClient client(server_->port);
  client.Send(Get("/held"));
  auto [request, responder] = TakeHeld();
  server_->server->Shutdown(std::chrono::milliseconds(20));
  EXPECT_TRUE(request.cancel.cancelled());
  EXPECT_TRUE(client.AtEnd());
}

TEST_F(Http1, NoiseNeverHurts) {
  StartServer();
  std::mt19937 random(11);
  const std::string good = Post("/echo", "hello") + Get("/hello?name=x");
  for (int round = 0; round < 300; ++round) {
    std::string bytes = good;
    for (int i = 0; i < 3; ++i) bytes[random() % bytes.size()] = static_cast<char>(random());
    TestClient client(server_->port);
    client.Send(bytes);
    client.ShutdownSend();
    client.ReadToEnd();
  }
  TestClient client(server_->port);
  client.Send(good);
  EXPECT_EQ(client.ReadResponse()->body, "hello");
}

}  // namespace
}  // namespace skep::net
