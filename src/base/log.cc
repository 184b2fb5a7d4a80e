// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <ctime>

#include "base/clock.h"

namespace skep {
namespace {

std::atomic<LogLevel> g_level{LogLevel::kInfo};
constexpr const char* kNames[] = {"debug", "info", "warn", "error"};

}  // namespace

void SetLogLevel(LogLevel level) { g_level.store(level, std::memory_order_relaxed); }

void LogLine(LogLevel level, std::string_view area, std::string_view message) {
  if (level < g_level.load(std::memory_order_relaxed)) return;
  const int64_t now_ns = WallClockNs();
  const time_t seconds = now_ns / kNsPerS;
  tm utc{};
  gmtime_r(&seconds, &utc);
  char stamp[32];
  const size_t stamp_bytes = strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &utc);
  const std::string line =
      fmt::format("{}.{:03}Z {:5} {}: {}\n", std::string_view(stamp, stamp_bytes),
                  now_ns % kNsPerS / kNsPerMs, kNames[static_cast<int>(level)], area, message);
  // One write, so that lines of several threads do not mix.
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, line.data(), line.size());
}

void LogError(std::string_view area, const Error& error) {
  const LogLevel level = error.code == Code::kCancelled ? LogLevel::kDebug : LogLevel::kError;
  Log(level, area, "{}: {}{}{}", ReplyFor(error.code).name, error.message,
      error.detail.empty() ? "" : ": ", error.detail);
}

}  // namespace skep
