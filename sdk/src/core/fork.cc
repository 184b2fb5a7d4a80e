// SPDX-License-Identifier: Apache-2.0
#include "core/fork.h"

#include <pthread.h>

namespace skep::sdk {

std::atomic<uint32_t> detail::fork_generation{0};

void WatchForks() {
  static const int registered = pthread_atfork(
      nullptr, nullptr, [] { detail::fork_generation.fetch_add(1, std::memory_order_relaxed); });
  (void)registered;  // fails only without memory; then spans of the parent are not told apart
}

}  // namespace skep::sdk
