// SPDX-License-Identifier: Apache-2.0
// Memory that goes back to the system, at once or when there is calm. All are thread-safe.
#pragma once

namespace skep {

// From now on what is allocated in pieces of 1 MiB or more goes back as soon as it is freed. By
// itself the allocator keeps pieces of up to 32 MiB once it has seen one of that size freed, and up
// to 64 MiB at the end of each thread's arena: with blocks of tens of MiB going from thread to
// thread that is a tenth of what a server under load takes.
void ReturnLargePieces();

// What was freed in this process. The allocator keeps the most of it in the arenas of the threads
// that freed it, for as long as they live. Takes some milliseconds for each 100 MB.
void GiveBackFreeMemory();

// Pages of the program and its libraries that are mapped from their files and were never written:
// code that ran once, relocations that the loader read. They stay in the system's page cache, from
// where those that are used again come back one by one, each for a microsecond. Takes a few
// milliseconds. Breakpoints that a debugger wrote into code are forgotten, too.
void ForgetMappedCode();

}  // namespace skep
