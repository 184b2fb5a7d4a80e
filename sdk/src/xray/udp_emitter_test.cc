// SPDX-License-Identifier: Apache-2.0
#include "xray/udp_emitter.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <unistd.h>

#include <deque>
#include <string>
#include <thread>
#include <vector>

#include "delivery/fake_clock.h"

namespace skep::sdk::xray {
namespace {

using std::chrono::seconds;

// A UDP port of the loopback address; `family` AF_INET or AF_INET6.
class Receiver {
 public:
  explicit Receiver(int family = AF_INET) : fd_(socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    if (family == AF_INET6) {
      sockaddr_in6 address{};
      address.sin6_family = AF_INET6;
      address.sin6_addr = in6addr_loopback;
      Bind(address);
      port_ = ntohs(address.sin6_port);
    } else {
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      Bind(address);
      port_ = ntohs(address.sin_port);
    }
  }
  ~Receiver() { close(fd_); }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  std::string Receive() const {
    std::string datagram(70'000, '\0');
    const ssize_t size = recv(fd_, datagram.data(), datagram.size(), 0);
    datagram.resize(size < 0 ? 0 : static_cast<size_t>(size));
    return datagram;
  }
  bool IsBound() const { return bound_; }
  uint16_t Port() const { return port_; }
  Endpoint Where(const std::string& host = "127.0.0.1") const { return {host, port_}; }

 private:
  template <typename Address>
  void Bind(Address& address) {
    socklen_t length = sizeof address;
    bound_ = bind(fd_, reinterpret_cast<const sockaddr*>(&address), length) == 0 &&
             getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &length) == 0;
  }
  int fd_;
  bool bound_ = false;
  uint16_t port_ = 0;
};

SocketAddress Loopback(uint16_t port) {
  SocketAddress address;
  auto* in = reinterpret_cast<sockaddr_in*>(&address.storage);
  in->sin_family = AF_INET;
  in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  in->sin_port = htons(port);
  address.length = sizeof(sockaddr_in);
  return address;
}

// A name server that answers when told to.
struct FakeNames {
  EmitterParts Parts() {
    return {[this](const Endpoint&) { return answer; },
            [this](std::function<void()> job) { jobs.push_back(std::move(job)); }};
  }
  void Answer() {
    const auto job = std::move(jobs.front());
    jobs.pop_front();
    job();
  }
  std::optional<SocketAddress> answer;
  std::deque<std::function<void()>> jobs;
};

uint64_t Balance(const ExportCounters& counters) {
  return counters.accepted - counters.sent - counters.Dropped();
}

TEST(UdpEmitter, SendsOneDatagramADocument) {
  const Receiver receiver;
  const auto emitter = UdpEmitter("127.0.0.1:" + std::to_string(receiver.Port()));
  emitter->Send("{\"a\":1}", 1);
  emitter->Send("{\"b\":1}", 3);
  EXPECT_EQ(receiver.Receive(), "{\"format\":\"json\",\"version\":1}\n{\"a\":1}");
  EXPECT_EQ(receiver.Receive(), "{\"format\":\"json\",\"version\":1}\n{\"b\":1}");
  EXPECT_EQ(emitter->Counters()->accepted, 4u);
  EXPECT_EQ(emitter->Counters()->sent, 4u);
  EXPECT_TRUE(emitter->Flush(seconds(0)));
}

TEST(UdpEmitter, SendsWhatADocumentMayHave) {
  const Receiver receiver;
  const auto emitter =
      UdpEmitter("udp:127.0.0.1:" + std::to_string(receiver.Port()) + " tcp:127.0.0.1:1");
  emitter->Send(std::string(kDocumentBytesMax, 'x'), 1);
  EXPECT_EQ(receiver.Receive().size(), 65507u);
  emitter->Send(std::string(kDocumentBytesMax + 1, 'x'), 2);
  EXPECT_EQ(emitter->Counters()->sent, 1u);
  EXPECT_EQ(emitter->Counters()->rejected, 2u);
}

TEST(UdpEmitter, SpeaksIpv6) {
  const Receiver receiver(AF_INET6);
  if (!receiver.IsBound()) GTEST_SKIP() << "this machine has no IPv6 loopback";
  const auto emitter = UdpEmitter("[::1]:" + std::to_string(receiver.Port()));
  emitter->Send("{}", 1);
  EXPECT_EQ(receiver.Receive(), "{\"format\":\"json\",\"version\":1}\n{}");
}

TEST(UdpEmitter, CountsWhereNobodyListens) {
  uint16_t port = 0;
  {
    const Receiver gone;
    port = gone.Port();
  }
  const auto emitter = UdpEmitter("127.0.0.1:" + std::to_string(port));
  for (int i = 0; i < 10; ++i) emitter->Send("{}", 2);
  // The kernel's answer to the last one may still be on its way.
  EXPECT_GE(emitter->Counters()->rejected, 2u);
  EXPECT_EQ(emitter->Counters()->accepted, 20u);
  EXPECT_EQ(Balance(*emitter->Counters()), 0u);
}

TEST(UdpEmitter, CountsWithoutAnAddress) {
  const auto emitter = UdpEmitter("nonsense");
  emitter->Send("{}", 2);
  EXPECT_EQ(emitter->Counters()->rejected, 2u);
}

TEST(UdpEmitter, KeepsDocumentsWhileANameIsLookedUp) {
  const Receiver receiver;
  const FakeClock clock;
  FakeNames names{.answer = Loopback(receiver.Port()), .jobs = {}};
  DatagramEmitter emitter(receiver.Where("daemon.test"), clock, names.Parts());
  emitter.Send("{\"a\":1}", 1);
  EXPECT_EQ(emitter.Counters()->sent, 0u);
  EXPECT_FALSE(emitter.Flush(std::chrono::milliseconds(0)));
  ASSERT_EQ(names.jobs.size(), 1u);
  names.Answer();
  EXPECT_TRUE(emitter.Flush(seconds(0)));
  emitter.Send("{\"b\":1}", 1);
  EXPECT_NE(receiver.Receive().find("{\"a\":1}"), std::string::npos);
  EXPECT_NE(receiver.Receive().find("{\"b\":1}"), std::string::npos);
  EXPECT_EQ(emitter.Counters()->sent, 2u);
}

TEST(UdpEmitter, AsksForANameAgainAfterAWhile) {
  const Receiver receiver;
  FakeClock clock;
  FakeNames names;
  DatagramEmitter emitter(receiver.Where("daemon.test"), clock, names.Parts());
  names.Answer();
  emitter.Send("{}", 1);
  EXPECT_TRUE(names.jobs.empty());
  clock.Advance(seconds(30));
  names.answer = Loopback(receiver.Port());
  emitter.Send("{}", 1);
  ASSERT_EQ(names.jobs.size(), 1u);
  names.Answer();
  EXPECT_EQ(emitter.Counters()->sent, 2u);
  EXPECT_FALSE(receiver.Receive().empty());
}

TEST(UdpEmitter, FollowsADaemonThatMoved) {
  const Receiver moved;
  uint16_t old_port = 0;
  {
    const Receiver gone;
    old_port = gone.Port();
  }
  FakeClock clock;
  FakeNames names{.answer = Loopback(old_port), .jobs = {}};
  DatagramEmitter emitter(Endpoint{"daemon.test", 2000}, clock, names.Parts());
  names.Answer();
  names.answer = Loopback(moved.Port());
  clock.Advance(seconds(30));
  // A refusal is known at the next send at the latest; it starts another look-up.
  while (names.jobs.empty()) emitter.Send("{}", 1);
  names.Answer();
  emitter.Send("{\"moved\":1}", 1);
  EXPECT_NE(moved.Receive().find("moved"), std::string::npos);
  EXPECT_EQ(Balance(*emitter.Counters()), 0u);
}

TEST(UdpEmitter, BoundsWhatWaitsAndCountsIt) {
  const FakeClock clock;
  FakeNames names;
  std::shared_ptr<ExportCounters> counters;
  {
    DatagramEmitter emitter(Endpoint{"daemon.test", 2000}, clock, names.Parts());
    counters = emitter.Counters();
    for (int i = 0; i < 100; ++i) emitter.Send(std::string(60'000, 'x'), 1);
    EXPECT_EQ(counters->dropped_full, 100u - (1u << 20) / 60'000);
    EXPECT_EQ(counters->sent, 0u);
  }
  EXPECT_EQ(counters->dropped_shutdown, (1u << 20) / 60'000);
  EXPECT_EQ(Balance(*counters), 0u);
  names.Answer();  // after the emitter is gone
}

TEST(UdpEmitter, FindsLocalhostByItself) {
  const Receiver receiver;
  const auto emitter = UdpEmitter("localhost:" + std::to_string(receiver.Port()));
  emitter->Send("{}", 1);
  ASSERT_TRUE(emitter->Flush(seconds(60)));
  ASSERT_EQ(emitter->Counters()->sent, 1u);
  EXPECT_EQ(receiver.Receive(), "{\"format\":\"json\",\"version\":1}\n{}");
}

TEST(UdpEmitter, IsSharedByThreads) {
  const Receiver receiver;
  const FakeClock clock;
  FakeNames names{.answer = Loopback(receiver.Port()), .jobs = {}};
  DatagramEmitter emitter(receiver.Where("daemon.test"), clock, names.Parts());
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) emitter.Send("{}", 1);
    });
  }
  names.Answer();
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(emitter.Flush(seconds(0)));
  EXPECT_EQ(emitter.Counters()->accepted, 200u);
  EXPECT_EQ(Balance(*emitter.Counters()), 0u);
}

}  // namespace
}  // namespace skep::sdk::xray
