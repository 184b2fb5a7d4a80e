// SPDX-License-Identifier: Apache-2.0
// Connection: one client's socket and what is done with it. The first is an OpeningConnection,
// which looks at the first bytes and hands the socket to an Http1Connection or Http2Connection.
// Owned by its IoThread and by its running operations; all members are used on that thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "net/asio.h"
#include "net/io_thread.h"
#include "net/stream.h"
#include "net/worker_lane.h"

namespace skep::net {

// What a connection is made of; moves from the opening one to the next.
struct ConnectionParts {
  IoThread* io = nullptr;
  const Router* router = nullptr;
  Stream stream;
  std::string peer_address;
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  explicit Connection(ConnectionParts parts) : parts_(std::move(parts)) {}
  virtual ~Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // `first_bytes` were read already.
  virtual void Start(std::string_view first_bytes) = 0;
  // The answer of an exchange that this connection submitted.
  virtual void Reply(uint64_t exchange, Response response) = 0;
  virtual void Tick(int64_t now_ns) = 0;
  // The memory budget has room again.
  virtual void Resume() = 0;
  // Takes no new requests, finishes what it has, then closes.
  virtual void Drain() = 0;
  // Closes now; its exchanges are cancelled.
  void Close();

 protected:
  // Whoever asked for `exchange` is gone or has been answered otherwise.
  virtual void CancelExchanges() = 0;

  IoThread& io() { return *parts_.io; }
  const ServerOptions& options() { return parts_.io->core().options; }
  const std::string& peer_address() const { return parts_.peer_address; }
  const Router& router() const { return *parts_.router; }
  Stream& stream() { return parts_.stream; }
  bool closed() const { return closed_; }

  std::shared_ptr<Charge> NewCharge() { return std::make_shared<Charge>(io().core().budget); }
  // Puts the job on its route's lane; its answer comes as Reply(exchange, ...), also when the lane
  // is full.
  void Submit(uint64_t exchange, Job job);
  ConnectionParts TakeParts();

 private:
  ConnectionParts parts_;
  bool closed_ = false;
};

// Reads the first bytes and decides which protocol they are.
class OpeningConnection final : public Connection {
 public:
  using Connection::Connection;
  void Start(std::string_view first_bytes) override;
  void Reply(uint64_t exchange, Response response) override;
  void Tick(int64_t now_ns) override;
  void Resume() override {}
  void Drain() override { Close(); }

 private:
  static constexpr size_t kBytesMax = 512;

  void CancelExchanges() override {}
  void Read();
  void Decide();

  std::string bytes_;
  char buffer_[kBytesMax];
  int64_t deadline_ns_ = 0;
};

}  // namespace skep::net
