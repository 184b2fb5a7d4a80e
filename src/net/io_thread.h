// SPDX-License-Identifier: Apache-2.0
// IoThread: one thread with its own event loop and the connections that live on it for their whole
// life, so that connections need no locks. Every tick it lets each look at its deadlines. Only Post
// and the constructor may be used by other threads.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "net/asio.h"
#include "net/server_core.h"

namespace skep::net {

class Connection;

class IoThread : public std::enable_shared_from_this<IoThread> {
 public:
  explicit IoThread(std::shared_ptr<ServerCore> core);
  ~IoThread();

  asio::io_context& context() { return context_; }
  ServerCore& core() { return *core_; }

  void Start();
  // Closes its connections and ends the thread.
  void Stop();

  // Runs `f` on the thread, soon; never when the thread has ended.
  template <typename F>
  void Post(F f) {
    asio::post(context_, std::move(f));
  }

  // The rest is for the thread itself.
  void Add(std::shared_ptr<Connection> connection);
  void Remove(Connection* connection);
  // `next` goes on with the socket of `opening`.
  void Replace(Connection* opening, std::shared_ptr<Connection> next);
  // Has connection->Resume() called when the memory budget has room.
  void WaitForRoom(Connection* connection);
  void ResumeWaiting();
  // Tells every connection to finish what it holds.
  void Drain();
  std::string_view HttpDate();

 private:
  void ArmTimer();
  void Tick();

  const std::shared_ptr<ServerCore> core_;  // shared: answers may come after the server is gone
  asio::io_context context_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  asio::steady_timer timer_;
  bool timer_armed_ = false;
  bool draining_ = false;
  std::unordered_map<Connection*, std::shared_ptr<Connection>>
      connections_;  // shared: with running operations
  std::unordered_set<Connection*> waiting_;
  int64_t date_second_ = 0;
  std::string date_;
  std::thread thread_;
};

}  // namespace skep::net
