// SPDX-License-Identifier: Apache-2.0
// Client: one connection that sends one request at a time and waits for its answer, over HTTP/1.1
// or gRPC; datagrams have none. Connects anew when the connection broke. Used by one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace skep::load {

struct Reply {
  std::string status;  // "200", "grpc 0", or what the operating system said
  bool accepted = false;
  bool retry = false;  // the server asks to send the same again
  double retry_after_s = 0;
};

struct Target {
  std::string host = "127.0.0.1";
  uint16_t port = 4318;
  std::string path;     // of the HTTP endpoint, or the gRPC method
  std::string headers;  // of HTTP, whole lines
};

class Client {
 public:
  virtual ~Client() = default;
  virtual Reply Send(std::string_view body) = 0;
};

std::unique_ptr<Client> MakeHttpClient(const Target& target);
std::unique_ptr<Client> MakeGrpcClient(const Target& target);
std::unique_ptr<Client> MakeDatagramClient(const Target& target);

}  // namespace skep::load
