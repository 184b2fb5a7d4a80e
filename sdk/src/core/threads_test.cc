// SPDX-License-Identifier: Apache-2.0
// Spans among threads and processes: what sanitizers are to look at.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <latch>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/test_spans.h"
#include "skep/sdk/tracer.h"

namespace skep::sdk {
namespace {

constexpr int kThreads = 8;

class CountingProcessor final : public SpanProcessor {
 public:
  explicit CountingProcessor(std::atomic<uint64_t>& ended) : ended_(ended) {}
  void OnEnd(const SpanData& span) noexcept override {
    size_t bytes = span.name.size();
    for (const auto& [key, value] : span.attributes) bytes += key.size() + TextOf(value).size();
    for (const EventData& event : span.events) bytes += event.name.size();
    ended_ += bytes > 0 ? 1 : 0;
  }
  bool ForceFlush(std::chrono::milliseconds) noexcept override { return true; }
  bool Shutdown(std::chrono::milliseconds) noexcept override { return true; }

 private:
  std::atomic<uint64_t>& ended_;
};

struct World {
  World() : provider(std::make_unique<TracerProvider>(TracerProviderOptions{})) {
    provider->AddProcessor(std::make_unique<CountingProcessor>(ended));
  }
  std::atomic<uint64_t> ended{0};
  std::unique_ptr<TracerProvider> provider;
};

TEST(Threads, EndEachOthersSpans) {
  World world;
  const Tracer tracer = world.provider->GetTracer("t");
  std::mutex mutex;  // guards passed_on
  std::vector<Span> passed_on;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 500; ++i) {
          Span span = tracer.StartSpan("passed on");
          span.SetAttribute("i", i).SetAttribute("text", "a text").AddEvent("e");
          Span other;
          {
            const std::lock_guard lock(mutex);
            if (passed_on.size() > 20) {
              std::swap(other, passed_on[static_cast<size_t>(i) % passed_on.size()]);
            }
            passed_on.push_back(std::move(span));
          }
          if (i % 2 == 0) other.End();  // else by the last handle
        }
      });
    }
  }
  passed_on.clear();
  EXPECT_EQ(world.ended, kThreads * 500U);
}

TEST(Threads, ChangeOneSpanAtOnceWhileItEnds) {
  World world;
  const Tracer tracer = world.provider->GetTracer("t");
  for (int round = 0; round < 50; ++round) {
    Span span = tracer.StartSpan("shared");
    std::latch start(4);
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t, copy = span]() mutable {
        start.arrive_and_wait();
        for (int i = 0; i < 40; ++i) {
          copy.SetAttribute("key" + std::to_string(i % 7),
                            std::string(static_cast<size_t>(i), 'v'));
          copy.AddEvent("event", {{"t", t}}).UpdateName("name").SetStatus(StatusCode::kError, "d");
          copy.AddLink(copy.GetContext());
        }
        copy.End();
      });
    }
  }
  EXPECT_EQ(world.ended, 50U);
}

TEST(Threads, EndAndTheirPoolsGoToOthers) {
  World world;
  const Tracer tracer = world.provider->GetTracer("t");
  std::vector<Span> kept(20);
  for (size_t i = 0; i < kept.size(); ++i) {
    std::thread([&] {
      for (int n = 0; n < 10; ++n) tracer.StartSpan("short").End();
      kept[i] = tracer.StartSpan("outlives its thread");
    }).join();
    if (i % 2 == 1) kept[i - 1].SetAttribute("late", true).End();
  }
  kept.clear();
  EXPECT_EQ(world.ended, 20U * 11U);
}

// Ends spans, and starts some, when its thread has no pool any more.
struct AtThreadExit {
  const Tracer* tracer = nullptr;
  Span span;
  ~AtThreadExit() {
    if (tracer == nullptr) return;
    span.SetAttribute("late", 1).End();
    span = Span();
    ActiveSpan last = tracer->StartActiveSpan("while the thread ends");
    last->SetAttribute("a", "b");
  }
};
thread_local AtThreadExit t_at_exit;

TEST(Threads, SpansOfThreadLocalDestructors) {
  World world;
  const Tracer tracer = world.provider->GetTracer("t");
  std::thread([&] {
    t_at_exit.tracer = &tracer;  // made before the pool, so destroyed after it
    t_at_exit.span = tracer.StartSpan("kept by a thread_local");
    const ContextScope scope(Context().WithSpan(t_at_exit.span));
    tracer.StartSpan("child").End();
  }).join();
  EXPECT_EQ(world.ended, 3U);
}

TEST(Threads, TheProviderGoesWhileTheyEndSpans) {
  for (int round = 0; round < 30; ++round) {
    World world;
    const Tracer tracer = world.provider->GetTracer("t");
    std::vector<std::vector<Span>> spans(4);
    for (auto& own : spans) {
      for (int i = 0; i < 50; ++i) own.push_back(tracer.StartSpan("x"));
    }
    std::latch start(5);
    std::vector<std::jthread> threads;
    for (auto& own : spans) {
      threads.emplace_back([&] {
        start.arrive_and_wait();
        for (Span& span : own) span.SetAttribute("a", 1).End();
      });
    }
    start.arrive_and_wait();
    world.provider.reset();
    const uint64_t at_its_end = world.ended;
    threads.clear();
    EXPECT_EQ(world.ended, at_its_end);  // no processor is called once the provider is gone
  }
}

TEST(Threads, ManyProvidersOneAfterTheOther) {
  for (int i = 0; i < 50; ++i) {
    World one, two;
    const Tracer a = one.provider->GetTracer("a");
    const Tracer b = two.provider->GetTracer("b");
    std::thread([&] {
      for (int n = 0; n < 5; ++n) {
        ActiveSpan outer = a.StartActiveSpan("outer");
        b.StartSpan("inner").End();
      }
    }).join();
    EXPECT_EQ(one.ended, 5U);
    EXPECT_EQ(two.ended, 5U);
  }
}

TEST(Threads, ManySpansAtOnceAndThenNone) {
  World world;
  const Tracer tracer = world.provider->GetTracer("t");
  std::vector<Span> spans;
  for (int i = 0; i < 1000; ++i) spans.push_back(tracer.StartSpan("x"));
  std::thread([&] { spans.resize(500); }).join();
  spans.clear();
  EXPECT_EQ(world.ended, 1000U);
  tracer.StartSpan("again").End();
  EXPECT_EQ(world.ended, 1001U);
}

#if !defined(__SANITIZE_THREAD__)  // TSan does not follow threads of a forked child
TEST(Fork, TheChildHasSpansOfItsOwnAndNoneOfTheParents) {
  World world;
  const Tracer tracer = world.provider->GetTracer("t");
  ActiveSpan parents = tracer.StartActiveSpan("the parent's");
  Span elsewhere;
  std::thread([&] { elsewhere = tracer.StartSpan("of another thread"); }).join();
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    parents->SetAttribute("late", 1).End();
    elsewhere.SetAttribute("late", 1).End();
    elsewhere = Span();
    bool good = world.ended == 0 && !parents->IsRecording();
    Span own = tracer.StartSpan("own");
    good = good && own.IsRecording() && own.GetContext().trace_id == parents->GetContext().trace_id;
    own.End();
    good = good && world.ended == 1;
    std::thread([&] { tracer.StartSpan("in a new thread").End(); }).join();
    good = good && world.ended == 2;
    world.provider.reset();
    _exit(good ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(parents->IsRecording());
}
#endif

}  // namespace
}  // namespace skep::sdk
