// SPDX-License-Identifier: Apache-2.0
// The __cxa_throw that stands before the C++ runtime's (Itanium C++ ABI, 2.4.3). It is linked in
// only with RecordThrowSites, which is why that is in this file: who does not ask for it has the
// runtime's.
#include <dlfcn.h>

#include <atomic>
#include <cstdlib>
#include <typeinfo>

#include "skep/sdk/stack_trace.h"
#include "stack/throw_sites.h"

namespace skep::sdk {
namespace {

using ThrowFunction = void (*)(void*, std::type_info*, void (*)(void*));
std::atomic<bool> recording{false};

ThrowFunction Next() {
  static const auto next = reinterpret_cast<ThrowFunction>(dlsym(RTLD_NEXT, "__cxa_throw"));
  return next;
}

}  // namespace

bool RecordThrowSites() {
  if (Next() == nullptr) return false;
  ThrowSites::Instance();
  StackTrace::Current();  // so that what the unwinder sets up at its first use is set up
  recording.store(true, std::memory_order_release);
  return true;
}

[[gnu::noinline]] void NoteThrow(void* object, std::type_info* type) {
  // Without NoteThrow and __cxa_throw.
  ThrowSites::Instance().Record(object, type, StackTrace::Current(2));
}

bool IsRecordingThrowSites() { return recording.load(std::memory_order_acquire); }

[[noreturn]] void ThrowOn(void* object, std::type_info* type, void (*destroy)(void*)) {
  const ThrowFunction next = Next();
  if (next == nullptr) std::abort();  // nothing can throw in such a program
  next(object, type, destroy);
  __builtin_unreachable();
}

}  // namespace skep::sdk

// NOLINTNEXTLINE(bugprone-reserved-identifier): the ABI's name.
extern "C" [[noreturn, gnu::visibility("default")]] void __cxa_throw(void* object, void* type,
                                                                     void (*destroy)(void*)) {
  auto* info = static_cast<std::type_info*>(type);
  if (skep::sdk::IsRecordingThrowSites()) skep::sdk::NoteThrow(object, info);
  skep::sdk::ThrowOn(object, info, destroy);
}
