// SPDX-License-Identifier: Apache-2.0
#include "stack/symbolizer.h"

#include <cxxabi.h>
#include <dlfcn.h>
#include <pthread.h>

#include <cstdlib>
#include <memory>
#include <mutex>
#include <unordered_map>

#ifdef SKEP_SDK_LIBBACKTRACE
#include <backtrace.h>
#endif

namespace skep::sdk {
namespace {

constexpr size_t kRememberedMax = 4096;

struct Names {
  std::mutex mutex;  // guards frames; not held while looking something up
  std::unordered_map<uintptr_t, std::vector<StackFrame>> frames;
#ifdef SKEP_SDK_LIBBACKTRACE
  // Held around libbacktrace, which then reads the debug information once for all threads that want
  // it at the same time, not once for each. Taken for addresses that are new alone.
  std::mutex look_up_mutex;
  bool asked = false;                // for `state`
  backtrace_state* state = nullptr;  // its memory is never given back: libbacktrace has no way to
#endif

  void Lock() {
#ifdef SKEP_SDK_LIBBACKTRACE
    look_up_mutex.lock();
#endif
    mutex.lock();
  }
  void Unlock() {
    mutex.unlock();
#ifdef SKEP_SDK_LIBBACKTRACE
    look_up_mutex.unlock();
#endif
  }
};

Names& TheNames() {
  // Never destroyed: a report may be under way when static destructors run. A fork waits until
  // nobody looks anything up: libbacktrace does that under a lock of the dynamic linker, which
  // would stay locked in the child.
  static Names& names = []() -> Names& {
    pthread_atfork([] { TheNames().Lock(); }, [] { TheNames().Unlock(); },
                   [] { TheNames().Unlock(); });
    return *new Names;
  }();
  return names;
}

StackFrame FromSymbolTable(uintptr_t address) {
  StackFrame frame;
  frame.address = address;
  Dl_info info{};
  if (dladdr(reinterpret_cast<void*>(address), &info) == 0) return frame;
  if (info.dli_fname != nullptr) frame.module = info.dli_fname;
  frame.offset = address - reinterpret_cast<uintptr_t>(info.dli_fbase);
  if (info.dli_sname != nullptr) frame.function = Demangle(info.dli_sname);
  return frame;
}

#ifdef SKEP_SDK_LIBBACKTRACE
void IgnoreError(void*, const char*, int) {}  // no debug information: the symbol table has to do

struct Lookup {
  const StackFrame* base;
  std::vector<StackFrame>* frames;
};

int OnPlace(void* argument, uintptr_t, const char* file, int line, const char* function) {
  auto* lookup = static_cast<Lookup*>(argument);
  if (file == nullptr && function == nullptr) return 0;
  StackFrame frame = *lookup->base;
  frame.file = file == nullptr ? "" : file;
  frame.line = file == nullptr || line < 0 ? 0 : static_cast<uint32_t>(line);
  frame.function = function == nullptr ? "" : Demangle(function);
  lookup->frames->push_back(std::move(frame));
  return 0;
}

void OnSymbol(void* argument, uintptr_t, const char* name, uintptr_t, uintptr_t) {
  if (name != nullptr) *static_cast<std::string*>(argument) = Demangle(name);
}

std::vector<StackFrame> Look(Names& known, uintptr_t address) {
  StackFrame base = FromSymbolTable(address);
  std::vector<StackFrame> frames;
  const std::lock_guard lock(known.look_up_mutex);
  if (!known.asked) known.state = backtrace_create_state(nullptr, 0, IgnoreError, nullptr);
  known.asked = true;
  if (known.state == nullptr) return {base};
  // Names in debug information lack namespaces where the compiler left the linkage name out.
  std::string symbol;
  backtrace_syminfo(known.state, address, OnSymbol, IgnoreError, &symbol);
  if (!symbol.empty()) base.function = symbol;
  Lookup lookup{&base, &frames};
  backtrace_pcinfo(known.state, address, OnPlace, IgnoreError, &lookup);
  if (frames.empty()) return {base};
  for (size_t i = 0; i + 1 < frames.size(); ++i) frames[i].inlined = true;
  StackFrame& outer = frames.back();  // the function that has the symbol
  if (!base.function.empty()) outer.function = base.function;
  return frames;
}
#else
std::vector<StackFrame> Look(Names&, uintptr_t address) { return {FromSymbolTable(address)}; }
#endif

}  // namespace

std::string Demangle(const char* name) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> text(
      abi::__cxa_demangle(name, nullptr, nullptr, &status), std::free);
  return status == 0 && text != nullptr ? text.get() : name;
}

std::vector<StackFrame> Symbolize(std::span<const uintptr_t> addresses) {
  Names& remembered = TheNames();
  std::vector<StackFrame> frames;
  for (const uintptr_t address : addresses) {
    {
      const std::lock_guard lock(remembered.mutex);
      const auto known = remembered.frames.find(address);
      if (known != remembered.frames.end()) {
        frames.insert(frames.end(), known->second.begin(), known->second.end());
        continue;
      }
    }
    std::vector<StackFrame> found = Look(remembered, address);
    frames.insert(frames.end(), found.begin(), found.end());
    const std::lock_guard lock(remembered.mutex);
    if (remembered.frames.size() >= kRememberedMax) remembered.frames.clear();
    remembered.frames.emplace(address, std::move(found));
  }
  return frames;
}

}  // namespace skep::sdk
