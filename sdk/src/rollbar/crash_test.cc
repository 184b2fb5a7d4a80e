// SPDX-License-Identifier: Apache-2.0
// Crashes that really happen, in forked children: what they leave behind, and how it is read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <random>
#include <stdexcept>
#include <thread>

#include "rollbar/crash_handlers.h"
#include "rollbar/crash_note.h"
#include "skep/sdk/span.h"

namespace skep::sdk::rollbar {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::SizeIs;

class CrashTest : public testing::Test {
 protected:
  CrashTest() {
    char name[] = "/tmp/skep-crash-test-XXXXXX";
    folder_ = mkdtemp(name);
  }
  ~CrashTest() override { fs::remove_all(folder_); }

  // Runs `crash` in a child with handlers installed, and waits for its end.
  template <typename Crash>
  int InChild(Crash crash) {
    const pid_t child = fork();
    if (child == 0) {
      const rlimit no_core{0, 0};
      setrlimit(RLIMIT_CORE, &no_core);
      if (freopen("/dev/null", "w", stderr) == nullptr)
        _exit(96);  // sanitizers report crashes, too
      auto handlers = CrashHandlers::Install(folder_, [this](const std::exception_ptr& exception) {
        WriteWhole(folder_ + "/crash-uncaught.json", exception ? "an exception" : "none");
      });
      if (!handlers) _exit(97);
      crash();
      _exit(98);  // it did not crash
    }
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT_FALSE(WIFEXITED(status) && WEXITSTATUS(status) >= 96) << "exit " << WEXITSTATUS(status);
    return status;
  }

  std::optional<CrashNote> Note() {
    const auto left = FindLeftBehind(folder_, 10);
    EXPECT_THAT(left, SizeIs(1));
    return left.size() == 1 ? ReadCrashNote(left[0].text) : std::nullopt;
  }

