// SPDX-License-Identifier: Apache-2.0
#include "net/server.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "net/io_thread.h"
#include "net/listener.h"
#include "net/server_core.h"
#include "net/udp_listener.h"

namespace skep::net {
namespace {

class ServerImpl final : public Server {
 public:
  explicit ServerImpl(const ServerOptions& options) : core_(std::make_shared<ServerCore>(options)) {
    for (int i = 0; i < options.io_threads; ++i)
      threads_.push_back(std::make_shared<IoThread>(core_));
    std::vector<std::weak_ptr<IoThread>> weak(threads_.begin(), threads_.end());
    core_->budget->OnRoom([weak = std::move(weak)] {
      for (const auto& thread : weak)
        if (const auto io = thread.lock()) io->Post([self = io.get()] { self->ResumeWaiting(); });
    });
  }

  ~ServerImpl() override { Shutdown(std::chrono::milliseconds(0)); }

  Result<uint16_t> Listen(const ListenAddress& address, const Router* router) override {
    std::lock_guard lock(mutex_);
    SKEP_ASSIGN(std::unique_ptr<Listener> listener, Listener::Create(address, router, threads_));
    const uint16_t port = listener->port();
    if (state_ == State::kRunning) listener->Start();
    listeners_.push_back(std::move(listener));
    return port;
  }

  Result<uint16_t> ListenUdp(const ListenAddress& address, DatagramHandler handler) override {
    std::lock_guard lock(mutex_);
    SKEP_ASSIGN(std::unique_ptr<UdpListener> listener,
                UdpListener::Create(address, std::move(handler)));
    const uint16_t port = listener->port();
    if (state_ == State::kRunning) listener->Start();
    udp_listeners_.push_back(std::move(listener));
    return port;
  }

  void Start() override {
    std::lock_guard lock(mutex_);
    if (state_ != State::kNew) return;
    state_ = State::kRunning;
    for (const auto& thread : threads_) thread->Start();
    for (const auto& listener : listeners_) listener->Start();
    for (const auto& listener : udp_listeners_) listener->Start();
  }

  uint64_t UdpDropped() const override {
    std::lock_guard lock(mutex_);
    uint64_t dropped = 0;
    for (const auto& listener : udp_listeners_) dropped += listener->dropped();
    return dropped;
  }

  void Shutdown(std::chrono::milliseconds grace) override {
    std::lock_guard once(shutdown_mutex_);
    if (StopListening()) {
      for (const auto& thread : threads_) thread->Post([io = thread.get()] { io->Drain(); });
      core_->WaitForNoConnections(grace);
      for (const auto& thread : threads_) thread->Stop();
    }
    core_->ingest_lane.Stop();
    core_->query_lane.Stop();
  }

 private:
  enum class State { kNew, kRunning, kStopped };

  // True for the first call after a start.
  bool StopListening() {
    std::lock_guard lock(mutex_);
    if (std::exchange(state_, State::kStopped) != State::kRunning) return false;
    for (const auto& listener : listeners_) listener->Stop();
    for (const auto& listener : udp_listeners_) listener->Stop();
    return true;
  }

  const std::shared_ptr<ServerCore> core_;  // shared: with I/O threads that late answers keep alive
  IoThreads threads_;                       // shared: with late answers
  std::mutex shutdown_mutex_;  // held for all of it; the handlers that it waits for may ask on
  mutable std::mutex mutex_;   // guards what follows
  State state_ = State::kNew;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::vector<std::unique_ptr<UdpListener>> udp_listeners_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::Create(ServerOptions options) {
  const int fewest_threads =
      std::min({options.io_threads, options.ingest_workers, options.query_workers});
  if (fewest_threads < 1)
    return Error(Code::kInvalidArgument, "a server needs threads of each kind");
  return std::make_unique<ServerImpl>(options);
}

}  // namespace skep::net
