// SPDX-License-Identifier: Apache-2.0
// Stream: a connected socket, plain or under TLS. Reads and writes call back on the socket's I/O
// thread with (error, bytes). Owned by one connection; thread-compatible.
#pragma once

#include <utility>

#include "net/asio.h"

namespace skep::net {

class Stream {
 public:
  Stream() = default;
  explicit Stream(tcp::socket socket) : socket_(std::make_unique<tcp::socket>(std::move(socket))) {}

  template <typename Buffers, typename Done>
  void ReadSome(const Buffers& buffers, Done done) {
    socket_->async_read_some(buffers, std::move(done));
  }

  template <typename Buffers, typename Done>
  void WriteSome(const Buffers& buffers, Done done) {
    socket_->async_write_some(buffers, std::move(done));
  }

  // Tells the client that nothing more comes; it may go on sending.
  void ShutdownSend() {
    error_code ignored;  // a client that is gone already is no error here
    socket_->shutdown(tcp::socket::shutdown_send, ignored);
  }

  void Close() {
    error_code ignored;  // the descriptor is gone either way
    if (socket_ != nullptr) socket_->close(ignored);
  }

 private:
  std::unique_ptr<tcp::socket> socket_;
};

}  // namespace skep::net
