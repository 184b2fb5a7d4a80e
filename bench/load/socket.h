// SPDX-License-Identifier: Apache-2.0
// Socket: a blocking TCP connection. Errors close it and are told by text. Used by one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace skep::load {

class Socket {
 public:
  Socket() = default;
  ~Socket() { Close(); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  bool connected() const { return fd_ >= 0; }
  bool Connect(const std::string& host, uint16_t port);
  // All of it, in one system call where the kernel takes it.
  bool Write(std::string_view head, std::string_view body = {});
  // Bytes read, 0 at the end of the stream or after an error.
  size_t Read(char* buffer, size_t size);
  void Close();
  const std::string& error() const { return error_; }

 private:
  bool Fail(const char* what);
  int fd_ = -1;
  std::string error_;
};

}  // namespace skep::load
