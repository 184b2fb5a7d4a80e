// SPDX-License-Identifier: Apache-2.0
// CrashNote: what a signal handler leaves behind of a crash, and how the next start reads it. Lines
// of text, then the process's memory map, by which addresses are found again in another process:
//
//   skep-crash 1 / uuid / time / process, thread / signal, code, address / pc / span / frame... /
//   maps
//
// WriteCrashNote calls only what is async-signal-safe (man 7 signal-safety), but for the unwinder,
// which with glibc 2.35 takes no lock either; what matters most is written before it runs. Reading
// is bounded to 1 MiB and takes any bytes.
#pragma once

#include <csignal>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "skep/sdk/stack_trace.h"

namespace skep::sdk::rollbar {

struct CrashFacts {
  char uuid[37] = "";  // zero at its end
  int64_t time_seconds = 0;
  int pid = 0;
  int tid = 0;
  char thread[16] = "";
  int signal = 0;
  int code = 0;
  uintptr_t address = 0;  // that could not be used, with SIGSEGV and SIGBUS
  uintptr_t pc = 0;
  char trace_id[33] = "";  // empty: no span was current
  char span_id[17] = "";
};

// Into an open file. `frames` are written as they are found, innermost first.
void WriteCrashNote(int fd, const CrashFacts& facts);

// Where a file lies in memory.
struct Mapping {
  uintptr_t begin = 0;
  uintptr_t end = 0;
  uint64_t offset = 0;
  std::string identity;  // device and inode, as the map says them
  std::string path;
};

struct CrashNote {
  CrashFacts facts;
  std::vector<uintptr_t> frames;  // innermost first, from the one that crashed
  std::vector<Mapping> mappings;  // of code, with a file
};

// Nothing if it is no note.
std::optional<CrashNote> ReadCrashNote(std::string_view text);
// Lines of /proc/PID/maps that are executable and have a file.
std::vector<Mapping> ReadMappings(std::string_view text);
// Frames with names and lines where the same file is loaded in this process and has not changed
// since the crash; else with module and offset.
std::vector<StackFrame> ResolveFrames(const CrashNote& note);

}  // namespace skep::sdk::rollbar
