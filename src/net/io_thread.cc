// SPDX-License-Identifier: Apache-2.0
#include "net/io_thread.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <vector>

#include "base/clock.h"
#include "net/connection.h"

namespace skep::net {
namespace {

constexpr int64_t kTickMsMin = 5;
constexpr int64_t kTickMsMax = 100;

// Fine enough for the shortest timeout.
std::chrono::milliseconds TickLength(const ServerOptions& options) {
  const int64_t shortest =
      std::min({options.header_timeout_ms, options.body_timeout_ms, options.idle_timeout_ms});
  return std::chrono::milliseconds(std::clamp(shortest / 4, kTickMsMin, kTickMsMax));
}

}  // namespace

IoThread::IoThread(std::shared_ptr<ServerCore> core)
    : core_(std::move(core)), work_(asio::make_work_guard(context_)), timer_(context_) {}

IoThread::~IoThread() { Stop(); }

void IoThread::Start() {
  thread_ = std::thread([this] { context_.run(); });
}

void IoThread::Stop() {
  if (!thread_.joinable()) return;
  Post([this] {
    draining_ = true;
    while (!connections_.empty()) connections_.begin()->second->Close();
    timer_.cancel();
    work_.reset();
  });
  thread_.join();  // run() ends when the last cancelled operation has been told
}

void IoThread::Add(std::shared_ptr<Connection> connection) {
  Connection* const key = connection.get();
  connections_.emplace(key, std::move(connection));
  if (!timer_armed_) ArmTimer();
  if (draining_) key->Close();
}

void IoThread::Remove(Connection* connection) {
  waiting_.erase(connection);
  if (connections_.erase(connection) != 0) core_->RemoveConnection();
}

void IoThread::Replace(Connection* opening, std::shared_ptr<Connection> next) {
  connections_.erase(opening);
  Connection* const key = next.get();
  connections_.emplace(key, std::move(next));
}

void IoThread::WaitForRoom(Connection* connection) {
  waiting_.insert(connection);
  if (core_->budget->has_room()) Post([self = shared_from_this()] { self->ResumeWaiting(); });
}

void IoThread::ResumeWaiting() {
  while (!waiting_.empty() && core_->budget->has_room()) {
    Connection* const connection = *waiting_.begin();
    waiting_.erase(waiting_.begin());
    connection->Resume();
  }
}

void IoThread::Drain() {
  draining_ = true;
  std::vector<std::shared_ptr<Connection>> connections;
  for (const auto& [key, connection] : connections_) connections.push_back(connection);
  for (const auto& connection : connections) connection->Drain();
}

std::string_view IoThread::HttpDate() {
  const int64_t second = WallClockNs() / kNsPerS;
  if (second == date_second_) return date_;
  date_second_ = second;
  const std::time_t time = second;
  std::tm utc = {};
  gmtime_r(&time, &utc);
  std::array<char, 40> text = {};
  const size_t size = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
  date_.assign(text.data(), size);
  return date_;
}

void IoThread::ArmTimer() {
  timer_armed_ = true;
  timer_.expires_after(TickLength(core_->options));
  timer_.async_wait([this](const error_code& error) {
    timer_armed_ = false;
    if (!error) Tick();
  });
}

void IoThread::Tick() {
  const int64_t now_ns = MonotonicNs();
  std::vector<std::shared_ptr<Connection>> connections;
  connections.reserve(connections_.size());
  for (const auto& [key, connection] : connections_) connections.push_back(connection);
  for (const auto& connection : connections) connection->Tick(now_ns);
  ResumeWaiting();
  if (!connections_.empty()) ArmTimer();
}

}  // namespace skep::net
