// SPDX-License-Identifier: Apache-2.0
// DatagramEmitter: UdpEmitter of skep/sdk/xray/emitter.h, with what tests replace: how names are
// looked up, and who runs the look-up. A connected, non-blocking socket, one sendmsg a document.
// Thread-safe.
#pragma once

#include <netdb.h>
#include <sys/socket.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "skep/sdk/xray/emitter.h"
#include "xray/daemon_address.h"

namespace skep::sdk::xray {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;
};

struct EmitterParts {
  // Blocks for as long as a name server takes; nothing if there is no such name.
  std::function<std::optional<SocketAddress>(const Endpoint&)> look_up;
  // Runs the look-up; by default on a thread of its own.
  std::function<void(std::function<void()>)> run;
  static EmitterParts System();
};

class DatagramEmitter : public Emitter {
 public:
  // `endpoint`: nothing if the address could not be read.
  DatagramEmitter(std::optional<Endpoint> endpoint, const Clock& clock,
                  EmitterParts parts = EmitterParts::System());
  ~DatagramEmitter() override;

  void Send(std::string_view document, uint32_t records) noexcept override;
  bool Flush(std::chrono::milliseconds timeout) noexcept override;
  const std::shared_ptr<ExportCounters>& Counters() const noexcept override { return counters_; }

 private:
  struct State;
  std::shared_ptr<ExportCounters> counters_;  // shared with those who read them
  // Shared with the thread that looks a name up, which may take longer than this object lives.
  std::shared_ptr<State> state_;
};

}  // namespace skep::sdk::xray
