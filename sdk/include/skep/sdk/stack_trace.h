// SPDX-License-Identifier: Apache-2.0
// StackTrace: the return addresses of a thread, innermost first, taken in microseconds; names,
// files and lines are looked up later, by Resolve, on a thread that has the time. A value;
// thread-safe.
//
//   skep::sdk::RecordThrowSites();                       // once, in main
//   try { ... } catch (...) {
//     if (auto trace = StackTrace::Of(std::current_exception())) puts(trace->Text().c_str());
//   }
//
// Limits: 64 frames; throw sites of the last 256 throws of the process. Lines need debug
// information in the binary (-g1 is enough) and a build of the library that found GCC's
// libbacktrace; functions need only symbols (-rdynamic for those of the executable itself if it is
// stripped of the others).
#pragma once

#include <array>
#include <cstdint>
#include <exception>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace skep::sdk {

struct StackFrame {
  uintptr_t address = 0;  // of the call
  std::string function;   // demangled; empty if unknown
  std::string file;       // as the compiler saw it; empty without debug information
  uint32_t line = 0;      // 0 without debug information
  std::string module;     // the program's or the shared library's file
  uintptr_t offset = 0;   // of the address in the module, as addr2line wants it
  bool inlined = false;   // into the frame that follows
};

class StackTrace {
 public:
  static constexpr size_t kFramesMax = 64;

  StackTrace() = default;
  explicit StackTrace(std::span<const uintptr_t> addresses);
  // Of the calling thread, its own frame first, without the innermost `skip`. Allocates nothing.
  static StackTrace Current(size_t skip = 0);
  // Where the exception was thrown; nothing if that was not recorded (RecordThrowSites), or is too
  // long ago. A rethrow (throw; or rethrow_exception) keeps the first place.
  static std::optional<StackTrace> Of(const std::exception_ptr& exception);

  std::span<const uintptr_t> Addresses() const { return {addresses_.data(), size_}; }
  // Reads debug information: milliseconds for addresses that are new, little for known ones.
  std::vector<StackFrame> Resolve() const;
  // Resolve as lines "    at FUNCTION (FILE:LINE)" or "    at FUNCTION (MODULE+0xOFFSET)".
  std::string Text() const;

 private:
  std::array<uintptr_t, kFramesMax> addresses_{};
  size_t size_ = 0;
};

// From now on each throw of the process notes its addresses (some microseconds, as throwing itself
// costs; nothing where nothing is thrown). Calling it anywhere links in a __cxa_throw that stands
// before the one of the C++ runtime, which must be a shared library, as it is by default. False,
// and nothing recorded, if it is not.
bool RecordThrowSites();

}  // namespace skep::sdk
