// SPDX-License-Identifier: Apache-2.0
// Listener: accepts connections on one address and spreads them over the I/O threads. Its
// operations run on the first of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "net/asio.h"
#include "net/io_thread.h"

namespace skep::net {

using IoThreads = std::vector<std::shared_ptr<IoThread>>;

class Listener {
 public:
  static Result<std::unique_ptr<Listener>> Create(const ListenAddress& address,
                                                  const Router* router, const IoThreads& threads);

  uint16_t port() const { return port_; }
  // Both from any thread. Stop returns before the last callback has run; the I/O threads must be
  // ended before the end of it.
  void Start();
  void Stop();

 private:
  Listener(const Router* router, const IoThreads& threads);
  Status Bind(const ListenAddress& address);
  void Accept();
  void Accepted(IoThread* io, tcp::socket socket);
  void Rest();

  const Router* const router_;
  const IoThreads threads_;
  size_t next_thread_ = 0;
  tcp::acceptor acceptor_;
  asio::steady_timer timer_;
  uint16_t port_ = 0;
  bool started_ = false;
};

// A numeric address or `localhost`.
Result<asio::ip::address> ParseListenHost(const std::string& host);

}  // namespace skep::net
