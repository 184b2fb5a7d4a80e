// SPDX-License-Identifier: Apache-2.0
#include "app/memory_keeper.h"

#include <time.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "base/clock.h"
#include "base/free_memory.h"
#include "base/log.h"

namespace skep::app {
namespace {

constexpr std::chrono::seconds kPause{5};
// Calm is less than a part in this many of a core; work worth it is more than this CPU time.
constexpr int64_t kCalmShare = 20;
constexpr int64_t kWorkNs = 2 * kNsPerS;

int64_t ProcessCpuNs() {
  timespec used{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return used.tv_sec * kNsPerS + used.tv_nsec;
}

void KeepUntil(const std::stop_token& stop, Store* store) {
  CalmAfterWork calm;
  std::mutex mutex;
  std::condition_variable_any woken;
  std::unique_lock lock(mutex);  // of nothing: only the end of the program wakes it
  while (!woken.wait_for(lock, stop, kPause, [&] { return stop.stop_requested(); })) {
    if (!calm.Look(MonotonicNs(), ProcessCpuNs())) continue;
    GiveBackFreeMemory();
    ForgetMappedCode();
    if (const Status status = store->ReleaseMemory(); !status) LogError("app", status.error());
  }
}

}  // namespace

bool CalmAfterWork::Look(int64_t now_ns, int64_t cpu_ns) {
  const int64_t passed_ns = now_ns - std::exchange(last_ns_, now_ns);
  const int64_t used_ns = cpu_ns - std::exchange(last_cpu_ns_, cpu_ns);
  work_ns_ += used_ns;
  if (used_ns * kCalmShare > passed_ns || work_ns_ < kWorkNs) return false;
  work_ns_ = 0;
  return true;
}

MemoryKeeper::MemoryKeeper(Store* store)
    : thread_([store](const std::stop_token& stop) { KeepUntil(stop, store); }) {
  ForgetMappedCode();
}

}  // namespace skep::app
