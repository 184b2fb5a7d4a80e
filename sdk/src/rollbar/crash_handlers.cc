// SPDX-License-Identifier: Apache-2.0
#include "rollbar/crash_handlers.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>

#include "logs/uuid.h"
#include "skep/sdk/span.h"

namespace skep::sdk::rollbar {
namespace {

constexpr std::array<int, 5> kSignals{SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};
constexpr size_t kStackBytes = 128 * 1024;

// What the handlers use. Made whole before they are installed; never freed, since a handler may be
// running while they are taken back.
struct State {
  char prefix[4096] = "";  // FOLDER/crash-
  std::array<uint8_t, 16> uuid{};
  std::array<struct sigaction, kSignals.size()> before{};
  std::terminate_handler terminate_before = nullptr;
  CrashHandlers::OnUncaught on_uncaught;
  std::atomic<int> writer{0};  // the thread that writes the note; -1: it is written
  std::atomic<bool> terminating{false};
  State* older = nullptr;  // taken back before this one was made
  char part[4200] = "";    // of the writer: the note's name until it is whole, and after that
  char whole[4200] = "";
};

std::atomic<State*> active{nullptr};
std::atomic<State*> newest{nullptr};  // keeps all of them within reach

int ThreadId() { return static_cast<int>(syscall(SYS_gettid)); }

char* AppendText(char* to, const char* text) {
  while (*text != '\0') *to++ = *text++;
  *to = '\0';
  return to;
}

char* AppendNumber(char* to, int64_t value) {
  char* const end = std::to_chars(to, to + 24, value).ptr;
  *end = '\0';
  return end;
}

template <size_t N, size_t Bytes>
void HexInto(char (&to)[N], const std::array<uint8_t, Bytes>& bytes) {
  static_assert(N == 2 * Bytes + 1);
  constexpr char kHex[] = "0123456789abcdef";
  for (size_t i = 0; i < Bytes; ++i) {
    to[2 * i] = kHex[bytes[i] >> 4];
    to[2 * i + 1] = kHex[bytes[i] & 15];
  }
  to[N - 1] = '\0';
}

// The installed one's random bytes with process and time mixed in: a forked child has another one.
void UuidInto(char (&to)[37], std::array<uint8_t, 16> bytes, int pid, int64_t nanos) {
  for (size_t i = 0; i < 4; ++i)
    bytes[i] ^= static_cast<uint8_t>(static_cast<uint32_t>(pid) >> (8 * i));
  for (size_t i = 0; i < 6; ++i)
    bytes[10 + i] ^= static_cast<uint8_t>(static_cast<uint64_t>(nanos) >> (8 * i));
  constexpr char kHex[] = "0123456789abcdef";
  char* out = to;
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) *out++ = '-';
    *out++ = kHex[bytes[i] >> 4];
    *out++ = kHex[bytes[i] & 15];
  }
  *out = '\0';
}

uintptr_t ProgramCounter(const void* context) {
  const auto& machine = static_cast<const ucontext_t*>(context)->uc_mcontext;
#if defined(__x86_64__)
  return static_cast<uintptr_t>(machine.gregs[REG_RIP]);
#elif defined(__aarch64__)
  return machine.pc;
#else
  (void)machine;
  return 0;
#endif
}

// Reads the thread's context and copies ids: counts references, takes no lock, allocates nothing.
void SpanInto(CrashFacts& facts) {
  const Span span = Span::Current();
  const SpanContext& context = span.GetContext();
  if (!context.IsValid()) return;
  HexInto(facts.trace_id, context.trace_id.Bytes());
  HexInto(facts.span_id, context.span_id.Bytes());
}

