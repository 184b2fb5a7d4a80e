// SPDX-License-Identifier: Apache-2.0
// Server: listens for HTTP/1.1, HTTP/2 (h2c with prior knowledge, or ALPN under TLS) and gRPC on
// any number of addresses, each with its Router, and for UDP datagrams. I/O threads read and write;
// handlers run on workers behind bounded queues. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/counters.h"
#include "base/result.h"
#include "net/router.h"

namespace skep::net {

struct ServerOptions {
  int io_threads = 2;
  int ingest_workers = 2;
  int query_workers = 4;
  size_t queue_requests_max = 1024;  // per lane
  size_t queue_bytes_max =
      256u << 20;  // bodies read and not yet answered, all connections together
  size_t header_bytes_max = 64u << 10;
  size_t connections_max = 4096;
  int64_t header_timeout_ms = 15'000;  // a request's headers must be complete within it
  int64_t body_timeout_ms = 60'000;    // and each further 64 KiB of its body
  int64_t idle_timeout_ms = 120'000;
};

struct ListenAddress {
  std::string host = "127.0.0.1";
  uint16_t port = 0;  // 0: any free one
};

// Up to `count` datagrams received at once; views are good during the call only. Runs on the UDP
// thread.
struct Datagram {
  std::string_view bytes;
  std::string peer_address;
};
using DatagramHandler = std::function<void(const std::vector<Datagram>&)>;

class Server {
 public:
  static Result<std::unique_ptr<Server>> Create(ServerOptions options);
  virtual ~Server() = default;

  // Returns the port bound. The router must outlive the server.
  virtual Result<uint16_t> Listen(const ListenAddress& address, const Router* router) = 0;
  virtual Result<uint16_t> ListenUdp(const ListenAddress& address, DatagramHandler handler) = 0;
  virtual void Start() = 0;
  // Datagrams that the kernel threw away because they were not read in time, over all UDP sockets.
  virtual uint64_t UdpDropped() const = 0;
  // Stops accepting, finishes what it holds (at most `grace`), closes. Safe to call twice.
  virtual void Shutdown(std::chrono::milliseconds grace) = 0;
};

}  // namespace skep::net
