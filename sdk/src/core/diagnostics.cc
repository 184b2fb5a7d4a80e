// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/diagnostics.h"

#include <pthread.h>
#include <unistd.h>

#include <map>
#include <memory>
#include <mutex>

#include "skep/sdk/clock.h"

namespace skep::sdk {
namespace {

constexpr int64_t kPauseNs = 60'000'000'000;
constexpr size_t kKindsMax = 64;
constexpr size_t kKindCharsMax = 80;

// Lines that differ in their numbers alone are of one kind.
std::string KindOf(std::string_view message) {
  std::string kind;
  for (const char c : message.substr(0, kKindCharsMax)) {
    if (c < '0' || c > '9') kind += c;
  }
  return kind;
}

struct Sink {
  std::mutex mutex;  // guards all below; not held while a handler runs
  std::shared_ptr<const DiagnosticHandler> handler;  // shared with those who call it just now
  DiagnosticLevel level = DiagnosticLevel::kWarn;
  std::map<std::string, int64_t, std::less<>> last_written_ns;  // by kind

  // With `mutex` held.
  bool MayWrite(std::string_view message) {
    const int64_t now_ns = Clock::System().SteadyNanos();
    std::string kind = KindOf(message);
    const auto known = last_written_ns.find(kind);
    if (known != last_written_ns.end() && now_ns - known->second < kPauseNs) return false;
    if (known == last_written_ns.end() && last_written_ns.size() >= kKindsMax) {
      std::erase_if(last_written_ns,
                    [now_ns](const auto& entry) { return now_ns - entry.second >= kPauseNs; });
      if (last_written_ns.size() >= kKindsMax) return false;
    }
    last_written_ns[std::move(kind)] = now_ns;
    return true;
  }
};

Sink& TheSink() {
  static Sink* const sink = [] {
    // A fork waits until nobody has the lock, so that it is free in the child. It is never held for
    // long.
    pthread_atfork([] { TheSink().mutex.lock(); }, [] { TheSink().mutex.unlock(); },
                   [] { TheSink().mutex.unlock(); });
    return new Sink;  // never destroyed: threads may speak while the program ends
  }();
  return *sink;
}

void WriteToStderr(DiagnosticLevel level, std::string_view message) {
  static constexpr std::string_view kNames[] = {"error", "warning", "info", "debug"};
  std::string line = "skep-sdk: ";
  line += kNames[static_cast<size_t>(level)];
  line += ": ";
  line += message;
  line += '\n';
  // One write, so that lines of many threads do not mix; nothing can be done if it fails.
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace

void SetDiagnosticHandler(DiagnosticHandler handler, DiagnosticLevel level) {
  auto shared = handler ? std::make_shared<const DiagnosticHandler>(std::move(handler)) : nullptr;
  Sink& sink = TheSink();
  const std::lock_guard lock(sink.mutex);
  sink.handler = std::move(shared);
  sink.level = level;
}

void Diagnose(DiagnosticLevel level, std::string_view message) {
  try {
    Sink& sink = TheSink();
    std::shared_ptr<const DiagnosticHandler> handler;
    {
      const std::lock_guard lock(sink.mutex);
      if (level > sink.level) return;
      handler = sink.handler;
      if (!handler && !sink.MayWrite(message)) return;
    }
    if (handler) {
      (*handler)(level, message);
    } else {
      WriteToStderr(level, message);
    }
  } catch (...) {  // a handler that throws, or no memory: there is nobody left to tell
  }
}

}  // namespace skep::sdk
