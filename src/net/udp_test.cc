// SPDX-License-Identifier: Apache-2.0
// Datagrams through the whole server.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "net/test_client.h"

namespace skep::net {
namespace {

class Udp : public testing::Test {
 protected:
  void SetUp() override {
    const auto port = server_.server->ListenUdp({}, [this](const std::vector<Datagram>& datagrams) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return !blocked_; });
      for (const Datagram& datagram : datagrams) {
        received_.emplace_back(datagram.bytes);
        EXPECT_EQ(datagram.peer_address, "127.0.0.1");
      }
      changed_.notify_all();
    });
    ASSERT_TRUE(port);
    socket_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(*port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  }
  void TearDown() override { close(socket_); }

  void Send(std::string_view bytes) {
    EXPECT_EQ(send(socket_, bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
  }
  void Block(bool blocked) {
    std::lock_guard lock(mutex_);
    blocked_ = blocked;
    changed_.notify_all();
  }
  void WaitFor(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return received_.size() >= count; });
  }

  TestServer server_;
  int socket_ = -1;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool blocked_ = false;
  std::vector<std::string> received_;
};

TEST_F(Udp, WholeAndInOrder) {
  server_.Start();
  std::vector<std::string> sent;
  for (const size_t size : {0, 1, 1500, 65'507})
    sent.emplace_back(size, static_cast<char>('a' + size % 26));
  for (int i = 0; i < 200; ++i) sent.push_back(std::to_string(i));
  for (size_t i = 0; i < sent.size(); ++i) {
    Send(sent[i]);
    if (i % 20 == 3) WaitFor(i + 1);  // what small receive buffers hold
  }
  WaitFor(sent.size());
  EXPECT_TRUE(received_ == sent);
  EXPECT_EQ(server_.server->UdpDropped(), 0u);
}

TEST_F(Udp, ShutdownHandsOverWhatTheSocketHolds) {
  Block(true);
  server_.Start();
  for (int i = 0; i < 100; ++i) Send(std::to_string(i));
  std::thread stopping([&] { server_.server->Shutdown(std::chrono::seconds(10)); });
  Block(false);
  stopping.join();
  EXPECT_EQ(received_.size(), 100u);
}

TEST_F(Udp, WhatTheKernelDropsIsCounted) {
  Block(true);
  server_.Start();
  const std::string large(60'000, 'x');
  constexpr size_t kSent = 3000;  // more than any receive buffer that is asked for
  for (size_t i = 0; i < kSent; ++i) Send(large);
  Block(false);
  // The kernel tells with the next datagram that it takes.
  while (server_.server->UdpDropped() == 0) {
    Send("after");
    std::this_thread::yield();
  }
  server_.server->Shutdown(std::chrono::seconds(10));
  size_t large_received = 0;
  for (const std::string& datagram : received_) large_received += datagram.size() == large.size();
  EXPECT_LT(large_received, kSent);
  EXPECT_GE(large_received + server_.server->UdpDropped(), kSent);
}

}  // namespace
}  // namespace skep::net
