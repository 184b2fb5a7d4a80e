// SPDX-License-Identifier: Apache-2.0
// ConsoleLog: each line of the log on stderr as well, for whoever looks at the container's output.
// Thread-safe: one write for each line.
#pragma once

#include <skep/sdk/logger.h>
#include <skep/sdk/processor.h>
#include <unistd.h>

#include <chrono>
#include <string>

namespace activities {

class ConsoleLog : public skep::sdk::LogProcessor {
 public:
  void OnEmit(const skep::sdk::LogRecord& record) noexcept override {
    std::string line(record.body);
    line += '\n';
    // Nobody is told of a line that the terminal did not take.
    [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, line.data(), line.size());
  }
  bool ForceFlush(std::chrono::milliseconds) noexcept override { return true; }
  bool Shutdown(std::chrono::milliseconds) noexcept override { return true; }
};

}  // namespace activities