  std::string folder_;
};

[[gnu::noinline]] void WriteToNothing(volatile int* where) { *where = 5; }

TEST_F(CrashTest, ASegmentationFaultLeavesItsFrames) {
  InChild([] { WriteToNothing(reinterpret_cast<volatile int*>(0x10)); });
  const auto note = Note();
  ASSERT_TRUE(note.has_value());
  EXPECT_EQ(note->facts.signal, SIGSEGV);
  EXPECT_EQ(note->facts.address, 0x10u);
  EXPECT_GT(note->facts.time_seconds, 1'700'000'000);
  EXPECT_STREQ(note->facts.trace_id, "");
  EXPECT_THAT(std::string(note->facts.uuid), SizeIs(36));
  const auto frames = ResolveFrames(*note);
  ASSERT_FALSE(frames.empty());
  EXPECT_THAT(frames[0].function, HasSubstr("WriteToNothing"));
#ifdef SKEP_SDK_LIBBACKTRACE
  EXPECT_THAT(frames[0].file, HasSubstr("crash_test.cc"));
#endif
}

TEST_F(CrashTest, TheSpanOfTheThreadIsNoted) {
  InChild([] {
    SpanContext context;
    context.trace_id = *TraceId::FromHex("5759e988bd862e3fe1be46a994272793");
    context.span_id = *SpanId::FromHex("53995c3f42cd8ad8");
    const Scope scope(Span::Remote(context));
    WriteToNothing(reinterpret_cast<volatile int*>(0x10));
  });
  const auto note = Note();
  ASSERT_TRUE(note.has_value());
  EXPECT_STREQ(note->facts.trace_id, "5759e988bd862e3fe1be46a994272793");
  EXPECT_STREQ(note->facts.span_id, "53995c3f42cd8ad8");
}

TEST_F(CrashTest, AbortIsNotedAndStillAborts) {
  const int status = InChild([] { std::abort(); });
#ifndef __SANITIZE_THREAD__
  EXPECT_TRUE(WIFSIGNALED(status)) << status;
  EXPECT_EQ(WTERMSIG(status), SIGABRT);
#else
  (void)status;
#endif
  const auto note = Note();
  ASSERT_TRUE(note.has_value());
  EXPECT_EQ(note->facts.signal, SIGABRT);
}

TEST_F(CrashTest, SignalsThatAreSentAndOnOtherThreads) {
  InChild([] {
    std::thread([] {
      pthread_setname_np(pthread_self(), "worker of two");
      raise(SIGFPE);
    }).join();
  });
  const auto note = Note();
  ASSERT_TRUE(note.has_value());
  EXPECT_EQ(note->facts.signal, SIGFPE);
  EXPECT_STREQ(note->facts.thread, "worker of two");
  EXPECT_NE(note->facts.tid, note->facts.pid);
}

TEST_F(CrashTest, TheHandlerOfBeforeIsCalled) {
  const pid_t child = fork();
  if (child == 0) {
    struct sigaction own{};
    own.sa_handler = [](int) { _exit(7); };
    sigaction(SIGILL, &own, nullptr);
    const auto handlers = CrashHandlers::Install(folder_, [](const std::exception_ptr&) {});
    raise(SIGILL);
    _exit(98);
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 7);
  const auto note = Note();
  ASSERT_TRUE(note.has_value());
  EXPECT_EQ(note->facts.signal, SIGILL);
}

[[gnu::noinline]] int Overflow(int depth) {  // NOLINT(misc-no-recursion): the point of it
  volatile char room[4096];
  room[depth % 4096] = static_cast<char>(depth);
  if (depth < 0) return 0;
  return Overflow(depth + 1) + room[(depth + 1) % 4096];
}

TEST_F(CrashTest, AStackThatOverflowsIsNoted) {
  InChild([] { Overflow(1); });
  const auto note = Note();
  ASSERT_TRUE(note.has_value());
  EXPECT_EQ(note->facts.signal, SIGSEGV);
  EXPECT_THAT(ResolveFrames(*note), Contains(Field(&StackFrame::function, HasSubstr("Overflow"))));
}

TEST_F(CrashTest, ABrokenStackStillLeavesTheSignal) {
  InChild([] {
#if defined(__x86_64__)
    // The unwinder follows the frame pointer and finds no sense there.
    asm volatile("xor %%rbp, %%rbp; mov $16, %%rsp; movl $1, 0" ::: "memory");
#else
    WriteToNothing(reinterpret_cast<volatile int*>(0x10));
#endif
  });
  const auto note = Note();
  ASSERT_TRUE(note.has_value());
  EXPECT_EQ(note->facts.signal, SIGSEGV);
  EXPECT_NE(note->facts.pc, 0u);
}

TEST_F(CrashTest, AnUncaughtExceptionIsReportedOnceAndAbortIsNotAnotherCrash) {
  InChild([] { std::thread([] { throw std::runtime_error("uncaught"); }).join(); });
  const auto left = FindLeftBehind(folder_, 10);
  ASSERT_THAT(left, SizeIs(1));
  EXPECT_THAT(left[0].path, HasSubstr("crash-uncaught.json"));
  EXPECT_EQ(left[0].text, "an exception");
}

TEST_F(CrashTest, OneReporterOfAProcessAndAFolderThatCanBeUsed) {
  const auto ignore = [](const std::exception_ptr&) {};
  auto first = CrashHandlers::Install(folder_ + "/made", ignore);
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(fs::status(folder_ + "/made").permissions(), fs::perms::owner_all);
  EXPECT_EQ(CrashHandlers::Install(folder_, ignore), nullptr);
  first.reset();
  auto second = CrashHandlers::Install(folder_, ignore);
  EXPECT_NE(second, nullptr);
  second.reset();
  EXPECT_EQ(CrashHandlers::Install("/proc/self/none", ignore), nullptr);
  struct sigaction action{};
  sigaction(SIGILL, nullptr, &action);
  EXPECT_EQ(action.sa_handler, SIG_DFL);
}

TEST_F(CrashTest, WhatIsLeftBehindIsBounded) {
  for (int i = 0; i < 120; ++i) WriteWhole(folder_ + "/crash-" + std::to_string(i) + ".json", "{}");
  WriteWhole(folder_ + "/other.json", "{}");
  fs::create_symlink("/etc/passwd", folder_ + "/crash-link.note");
  EXPECT_THAT(FindLeftBehind(folder_, 20), SizeIs(20));
  EXPECT_THAT(FindLeftBehind(folder_, 1000), SizeIs(100));
  EXPECT_TRUE(fs::exists(folder_ + "/other.json"));
}

TEST(CrashNoteTest, AnyBytesAreReadWithoutHarm) {
  const std::string whole =
      "skep-crash 1\nuuid 5759e988-bd86-4e3f-a1be-46a994272793\ntime 1700000000\nprocess 12 13 two "
      "words\n"
      "signal 11 1 0x10\npc 0x55d0\nspan 5759e988bd862e3fe1be46a994272793 53995c3f42cd8ad8\nframe "
      "0x1\nframe 0x55d0\n"
      "frame 0x6000\nmaps\n5000-6000 r-xp 00001000 08:01 42 /usr/bin/app with blanks\n"
      "7000-8000 rw-p 00000000 00:00 0 [heap]\nnonsense\n";
  const auto note = ReadCrashNote(whole);
  ASSERT_TRUE(note.has_value());
  EXPECT_EQ(note->facts.pid, 12);
  EXPECT_STREQ(note->facts.thread, "two words");
  EXPECT_THAT(note->frames, testing::ElementsAre(0x55d0u, 0x6000u))
      << "those of the handler are left out";
  ASSERT_THAT(note->mappings, SizeIs(1));
  EXPECT_EQ(note->mappings[0].path, "/usr/bin/app with blanks");
  const auto frames = ResolveFrames(*note);  // no such file here: module and offset
  EXPECT_EQ(frames.at(0).module, "/usr/bin/app with blanks");
  EXPECT_EQ(frames.at(0).offset, 0x15d0u);
  for (size_t size = 0; size < whole.size(); ++size) ReadCrashNote(whole.substr(0, size));
  std::mt19937 random(3);
  for (int round = 0; round < 20'000; ++round) {
    std::string text = whole;
    for (int changes = 0; changes < 5; ++changes)
      text[random() % text.size()] = static_cast<char>(random() % 256);
    const auto read = ReadCrashNote(text);
    EXPECT_LE(read ? read->frames.size() : 0, StackTrace::kFramesMax + 1);
  }
  EXPECT_FALSE(ReadCrashNote("").has_value());
  EXPECT_FALSE(ReadCrashNote("skep-crash 1\n").has_value());
}

}  // namespace
}  // namespace skep::sdk::rollbar
