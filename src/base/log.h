// SPDX-License-Identifier: Apache-2.0
// The server's own log: one line per event on standard error, `time level area message key=value`.
// Thread-safe. Not for what clients send: that goes to the store.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"

namespace skep {

enum class LogLevel { kDebug, kInfo, kWarn, kError };

void SetLogLevel(LogLevel level);
void LogLine(LogLevel level, std::string_view area, std::string_view message);

template <typename... Args>
void Log(LogLevel level, std::string_view area, fmt::format_string<Args...> format,
         Args&&... args) {
  LogLine(level, area, fmt::format(format, std::forward<Args>(args)...));
}

// An error with its detail, which clients never see. One that asked to be cancelled got its way:
// that is told at the level of debugging.
void LogError(std::string_view area, const Error& error);

}  // namespace skep
