// SPDX-License-Identifier: Apache-2.0
#include "net/test_client.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include "base/check.h"

namespace skep::net {

TestClient::TestClient(uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  SKEP_CHECK(connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
  const int yes = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
  const timeval ten_seconds = {10, 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &ten_seconds, sizeof(ten_seconds));
  setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &ten_seconds, sizeof(ten_seconds));
}

TestClient::~TestClient() { close(socket_); }

bool TestClient::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

void TestClient::ShutdownSend() { shutdown(socket_, SHUT_WR); }

bool TestClient::Fill() {
  std::array<char, 65536> bytes;
  const ssize_t size = recv(socket_, bytes.data(), bytes.size(), 0);
  if (size < 0 && errno == EAGAIN) ADD_FAILURE() << "the server neither said more nor closed";
  if (size <= 0) return false;
  buffer_.append(bytes.data(), static_cast<size_t>(size));
  return true;
}

std::string TestClient::ReadSome() {
  if (buffer_.empty()) Fill();
  return std::exchange(buffer_, std::string());
}

std::string TestClient::Read(size_t size) {
  while (buffer_.size() < size && Fill()) {
  }
  std::string bytes = buffer_.substr(0, size);
  buffer_.erase(0, bytes.size());
  return bytes;
}

std::string TestClient::ReadToEnd() {
  while (Fill()) {
  }
  return std::exchange(buffer_, std::string());
}

std::optional<TestResponse> TestClient::ReadResponse(bool to_head) {
  size_t end = buffer_.find("\r\n\r\n");
  while (end == std::string::npos) {
    if (!Fill()) return std::nullopt;
    end = buffer_.find("\r\n\r\n");
  }
  const std::string head = Read(end + 4);
  TestResponse response;
  response.status = std::atoi(head.c_str() + std::string_view("HTTP/1.1 ").size());
  size_t line = head.find("\r\n") + 2;
  while (line < end) {
    const size_t colon = head.find(": ", line);
    const size_t line_end = head.find("\r\n", line);
    response.headers[head.substr(line, colon - line)] =
        head.substr(colon + 2, line_end - colon - 2);
    line = line_end + 2;
  }
  const auto length = response.headers.find("content-length");
  if (length != response.headers.end() && !to_head)
    response.body = Read(static_cast<size_t>(std::atoll(length->second.c_str())));
  return response;
}

TestServer::TestServer(ServerOptions options) {
  auto created = Server::Create(options);
  SKEP_CHECK(created.has_value());
  server = std::move(*created);
}

void TestServer::Start() {
  const auto bound = server->Listen({}, &router);
  SKEP_CHECK(bound.has_value());
  port = *bound;
  server->Start();
}

Route TestRoute(std::string method, std::string path, Handler handler) {
  Route route;
  route.method = std::move(method);
  route.path = std::move(path);
  route.handler = std::move(handler);
  return route;
}

}  // namespace skep::net
