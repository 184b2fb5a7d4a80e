// SPDX-License-Identifier: Apache-2.0
#include "core/fork.h"

#include <pthread.h>

#include "skep/sdk/diagnostics.h"

namespace skep::sdk {

std::atomic<uint32_t> detail::fork_generation{0};

void WatchForks() {
  static const int registered = pthread_atfork(
      nullptr, nullptr, [] { detail::fork_generation.fetch_add(1, std::memory_order_relaxed); });
  (void)registered;  // fails only without memory; then spans of the parent are not told apart
}

void DiagnoseDroppingInChild() {
  static std::atomic<uint32_t> said{0};
  const uint32_t now = ForkGeneration();
  if (said.load(std::memory_order_relaxed) == now) return;
  if (said.exchange(now, std::memory_order_relaxed) == now) return;
  Diagnose(DiagnosticLevel::kWarn,
           "this process was forked after its Sdk was made, and sends nothing by it: make one in "
           "each child");
}

}  // namespace skep::sdk