void WriteNote(State& state, int signal, const siginfo_t* info, const void* context) {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  CrashFacts facts;
  facts.time_seconds = now.tv_sec;
  facts.pid = getpid();
  facts.tid = ThreadId();
  UuidInto(facts.uuid, state.uuid, facts.pid, now.tv_sec * 1'000'000'000 + now.tv_nsec);
  prctl(PR_GET_NAME, facts.thread);
  facts.signal = signal;
  facts.code = info->si_code;
  const bool has_address = info->si_code > 0 && (signal == SIGSEGV || signal == SIGBUS);
  facts.address = has_address ? reinterpret_cast<uintptr_t>(info->si_addr) : 0;
  facts.pc = ProgramCounter(context);
  SpanInto(facts);

  char* end = AppendText(state.part, state.prefix);
  end = AppendNumber(end, facts.pid);
  end = AppendText(end, "-");
  end = AppendNumber(end, facts.time_seconds);
  AppendText(AppendText(state.whole, state.part), ".note");
  AppendText(end, ".part");
  const int fd = open(state.part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return;
  WriteCrashNote(fd, facts);
  close(fd);
}

// On to the handler of before, or to what the kernel does: an instruction that faults does so again
// when this returns, so that the core dump shows it; a signal that was sent is sent again.
void Chain(const State& state, int signal, const siginfo_t* info) {
  for (size_t i = 0; i < kSignals.size(); ++i) {
    if (kSignals[i] == signal) sigaction(signal, &state.before[i], nullptr);
  }
  if (info->si_code <= 0) syscall(SYS_tgkill, getpid(), ThreadId(), signal);
}

void OnSignal(int signal, siginfo_t* info, void* context) {
  const int saved_errno = errno;
  State* state = active.load(std::memory_order_acquire);
  if (state == nullptr) {  // taken back at this moment
    std::signal(signal, SIG_DFL);
    return;
  }
  const int self = ThreadId();
  int nobody = 0;
  if (state->terminating) {
    // The uncaught exception was reported: abort is its end, not another crash.
  } else if (state->writer.compare_exchange_strong(nobody, self)) {
    WriteNote(*state, signal, info, context);
    rename(state->part, state->whole);
    state->writer = -1;
  } else if (nobody == self) {
    // A fault while the note was written, by the unwinder on a broken stack: it is as whole as it
    // gets.
    rename(state->part, state->whole);
    state->writer = -1;
  } else {
    // Another thread crashed first; it ends the process when its note is whole.
    for (int i = 0; i < 300 && state->writer != -1; ++i) {
      const timespec moment{0, 10'000'000};
      nanosleep(&moment, nullptr);
    }
  }
  Chain(*state, signal, info);
  errno = saved_errno;
}

[[noreturn]] void OnTerminate() {
  State* state = active.load(std::memory_order_acquire);
  std::terminate_handler before = nullptr;
  if (state != nullptr) {
    before = state->terminate_before;
    if (!state->terminating.exchange(true)) state->on_uncaught(std::current_exception());
  }
  if (before != nullptr) before();
  std::abort();
}

bool UsableFolder(const std::string& folder) {
  mkdir(folder.c_str(), 0700);  // its parent must be there
  struct stat status{};
  if (lstat(folder.c_str(), &status) != 0) return false;
  return S_ISDIR(status.st_mode) && status.st_uid == geteuid() &&
         access(folder.c_str(), W_OK | X_OK) == 0;
}

// Of the calling thread, unless it has one (sanitizers give it one). Never freed: the thread may
// crash to its end.
void GiveSignalStack() {
  stack_t current{};
  if (sigaltstack(nullptr, &current) == 0 && (current.ss_flags & SS_DISABLE) == 0) return;
  void* memory = mmap(nullptr, kStackBytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (memory == MAP_FAILED) return;
  stack_t stack{};
  stack.ss_sp = memory;
  stack.ss_size = kStackBytes;
  sigaltstack(&stack, nullptr);
}

}  // namespace

std::unique_ptr<CrashHandlers> CrashHandlers::Install(const std::string& folder,
                                                      OnUncaught on_uncaught) {
  char absolute[PATH_MAX];
  if (!UsableFolder(folder) || realpath(folder.c_str(), absolute) == nullptr) return nullptr;
  const std::string prefix = std::string(absolute) + "/crash-";
  auto state = std::make_unique<State>();
  if (prefix.size() >= sizeof state->prefix) return nullptr;
  std::memcpy(state->prefix, prefix.c_str(), prefix.size() + 1);
  state->uuid = RandomUuidBytes();
  state->on_uncaught = std::move(on_uncaught);
  StackTrace::Current();  // so that what the unwinder sets up at its first use is set up
  GiveSignalStack();
  State* nobody = nullptr;
  if (!active.compare_exchange_strong(nobody, state.get())) return nullptr;
  State* installed = state.release();
  installed->older = newest.exchange(installed);
  installed->terminate_before = std::set_terminate(OnTerminate);
  for (size_t i = 0; i < kSignals.size(); ++i) {
    struct sigaction action{};
    action.sa_sigaction = OnSignal;
    // Not blocked while it runs: a fault of the handler itself comes back to it.
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    sigemptyset(&action.sa_mask);
    sigaction(kSignals[i], nullptr, &installed->before[i]);
    sigaction(kSignals[i], &action, nullptr);
  }
  return std::unique_ptr<CrashHandlers>(new CrashHandlers);
}

CrashHandlers::~CrashHandlers() {
  State* state = active.load(std::memory_order_acquire);
  for (size_t i = 0; i < kSignals.size(); ++i) {
    struct sigaction current{};
    sigaction(kSignals[i], nullptr, &current);
    if (current.sa_sigaction == OnSignal) sigaction(kSignals[i], &state->before[i], nullptr);
  }
  if (std::get_terminate() == OnTerminate) std::set_terminate(state->terminate_before);
  active.store(nullptr, std::memory_order_release);
}

}  // namespace skep::sdk::rollbar
