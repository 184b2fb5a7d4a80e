// SPDX-License-Identifier: Apache-2.0
#include "net/listener.h"

#include <fmt/format.h>

#include <boost/asio/error.hpp>
#include <chrono>
#include <string>
#include <utility>

#include "base/log.h"
#include "net/connection.h"

namespace skep::net {
namespace {

constexpr int kBacklog = 1024;
constexpr std::chrono::milliseconds kRest(100);
constexpr std::string_view kTooMany =
    "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 21\r\ncontent-type: "
    "text/plain\r\nretry-after: 1\r\n"
    "connection: close\r\n\r\ntoo many connections\n";

std::string NumericAddress(asio::ip::address address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  return address.to_string();
}

// The client may not have sent its request yet; what of this reaches it is better than nothing.
void SayTooMany(tcp::socket* socket) {
  error_code ignored;
  socket->non_blocking(true, ignored);
  socket->write_some(asio::buffer(kTooMany.data(), kTooMany.size()), ignored);
  socket->shutdown(tcp::socket::shutdown_send, ignored);
  socket->close(ignored);
}

}  // namespace

Result<asio::ip::address> ParseListenHost(const std::string& host) {
  if (host == "localhost") return asio::ip::address(asio::ip::address_v4::loopback());
  error_code error;
  const asio::ip::address address = asio::ip::make_address(host, error);
  if (error) return Error(Code::kInvalidArgument, fmt::format("{} is no numeric address", host));
  return address;
}

Listener::Listener(const Router* router, const IoThreads& threads)
    : router_(router),
      threads_(threads),
      acceptor_(threads[0]->context()),
      timer_(threads[0]->context()) {}

Result<std::unique_ptr<Listener>> Listener::Create(const ListenAddress& address,
                                                   const Router* router, const IoThreads& threads) {
  std::unique_ptr<Listener> listener(new Listener(router, threads));
  SKEP_TRY(listener->Bind(address));
  return listener;
}

Status Listener::Bind(const ListenAddress& address) {
  SKEP_ASSIGN(const asio::ip::address host, ParseListenHost(address.host));
  const tcp::endpoint endpoint(host, address.port);
  error_code error;
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error && host.is_v6()) acceptor_.set_option(asio::ip::v6_only(false), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(kBacklog, error);
  if (!error) port_ = acceptor_.local_endpoint(error).port();
  if (!error) return {};
  return Error(Code::kUnavailable, fmt::format("cannot listen on {} port {}: {}", address.host,
                                               address.port, error.message()));
}

void Listener::Start() {
  threads_[0]->Post([this] {
    if (!std::exchange(started_, true)) Accept();
  });
}

void Listener::Stop() {
  threads_[0]->Post([this] {
    error_code ignored;  // nothing is left to do about it
    acceptor_.close(ignored);
    timer_.cancel();
  });
}

void Listener::Accept() {
  if (!acceptor_.is_open()) return;
  IoThread* const io = threads_[next_thread_++ % threads_.size()].get();
  acceptor_.async_accept(io->context(), [this, io](const error_code& error, tcp::socket socket) {
    if (error == asio::error::operation_aborted) return;
    if (!error) {
      Accepted(io, std::move(socket));
    } else if (error != asio::error::connection_aborted) {  // no descriptors or memory left
      Log(LogLevel::kWarn, "net", "cannot accept a connection: {}", error.message());
      Rest();
      return;
    }
    Accept();
  });
}

void Listener::Rest() {
  timer_.expires_after(kRest);
  timer_.async_wait([this](const error_code& error) {
    if (!error) Accept();
  });
}

void Listener::Accepted(IoThread* io, tcp::socket socket) {
  error_code error;
  const tcp::endpoint peer = socket.remote_endpoint(error);
  if (error) return;  // it is gone already
  if (!io->core().TryAddConnection()) {
    SayTooMany(&socket);
    return;
  }
  socket.set_option(tcp::no_delay(true), error);
  ConnectionParts parts;
  parts.io = io;
  parts.router = router_;
  parts.stream = Stream(std::move(socket));
  parts.peer_address = NumericAddress(peer.address());
  io->Post([io, connection = std::make_shared<OpeningConnection>(std::move(parts))] {
    io->Add(connection);
    connection->Start({});
  });
}

}  // namespace skep::net
