// SPDX-License-Identifier: Apache-2.0
#include "load/socket.h"

#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace skep::load {

bool Socket::Fail(const char* what) {
  error_ = std::string(what) + ": " + std::strerror(errno);
  Close();
  return false;
}

bool Socket::Connect(const std::string& host, uint16_t port) {
  Close();
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0)
    return Fail("resolve");
  fd_ = socket(found->ai_family, found->ai_socktype | SOCK_CLOEXEC, found->ai_protocol);
  const bool connected = fd_ >= 0 && connect(fd_, found->ai_addr, found->ai_addrlen) == 0;
  freeaddrinfo(found);
  if (!connected) return Fail("connect");
  const int on = 1;
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  return true;
}

bool Socket::Write(std::string_view head, std::string_view body) {
  while (!head.empty() || !body.empty()) {
    std::array<iovec, 2> parts = {{{const_cast<char*>(head.data()), head.size()},
                                   {const_cast<char*>(body.data()), body.size()}}};
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    const ssize_t sent = sendmsg(fd_, &message, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return Fail("send");
    const auto of_head = std::min(static_cast<size_t>(sent), head.size());
    head.remove_prefix(of_head);
    body.remove_prefix(static_cast<size_t>(sent) - of_head);
  }
  return true;
}

size_t Socket::Read(char* buffer, size_t size) {
  for (;;) {
    const ssize_t got = recv(fd_, buffer, size, 0);
    if (got > 0) return static_cast<size_t>(got);
    if (got < 0 && errno == EINTR) continue;
    if (got == 0) errno = ECONNRESET;
    Fail("receive");
    return 0;
  }
}

void Socket::Close() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

}  // namespace skep::load
