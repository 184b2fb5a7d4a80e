// SPDX-License-Identifier: Apache-2.0
#include "xray/udp_emitter.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <new>
#include <system_error>
#include <thread>

#include "core/fork.h"

namespace skep::sdk::xray {
namespace {

constexpr std::string_view kHeader = "{\"format\":\"json\",\"version\":1}\n";
static_assert(kHeader.size() == 65507 - kDocumentBytesMax);
constexpr size_t kWaitingBytesMax = 1 << 20;
constexpr int64_t kLookUpIntervalNs = 30'000'000'000;

std::optional<SocketAddress> LookUp(const Endpoint& endpoint, int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;
  hints.ai_flags = AI_NUMERICSERV | flags;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(endpoint.port);
  if (getaddrinfo(endpoint.host.c_str(), port.c_str(), &hints, &found) != 0) return std::nullopt;
  // IPv4 where there is a choice, as X-Ray's SDKs: the daemon listens at 127.0.0.1 by default, and
  // "localhost" is ::1 first on many machines.
  const addrinfo* chosen = found;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    if (chosen->ai_family != AF_INET && one->ai_family == AF_INET) chosen = one;
  }
  SocketAddress address;
  address.length = chosen->ai_addrlen;
  __builtin_memcpy(&address.storage, chosen->ai_addr, chosen->ai_addrlen);
  freeaddrinfo(found);
  return address;
}

// A connected socket, so that the kernel tells of a port where nobody listens; -1 with errno.
int Connect(const SocketAddress& address) {
  const int fd = socket(address.storage.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address.storage), address.length) == 0)
    return fd;
  const int error = errno;
  close(fd);
  errno = error;
  return -1;
}

}  // namespace

EmitterParts EmitterParts::System() {
  return {[](const Endpoint& endpoint) { return LookUp(endpoint, 0); },
          [](std::function<void()> job) { std::thread(std::move(job)).detach(); }};
}

struct DatagramEmitter::State {
  struct Waiting {
    std::string document;
    uint32_t records;
  };

  State(std::optional<Endpoint> where, const Clock& time, EmitterParts with,
        std::shared_ptr<ExportCounters> count)
      : endpoint(std::move(where)),
        clock(time),
        parts(std::move(with)),
        counters(std::move(count)) {}
  ~State() {
    if (const int socket = fd.load(); socket >= 0) close(socket);
  }

  // A child has not the thread that looks names up, nor, perhaps, a free lock.
  bool InChild() const { return ForkGeneration() != fork_generation; }
  void SendNow(int socket, std::string_view document, uint32_t records);
  void CountRefused(uint32_t records);
  void Keep(std::string_view document, uint32_t records);
  bool Open(const SocketAddress& address);
  static void LookUpIfDue(const std::shared_ptr<State>& self);
  static void LookedUp(State& self);

  const std::optional<Endpoint> endpoint;
  const Clock& clock;
  const EmitterParts parts;
  const std::shared_ptr<ExportCounters> counters;
  const uint32_t fork_generation = ForkGeneration();
  bool is_name = false;     // set before other threads see it
  std::atomic<int> fd{-1};  // stays the same number once it is set
  std::atomic<uint32_t> last_records{0};
  std::atomic<int64_t> next_look_up_ns{INT64_MIN};

  std::mutex mutex;  // guards what follows
  std::condition_variable changed;
  std::vector<Waiting> waiting;  // for the address
  size_t waiting_bytes = 0;
  bool looking_up = false;
  bool closed = false;
};

void DatagramEmitter::State::CountRefused(uint32_t records) {
  counters->rejected += records;
  Diagnose(DiagnosticLevel::kWarn,
           "xray: nobody listens at the daemon's address " + endpoint->UrlAuthority() + " (UDP)");
}

void DatagramEmitter::State::SendNow(int socket, std::string_view document, uint32_t records) {
  iovec parts_of[2] = {{const_cast<char*>(kHeader.data()), kHeader.size()},
                       {const_cast<char*>(document.data()), document.size()}};
  msghdr message{};
  message.msg_iov = parts_of;
  message.msg_iovlen = 2;
  ssize_t sent = sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent < 0 && errno == ECONNREFUSED) {
    // That is the answer to the datagram before; this one was not tried yet.
    const uint32_t before = last_records.exchange(0);
    counters->sent -= before;
    CountRefused(before);
    sent = sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  }
  if (sent >= 0) {
    counters->sent += records;
    last_records = records;
    return;
  }
  const int error = errno;
  if (error == EAGAIN || error == EWOULDBLOCK || error == ENOBUFS || error == ENOMEM) {
    counters->dropped_full += records;
    Diagnose(DiagnosticLevel::kWarn, "xray: the socket's buffer is full, segments are dropped");
  } else if (error == ECONNREFUSED) {
    CountRefused(records);
  } else {
    counters->rejected += records;
    Diagnose(DiagnosticLevel::kWarn,
             "xray: a segment was not sent: " + std::generic_category().message(error));
  }
}

