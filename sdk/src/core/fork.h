// SPDX-License-Identifier: Apache-2.0
// ForkGeneration: how many forks lie between the first use of the library and this process. What
// was made under another generation belongs to the parent process: its locks may be held by threads
// that do not exist here. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>

namespace skep::sdk {

namespace detail {
extern std::atomic<uint32_t> fork_generation;
}  // namespace detail

// Has the forks counted from here on; called by what asks for the generation later.
void WatchForks();

// Says once in each child, to the diagnostics, that it drops what it is given.
void DiagnoseDroppingInChild();

inline uint32_t ForkGeneration() { return detail::fork_generation.load(std::memory_order_relaxed); }

}  // namespace skep::sdk
