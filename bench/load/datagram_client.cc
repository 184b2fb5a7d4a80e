// SPDX-License-Identifier: Apache-2.0
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "load/client.h"

namespace skep::load {
namespace {

class DatagramClient final : public Client {
 public:
  explicit DatagramClient(const Target& target) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_DGRAM;
    addrinfo* found = nullptr;
    if (getaddrinfo(target.host.c_str(), std::to_string(target.port).c_str(), &hints, &found) != 0)
      return;  // Send says so
    fd_ = socket(found->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd_ >= 0 && connect(fd_, found->ai_addr, found->ai_addrlen) != 0) {
      close(fd_);
      fd_ = -1;
    }
    freeaddrinfo(found);
  }
  ~DatagramClient() override {
    if (fd_ >= 0) close(fd_);
  }

  Reply Send(std::string_view body) override {
    if (fd_ >= 0 && send(fd_, body.data(), body.size(), 0) == static_cast<ssize_t>(body.size()))
      return {"sent", true};
    return {std::string("send: ") + std::strerror(errno)};
  }

 private:
  int fd_ = -1;
};

}  // namespace

std::unique_ptr<Client> MakeDatagramClient(const Target& target) {
  return std::make_unique<DatagramClient>(target);
}

}  // namespace skep::load
