// SPDX-License-Identifier: Apache-2.0
#include "net/udp_listener.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "net/listener.h"

namespace skep::net {
namespace {

constexpr size_t kBatch = 64;
constexpr size_t kDatagramBytes = 64u << 10;
constexpr int kReceiveBufferBytes = 32 << 20;
constexpr size_t kDrainBatchesMax = 4096;  // at the end: what a full buffer can hold

// Storage for one recvmmsg call.
struct Batch {
  std::unique_ptr<char[]> bytes{new char[kBatch * kDatagramBytes]};
  std::array<mmsghdr, kBatch> messages{};
  std::array<iovec, kBatch> parts{};
  std::array<sockaddr_storage, kBatch> peers{};
  alignas(cmsghdr) std::array<std::array<char, CMSG_SPACE(sizeof(uint32_t))>, kBatch> controls{};

  void Prepare() {
    for (size_t i = 0; i < kBatch; ++i) {
      parts[i] = {bytes.get() + i * kDatagramBytes, kDatagramBytes};
      msghdr& header = messages[i].msg_hdr;
      header = {};
      header.msg_name = &peers[i];
      header.msg_namelen = sizeof(peers[i]);
      header.msg_iov = &parts[i];
      header.msg_iovlen = 1;
      header.msg_control = controls[i].data();
      header.msg_controllen = controls[i].size();
    }
  }
};

std::string PeerAddress(const sockaddr_storage& peer) {
  std::array<char, INET6_ADDRSTRLEN> text = {};
  if (peer.ss_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(&peer);
    inet_ntop(AF_INET, &v4->sin_addr, text.data(), text.size());
  } else {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&peer);
    if (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr)) {
      inet_ntop(AF_INET, &v6->sin6_addr.s6_addr[12], text.data(), text.size());
    } else {
      inet_ntop(AF_INET6, &v6->sin6_addr, text.data(), text.size());
    }
  }
  return text.data();
}

// How many datagrams the kernel has dropped so far, as it says with each.
void ReadDropCount(msghdr* header, uint32_t* count) {
  for (cmsghdr* control = CMSG_FIRSTHDR(header); control != nullptr;
       control = CMSG_NXTHDR(header, control))
    if (control->cmsg_level == SOL_SOCKET && control->cmsg_type == SO_RXQ_OVFL)
      std::memcpy(count, CMSG_DATA(control), sizeof(*count));
}

Error SystemError(std::string_view what) {
  return {Code::kUnavailable, fmt::format("{}: {}", what, std::strerror(errno))};
}

}  // namespace

Result<std::unique_ptr<UdpListener>> UdpListener::Create(const ListenAddress& address,
                                                         DatagramHandler handler) {
  std::unique_ptr<UdpListener> listener(new UdpListener(std::move(handler)));
  SKEP_TRY(listener->Bind(address));
  return listener;
}

UdpListener::~UdpListener() {
  Stop();
  if (socket_ >= 0) close(socket_);
  if (wake_up_ >= 0) close(wake_up_);
}

Status UdpListener::Bind(const ListenAddress& address) {
  SKEP_ASSIGN(const asio::ip::address host, ParseListenHost(address.host));
  wake_up_ = eventfd(0, EFD_CLOEXEC);
  if (wake_up_ < 0) return SystemError("cannot make an eventfd");
  socket_ = socket(host.is_v6() ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket_ < 0) return SystemError("cannot open a UDP socket");
  const int yes = 1;
  setsockopt(socket_, SOL_SOCKET, SO_RXQ_OVFL, &yes, sizeof(yes));
  // Past the system's limit with privilege, else up to it: bursts are what the buffer is for.
  if (setsockopt(socket_, SOL_SOCKET, SO_RCVBUFFORCE, &kReceiveBufferBytes, sizeof(int)) != 0)
    setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &kReceiveBufferBytes, sizeof(int));
  const tcp::endpoint endpoint(host, address.port);  // only its bytes are used, which are UDP's too
  if (bind(socket_, endpoint.data(), static_cast<socklen_t>(endpoint.size())) != 0)
    return SystemError(fmt::format("cannot listen on {} UDP port {}", address.host, address.port));
  sockaddr_storage bound = {};
  socklen_t size = sizeof(bound);
  if (getsockname(socket_, reinterpret_cast<sockaddr*>(&bound), &size) != 0)
    return SystemError("cannot read the UDP port");
  port_ = ntohs(host.is_v6() ? reinterpret_cast<sockaddr_in6*>(&bound)->sin6_port
                             : reinterpret_cast<sockaddr_in*>(&bound)->sin_port);
  return {};
}

void UdpListener::Start() {
  if (!thread_.joinable()) thread_ = std::thread([this] { Receive(); });
}

void UdpListener::Stop() {
  if (!thread_.joinable()) return;
  const uint64_t one = 1;
  if (write(wake_up_, &one, sizeof(one)) != sizeof(one))
    LogError("net", SystemError("cannot end the UDP thread"));
  thread_.join();
}

void UdpListener::Receive() {
  Batch batch;
  std::vector<Datagram> datagrams;
  datagrams.reserve(kBatch);
  uint32_t last_count = 0;
  size_t batches_left = kDrainBatchesMax;
  bool stopping = false;
  while (batches_left != 0) {
    if (!stopping) {
      std::array<pollfd, 2> wait = {{{socket_, POLLIN, 0}, {wake_up_, POLLIN, 0}}};
      if (poll(wait.data(), wait.size(), -1) < 0 && errno != EINTR) {
        LogError("net", SystemError("cannot wait for datagrams"));
        return;
      }
      stopping = (wait[1].revents & POLLIN) != 0;
    }
    batch.Prepare();
    const int received = recvmmsg(socket_, batch.messages.data(), kBatch, MSG_DONTWAIT, nullptr);
    if (received <= 0) {  // nothing there; errors of single datagrams (ICMP) are told once and gone
      if (stopping) return;
      continue;
    }
    if (stopping) --batches_left;
    datagrams.clear();
    uint32_t count = last_count;
    for (size_t i = 0; i < static_cast<size_t>(received); ++i) {
      ReadDropCount(&batch.messages[i].msg_hdr, &count);
      datagrams.push_back({{batch.bytes.get() + i * kDatagramBytes, batch.messages[i].msg_len},
                           PeerAddress(batch.peers[i])});
    }
    dropped_.fetch_add(count - last_count, std::memory_order_relaxed);
    last_count = count;
    handler_(datagrams);
  }
}

}  // namespace skep::net
