// SPDX-License-Identifier: Apache-2.0
// Symbolize: addresses to functions, files and lines: from debug information by GCC's libbacktrace
// where the build found it (SKEP_SDK_LIBBACKTRACE), else from the dynamic symbol table. Results are
// remembered, up to 4096 addresses. Thread-safe; slow at first; may allocate much: for reporting
// threads.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "skep/sdk/stack_trace.h"

namespace skep::sdk {

std::vector<StackFrame> Symbolize(std::span<const uintptr_t> addresses);
// "std::runtime_error" for "St13runtime_error", a symbol's name for its mangled form; else the text
// itself.
std::string Demangle(const char* name);

}  // namespace skep::sdk
