// SPDX-License-Identifier: Apache-2.0
// Memory that goes back to the system when there is calm. Both are thread-safe.
#pragma once

namespace skep {

// What was freed in this process. The allocator keeps the most of it in the arenas of the threads
// that freed it, for as long as they live. Takes some milliseconds for each 100 MB.
void GiveBackFreeMemory();

// Pages of the program and its libraries that are mapped from their files and were never written:
// code that ran once, relocations that the loader read. They stay in the system's page cache, from
// where those that are used again come back one by one, each for a microsecond. Takes a few
// milliseconds. Breakpoints that a debugger wrote into code are forgotten, too.
void ForgetMappedCode();

}  // namespace skep
