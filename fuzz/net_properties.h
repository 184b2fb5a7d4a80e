// SPDX-License-Identifier: Apache-2.0
// What must hold for bytes that a client sends: the same from any cut, and a server that goes on.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "base/check.h"
#include "net/chunked_decoder.h"
#include "net/router.h"
#include "net/server.h"

namespace skep::net {

// The body, and how it ended, from `bytes` fed `piece` at a time.
inline std::string DecodeChunksInPieces(std::string_view bytes, size_t piece) {
  ChunkedDecoder decoder;
  std::string body;
  size_t end = 0;
  for (size_t at = 0; at < bytes.size() && !decoder.done();) {
    if (at == end) end = std::min(bytes.size(), at + piece);
    const auto step = decoder.Feed(bytes.substr(at, end - at));
    if (!step) return body + " broken";
    SKEP_CHECK(step->used > 0 && step->used <= end - at && step->data.size() <= step->used);
    body += step->data;
    at += step->used;
  }
  return body + (decoder.done() ? " whole" : " cut");
}

// A server with one path for POST and one unary method, both of which give the body back.
class FuzzServer {
 public:
  FuzzServer() {
    for (const char* path : {"/echo", "/test.Echo/Echo"}) {
      Route route;
      route.method = "POST";
      route.path = path;
      route.body_bytes_max = 4096;
      route.handler = [](const Request& request, Responder responder) {
        SKEP_CHECK(request.body.size() <= 4096);
        responder.Send(Response::Text(200, std::string(request.body.view())));
      };
      router_.Add(std::move(route));
    }
    ServerOptions options;
    options.io_threads = options.ingest_workers = options.query_workers = 1;
    options.header_bytes_max = 4096;
    server_ = std::move(*Server::Create(options));
    address_.sin_family = AF_INET;
    address_.sin_port = htons(*server_->Listen({}, &router_));
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server_->Start();
  }

  // Sends `bytes` and nothing more, and hears the server out.
  std::string Exchange(std::string_view bytes) {
    const int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    SKEP_CHECK(connect(client, reinterpret_cast<sockaddr*>(&address_), sizeof(address_)) == 0);
    (void)!send(client, bytes.data(), bytes.size(), MSG_NOSIGNAL);  // it may have closed already
    shutdown(client, SHUT_WR);
    std::string said;
    std::array<char, 65536> buffer;
    for (ssize_t size = 0; (size = recv(client, buffer.data(), buffer.size(), 0)) > 0;)
      said.append(buffer.data(), static_cast<size_t>(size));
    close(client);
    return said;
  }

 private:
  Router router_;
  std::unique_ptr<Server> server_;
  sockaddr_in address_ = {};
};

}  // namespace skep::net
