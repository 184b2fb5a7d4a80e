// SPDX-License-Identifier: Apache-2.0
// HttpServer: serves a Router over HTTP/1.1, with the server's span, segment, person and request
// around each call, Flask's CORS headers, and a line in the log after each. cpp-httplib reads and
// writes the bytes; it routes nothing, compresses nothing and answers no ranges, so that what is
// recorded is what was sent.
#pragma once

#include <skep/sdk/http/server.h>

#include <cstdint>
#include <memory>
#include <string>

#include "router.h"
#include "telemetry.h"

namespace activities {

class HttpServer {
 public:
  // All must outlive it.
  HttpServer(const Router& router, const Telemetry& telemetry,
             const skep::sdk::http::ServerMiddleware& middleware);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Returns the port; 0 if the address cannot be had.
  int Bind(const std::string& host, uint16_t port);
  // Until Stop. Then the requests that came are answered; idle connections are closed within a
  // second.
  void Serve();
  void Stop();  // from any thread

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace activities
