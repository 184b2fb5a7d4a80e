// SPDX-License-Identifier: Apache-2.0
// Unwind: the addresses of the calling thread's frames, by the C++ runtime's own unwinder.
// Allocates nothing and, with glibc 2.35 or later, takes no lock. Not for signal handlers: a frame
// broken by the fault can lead it astray; the crash note (rollbar/crash_note.h) reckons with that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace skep::sdk {

// Fills `out` with calls, innermost first, leaving out this function and `skip` more. Returns how
// many.
[[gnu::noinline]] size_t Unwind(std::span<uintptr_t> out, size_t skip);

}  // namespace skep::sdk
