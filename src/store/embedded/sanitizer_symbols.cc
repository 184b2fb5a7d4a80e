// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/sanitizer_symbols.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)

#include <dlfcn.h>
#include <pthread.h>

#define SKEP_EXPORTED __attribute__((visibility("default")))
#define SKEP_OWN __attribute__((visibility("hidden")))
// Called before the runtime has started.
#define SKEP_BARE __attribute__((no_sanitize("address", "thread", "undefined")))

namespace {

bool engine_expected = false;

SKEP_BARE bool Same(const char* a, const char* b) {
  while (*a != '\0' && *a == *b) {
    ++a;
    ++b;
  }
  return *a == *b;
}

}  // namespace

extern "C" {

// The engine gives its threads signal stacks of their own. The runtimes would take them for theirs
// when a thread ends, and unmap memory of the engine's.
SKEP_EXPORTED const char* __asan_default_options() { return "use_sigaltstack=0"; }
SKEP_EXPORTED const char* __tsan_default_options() { return "use_sigaltstack=0"; }

// The engine synchronises by means that are not instrumented, so what it does cannot be judged.
SKEP_EXPORTED const char* __tsan_default_suppressions() {
  return "race:libchdb.so\ndeadlock:libchdb.so\nmutex:libchdb.so\n";
}

// libchdb locks by these names, which glibc keeps for old programs only. The runtimes put
// themselves before them, do not find the originals, and would call address zero.
SKEP_EXPORTED int __pthread_mutex_lock(pthread_mutex_t* mutex) { return pthread_mutex_lock(mutex); }
SKEP_EXPORTED int __pthread_mutex_unlock(pthread_mutex_t* mutex) {
  return pthread_mutex_unlock(mutex);
}

// What libc allocated libchdb frees with the `free` that comes behind itself, and it starts some
// threads likewise: past the runtime, whose memory and threads these are. It is to find the first
// ones of the program.
SKEP_OWN SKEP_BARE void* skep_dlsym_handle(void* handle, const char* name) {
  const bool past_runtime = Same(name, "free") || Same(name, "pthread_create");
  return engine_expected && handle == RTLD_NEXT && past_runtime ? RTLD_DEFAULT : handle;
}
SKEP_OWN SKEP_BARE void* skep_dlsym_original() {
  return ::dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.2.5");
}

}  // extern "C"

// RTLD_NEXT means behind the caller, whom dlsym knows by its return address. So this jumps to it
// instead of calling it.
asm(R"(
.globl dlsym
.type dlsym, @function
dlsym:
  pushq %rsi
  subq $16, %rsp
  call skep_dlsym_handle
  movq %rax, (%rsp)
  call skep_dlsym_original
  movq (%rsp), %rdi
  addq $16, %rsp
  popq %rsi
  jmp *%rax
.size dlsym, .-dlsym
)");

namespace skep {
void ExpectEngineBesideSanitizer() { engine_expected = true; }
}  // namespace skep

#else

namespace skep {
void ExpectEngineBesideSanitizer() {}
}  // namespace skep

#endif
