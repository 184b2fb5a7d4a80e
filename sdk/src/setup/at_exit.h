// SPDX-License-Identifier: Apache-2.0
// AtExit: runs what is registered when the program ends by exit() or by returning from main, unless
// it was taken back before. Thread-safe.
#pragma once

#include <cstdint>
#include <functional>

namespace skep::sdk {

class AtExit {
 public:
  explicit AtExit(std::function<void()> run);
  ~AtExit();  // takes it back; waits while it runs
  AtExit(const AtExit&) = delete;
  AtExit& operator=(const AtExit&) = delete;

 private:
  const uint64_t id_;
};

}  // namespace skep::sdk
