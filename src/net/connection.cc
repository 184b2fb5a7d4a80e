// SPDX-License-Identifier: Apache-2.0
#include "net/connection.h"

#include "base/clock.h"
#include "net/http1_connection.h"
#include "net/http2_connection.h"
#include "net/refusal.h"

namespace skep::net {
namespace {

// RFC 9113 section 3.4. HTTP/1.1 has no method that begins like it.
constexpr std::string_view kHttp2Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

}  // namespace

void Connection::Close() {
  if (closed_) return;
  closed_ = true;
  const auto self = shared_from_this();  // the set of the I/O thread may hold the last reference
  CancelExchanges();
  parts_.stream.Close();
  io().Remove(this);
}

void Connection::Submit(uint64_t exchange, Job job) {
  job.responder = Responder([thread = io().weak_from_this(), connection = weak_from_this(),
                             exchange, charge = job.charge](Response response) {
    const std::shared_ptr<IoThread> io = thread.lock();
    if (io == nullptr) return;
    io->Post([connection, exchange, response = std::move(response)]() mutable {
      if (const auto alive = connection.lock()) alive->Reply(exchange, std::move(response));
    });
  });
  if (io().core().lane(job.route->lane).TryPush(std::move(job))) return;
  Response refusal =
      Refuse(job.route, &job.request, {Code::kResourceExhausted, "the server is busy"});
  job.responder.Send(std::move(refusal));
}

ConnectionParts Connection::TakeParts() {
  closed_ = true;
  return std::move(parts_);
}

void OpeningConnection::Start(std::string_view) {
  deadline_ns_ = MonotonicNs() + options().header_timeout_ms * kNsPerMs;
  Read();
}

void OpeningConnection::Reply(uint64_t, Response) {}

void OpeningConnection::Tick(int64_t now_ns) {
  if (now_ns >= deadline_ns_) Close();
}

void OpeningConnection::Read() {
  stream().ReadSome(asio::buffer(buffer_),
                    [self = shared_from_this(), this](const error_code& error, size_t size) {
                      if (closed()) return;
                      if (error) {
                        Close();
                        return;
                      }
                      bytes_.append(buffer_, size);
                      Decide();
                    });
}

void OpeningConnection::Decide() {
  const std::string_view start = std::string_view(bytes_).substr(0, kHttp2Preface.size());
  const bool may_be_http2 = kHttp2Preface.starts_with(start);
  if (may_be_http2 && start.size() < kHttp2Preface.size()) {
    Read();
    return;
  }
  IoThread& thread = io();
  const auto self = shared_from_this();
  std::shared_ptr<Connection> next;
  if (may_be_http2) {
    next = std::make_shared<Http2Connection>(TakeParts());
  } else {
    next = std::make_shared<Http1Connection>(TakeParts());
  }
  thread.Replace(this, next);
  next->Start(bytes_);
}

}  // namespace skep::net
