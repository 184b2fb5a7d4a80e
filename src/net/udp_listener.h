// SPDX-License-Identifier: Apache-2.0
// UdpListener: receives datagrams in batches on a thread of its own, behind a large kernel buffer,
// and counts what the kernel dropped. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>

#include "base/result.h"
#include "net/server.h"

namespace skep::net {

class UdpListener {
 public:
  static Result<std::unique_ptr<UdpListener>> Create(const ListenAddress& address,
                                                     DatagramHandler handler);
  ~UdpListener();
  UdpListener(const UdpListener&) = delete;
  UdpListener& operator=(const UdpListener&) = delete;

  uint16_t port() const { return port_; }
  uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }
  void Start();
  // Hands over what the socket holds, then ends the thread. Safe to call twice.
  void Stop();

 private:
  explicit UdpListener(DatagramHandler handler) : handler_(std::move(handler)) {}
  Status Bind(const ListenAddress& address);
  void Receive();

  const DatagramHandler handler_;
  int socket_ = -1;
  int wake_up_ = -1;  // an eventfd; readable when the thread shall end
  uint16_t port_ = 0;
  std::atomic<uint64_t> dropped_{0};
  std::thread thread_;
};

}  // namespace skep::net