void DatagramEmitter::State::Keep(std::string_view document, uint32_t records) {
  try {
    if (waiting_bytes + document.size() <= kWaitingBytesMax) {
      waiting.push_back({std::string(document), records});
      waiting_bytes += document.size();
      return;
    }
  } catch (const std::bad_alloc&) {  // then it is as full as it gets
  }
  counters->dropped_full += records;
}

// Points the socket there; another family of addresses takes another socket under the same number.
bool DatagramEmitter::State::Open(const SocketAddress& address) {
  const int socket = Connect(address);
  if (socket < 0) return false;
  if (const int open = fd.load(); open >= 0) {
    dup3(socket, open, O_CLOEXEC);
    close(socket);
  } else {
    fd = socket;
  }
  return true;
}

void DatagramEmitter::State::LookUpIfDue(const std::shared_ptr<State>& self) {
  const int64_t now_ns = self->clock.SteadyNanos();
  if (self->InChild()) return;
  if (now_ns < self->next_look_up_ns.load(std::memory_order_relaxed)) return;
  {
    const std::lock_guard lock(self->mutex);
    if (self->looking_up || now_ns < self->next_look_up_ns) return;
    self->looking_up = true;
    self->next_look_up_ns = now_ns + kLookUpIntervalNs;
  }
  try {
    self->parts.run([self] { LookedUp(*self); });
  } catch (const std::system_error& error) {  // no thread to be had
    Diagnose(DiagnosticLevel::kError,
             std::string("xray: no thread to look up the daemon's name: ") + error.what());
    const std::lock_guard lock(self->mutex);
    self->looking_up = false;
  }
}

void DatagramEmitter::State::LookedUp(State& self) {
  const std::optional<SocketAddress> address = self.parts.look_up(*self.endpoint);
  const bool open = address && self.Open(*address);
  if (!open) {
    Diagnose(DiagnosticLevel::kWarn,
             "xray: no address for the daemon's name " + self.endpoint->host);
  }
  const std::lock_guard lock(self.mutex);
  self.looking_up = false;
  if (open && !self.closed) {
    for (const Waiting& one : self.waiting) self.SendNow(self.fd, one.document, one.records);
    self.waiting.clear();
    self.waiting_bytes = 0;
  }
  self.changed.notify_all();
}

DatagramEmitter::DatagramEmitter(std::optional<Endpoint> endpoint, const Clock& clock,
                                 EmitterParts parts)
    : counters_(std::make_shared<ExportCounters>()),
      state_(std::make_shared<State>(std::move(endpoint), clock, std::move(parts), counters_)) {
  WatchForks();
  if (!state_->endpoint) return;
  if (const auto address = LookUp(*state_->endpoint, AI_NUMERICHOST)) {
    if (!state_->Open(*address)) {
      Diagnose(DiagnosticLevel::kError, "xray: no socket to " + state_->endpoint->UrlAuthority() +
                                            ": " + std::generic_category().message(errno));
    }
    return;
  }
  state_->is_name = true;
  State::LookUpIfDue(state_);
}

DatagramEmitter::~DatagramEmitter() {
  if (state_->InChild()) return;
  const std::lock_guard lock(state_->mutex);
  state_->closed = true;
  for (const State::Waiting& one : state_->waiting) counters_->dropped_shutdown += one.records;
  state_->waiting.clear();
}

void DatagramEmitter::Send(std::string_view document, uint32_t records) noexcept {
  counters_->accepted += records;
  int socket = state_->fd.load(std::memory_order_acquire);
  if (socket < 0 && state_->is_name && state_->InChild()) {
    counters_->dropped_shutdown += records;
    return;
  }
  if (socket < 0 && state_->is_name) {
    const std::lock_guard lock(state_->mutex);
    socket = state_->fd;
    if (socket < 0) state_->Keep(document, records);
  }
  if (socket >= 0) {
    const uint64_t refused = counters_->rejected.load(std::memory_order_relaxed);
    state_->SendNow(socket, document, records);
    if (!state_->is_name || counters_->rejected.load(std::memory_order_relaxed) == refused) return;
  } else if (!state_->is_name) {
    counters_->rejected += records;
    return;
  }
  State::LookUpIfDue(state_);
}

bool DatagramEmitter::Flush(std::chrono::milliseconds timeout) noexcept {
  if (!state_->is_name || state_->InChild()) return true;
  std::unique_lock lock(state_->mutex);
  if (state_->waiting.empty()) return true;
  state_->changed.wait_for(lock, timeout,
                           [&] { return state_->waiting.empty() || !state_->looking_up; });
  return state_->waiting.empty();
}

std::shared_ptr<Emitter> UdpEmitter(const std::string& address, const Clock& clock) {
  const std::optional<DaemonAddress> parsed = DaemonAddress::Parse(address);
  if (!parsed) {
    Diagnose(DiagnosticLevel::kError,
             "xray: the daemon's address \"" + address +
                 "\" cannot be read, so no segment is sent; it is HOST:PORT or "
                 "tcp:HOST:PORT udp:HOST:PORT");
  }
  return std::make_shared<DatagramEmitter>(parsed ? std::optional(parsed->udp) : std::nullopt,
                                           clock);
}

}  // namespace skep::sdk::xray
