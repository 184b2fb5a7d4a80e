// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/stack_trace.h"

#include <unwind.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>

#include "stack/symbolizer.h"
#include "stack/throw_sites.h"
#include "stack/unwind.h"

namespace skep::sdk {
namespace {

struct Walk {
  std::span<uintptr_t> out;
  size_t skip;
  size_t size = 0;
};

_Unwind_Reason_Code OnFrame(_Unwind_Context* context, void* argument) {
  auto* walk = static_cast<Walk*>(argument);
  if (walk->skip > 0) {
    --walk->skip;
    return _URC_NO_REASON;
  }
  int before_instruction = 0;
  uintptr_t address = _Unwind_GetIPInfo(context, &before_instruction);
  if (address == 0) return _URC_END_OF_STACK;
  // A return address lies after its call, perhaps on another line or in another function.
  if (before_instruction == 0) --address;
  walk->out[walk->size++] = address;
  return walk->size < walk->out.size() ? _URC_NO_REASON : _URC_END_OF_STACK;
}

std::string Place(const StackFrame& frame) {
  if (!frame.file.empty()) return frame.file + ":" + std::to_string(frame.line);
  char offset[32];
  std::snprintf(offset, sizeof offset, "+0x%" PRIxPTR, frame.offset);
  return frame.module + offset;
}

}  // namespace

size_t Unwind(std::span<uintptr_t> out, size_t skip) {
  if (out.empty()) return 0;
  Walk walk{out, skip + 1};
  _Unwind_Backtrace(OnFrame, &walk);
  return walk.size;
}

StackTrace::StackTrace(std::span<const uintptr_t> addresses) {
  size_ = std::min(addresses.size(), kFramesMax);
  std::copy_n(addresses.begin(), size_, addresses_.begin());
}

[[gnu::noinline]] StackTrace StackTrace::Current(size_t skip) {
  StackTrace trace;
  trace.size_ = Unwind(trace.addresses_, skip + 1);
  return trace;
}

std::optional<StackTrace> StackTrace::Of(const std::exception_ptr& exception) {
  return ThrowSites::Instance().Find(exception);
}

std::vector<StackFrame> StackTrace::Resolve() const { return Symbolize(Addresses()); }

std::string StackTrace::Text() const {
  std::string text;
  for (const StackFrame& frame : Resolve()) {
    text += "    at ";
    text += frame.function.empty() ? "?" : frame.function;
    text += " (" + Place(frame) + ")\n";
  }
  return text;
}

}  // namespace skep::sdk
