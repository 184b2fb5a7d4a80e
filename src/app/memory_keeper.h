// SPDX-License-Identifier: Apache-2.0
// MemoryKeeper: when the process has been busy and is calm again, has the allocators, the engine's
// and ours, give back what they keep free, and lets go of code that was mapped: else a load is
// still to be seen in the memory of the server hours later. Owns its thread, which ends with it.
#pragma once

#include <cstdint>
#include <thread>

#include "store/store.h"

namespace skep::app {

// Tells the first calm moment after each busy time by the CPU time of the process, looked at every
// few seconds. Thread-compatible.
class CalmAfterWork {
 public:
  // Both since whenever; true once after each busy time.
  bool Look(int64_t now_ns, int64_t cpu_ns);

 private:
  int64_t last_ns_ = 0;
  int64_t last_cpu_ns_ = 0;
  int64_t work_ns_ = 0;  // CPU time since the last calm moment
};

class MemoryKeeper {
 public:
  // Of an open store, which must outlive it: what was only needed to open it goes at once.
  explicit MemoryKeeper(Store* store);

 private:
  std::jthread thread_;
};

}  // namespace skep::app
