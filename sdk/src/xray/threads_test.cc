// SPDX-License-Identifier: Apache-2.0
// One segment on many threads and in coroutines. Under ThreadSanitizer this is what says that it is
// thread-safe.
#include <gtest/gtest.h>

#include <coroutine>
#include <stdexcept>
#include <thread>
#include <vector>

#include "skep/sdk/context.h"
#include "skep/sdk/coroutine.h"
#include "xray/test_documents.h"

namespace skep::sdk::xray {
namespace {

size_t Count(const rapidjson::Value& node) {
  size_t count = 1;
  if (!node.HasMember("subsegments")) return count;
  for (const rapidjson::Value& child : node["subsegments"].GetArray()) count += Count(child);
  return count;
}

TEST(Threads, WorkOnOneSegment) {
  TestRecorder test({.service = "shop", .streaming_threshold = 20});
  constexpr int kThreads = 8;
  constexpr int kRounds = 100;
  {
    auto segment = test.recorder.InSegment();
    const Context context = Context::Current();
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, context] {
        const ContextScope scope(context);
        for (int i = 0; i < kRounds; ++i) {
          auto outer = test.recorder.InSubsegment("outer");
          test.recorder.InSubsegment("inner")->PutAnnotation("i", i);
          outer->AddException(std::runtime_error("x"));
          test.recorder.CurrentSegment().PutMetadata("round", i);
          EXPECT_FALSE(test.recorder.TraceHeaderText().empty());
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  size_t count = 0;
  for (const std::string& text : test.emitter->Take()) count += Count(ParseJson(text));
  EXPECT_EQ(count, 1u + kThreads * kRounds * 2);
  EXPECT_EQ(test.recorder.Counters().accepted, count);
}

TEST(Threads, EndSegmentsOfTheirOwn) {
  TestRecorder test;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        auto segment = test.recorder.InSegment();
        test.recorder.InSubsegment("part");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(test.emitter->Take().size(), 1600u);
}

TEST(Threads, EndTheSameOneOnce) {
  TestRecorder test;
  for (int round = 0; round < 100; ++round) {
    Segment segment = test.recorder.BeginSegment();
    Subsegment part = segment.BeginSubsegment("part");
    std::thread other([segment, part]() mutable {
      part.End();
      segment.End();
    });
    segment.End();
    part.End();
    other.join();
    EXPECT_EQ(test.emitter->Take().size(), 1u);
  }
}

// A coroutine that takes its context over awaits by itself, resumed by its caller.
struct Task {
  struct promise_type : ContextPromise {
    Task get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    auto initial_suspend() { return OnStart(std::suspend_never{}); }
    auto final_suspend() noexcept { return OnFinish(std::suspend_always{}); }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
  std::coroutine_handle<promise_type> handle;
};

Task Work(Recorder& recorder) {
  auto part = recorder.InSubsegment("before");
  co_await std::suspend_always();
  recorder.InSubsegment("after");
}

TEST(Threads, ResumeACoroutineWithItsContext) {
  TestRecorder test;
  {
    auto segment = test.recorder.InSegment();
    const Task task = Work(test.recorder);
    test.recorder.InSubsegment("meanwhile");  // not under what the coroutine waits in
    std::thread other([&] {
      task.handle.resume();
      EXPECT_FALSE(test.recorder.CurrentEntity());  // the thread has its own context back
    });
    other.join();
    task.handle.destroy();
  }
  const rapidjson::Document document = test.emitter->TakeOne();
  EXPECT_EQ(TextAt(document, "subsegments", 0u, "name"), "before");
  EXPECT_EQ(TextAt(document, "subsegments", 0u, "subsegments", 0u, "name"), "after");
  EXPECT_EQ(TextAt(document, "subsegments", 1u, "name"), "meanwhile");
}

}  // namespace
}  // namespace skep::sdk::xray
