// SPDX-License-Identifier: Apache-2.0
// GiveBackFreeMemory: what was freed in this process goes back to the system. The allocator keeps
// the most of it in the arenas of the threads that freed it, for as long as they live. Takes some
// milliseconds for each 100 MB. Thread-safe.
#pragma once

namespace skep {

void GiveBackFreeMemory();

}  // namespace skep
