// SPDX-License-Identifier: Apache-2.0
// For tests: a blocking TCP client that says and reads raw bytes, and a server that is stopped with
// its test. A read gives up after ten seconds and fails the test, so that a broken server does not
// hang it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/router.h"
#include "net/server.h"

namespace skep::net {

struct TestResponse {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

class TestClient {
 public:
  explicit TestClient(uint16_t port);
  ~TestClient();
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;

  // False when the server has closed.
  bool Send(std::string_view bytes);
  void ShutdownSend();
  // The next bytes; empty at the end of the stream.
  std::string ReadSome();
  // Exactly `size` bytes, fewer at the end.
  std::string Read(size_t size);
  std::string ReadToEnd();
  // The next HTTP/1.1 response; empty when the stream ends before it. A response to HEAD has no
  // body.
  std::optional<TestResponse> ReadResponse(bool to_head = false);
  // True when the server closes without another byte.
  bool AtEnd() { return ReadSome().empty(); }

 private:
  bool Fill();

  int socket_ = -1;
  std::string buffer_;
};

// A server on a free port, with its router.
struct TestServer {
  explicit TestServer(ServerOptions options = {});
  // After the routes are set.
  void Start();

  Router router;
  std::unique_ptr<Server> server;
  uint16_t port = 0;
};

Route TestRoute(std::string method, std::string path, Handler handler);

}  // namespace skep::net
