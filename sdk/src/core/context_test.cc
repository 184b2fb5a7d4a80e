// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/context.h"

#include <gtest/gtest.h>

#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "skep/sdk/coroutine.h"
#include "skep/sdk/span.h"

namespace skep::sdk {
namespace {

constexpr char kName = 0;
constexpr char kOther = 0;

Context Named(std::string name) {
  return Context().With(&kName, std::make_shared<const std::string>(std::move(name)));
}

std::string NameIn(const Context& context) {
  const auto name = std::static_pointer_cast<const std::string>(context.Get(&kName));
  return name == nullptr ? "none" : *name;
}

std::string CurrentName() { return NameIn(Context::Current()); }

TEST(Context, ValuesByKeyTheLatestFirst) {
  const Context a = Named("a");
  const Context b = a.With(&kOther, std::make_shared<const int>(7));
  const Context c = b.With(&kName, std::make_shared<const std::string>("c"));
  EXPECT_EQ(NameIn(a), "a");
  EXPECT_EQ(a.Get(&kOther), nullptr);
  EXPECT_EQ(NameIn(b), "a");
  EXPECT_EQ(NameIn(c), "c");
  EXPECT_EQ(*std::static_pointer_cast<const int>(c.Get(&kOther)), 7);
}

TEST(Context, ScopesNest) {
  EXPECT_EQ(CurrentName(), "none");
  {
    const ContextScope outer(Named("outer"));
    {
      const ContextScope inner(Named("inner"));
      EXPECT_EQ(CurrentName(), "inner");
    }
    EXPECT_EQ(CurrentName(), "outer");
  }
  EXPECT_EQ(CurrentName(), "none");
}

TEST(Context, CallsTakeItToOtherThreads) {
  std::string there, without;
  int sum = 0;
  {
    const ContextScope scope(Named("here"));
    auto call = WithCurrentContext([&](int a, int b) {
      there = CurrentName();
      return a + b;
    });
    std::thread([&] {
      without = CurrentName();
      sum = call(1, 2);
      EXPECT_EQ(CurrentName(), "none");
    }).join();
  }
  EXPECT_EQ(there, "here");
  EXPECT_EQ(without, "none");
  EXPECT_EQ(sum, 3);
}

TEST(Context, CallsMayOwnWhatCannotBeCopied) {
  auto call = WithCurrentContext([text = std::make_unique<std::string>("x")] { return *text; });
  EXPECT_EQ(call(), "x");
}

// Goes on in a new thread, as coroutines on a pool do.
struct OnNewThread {
  std::vector<std::thread>& threads;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> coroutine) {
    threads.emplace_back([coroutine] {
      const ContextScope scope(Named("the thread's own"));
      coroutine.resume();
      EXPECT_EQ(CurrentName(), "the thread's own");
    });
  }
  int await_resume() { return 5; }
};

struct Task {
  struct promise_type : ContextPromise {
    Task get_return_object() { return {}; }
    auto initial_suspend() { return OnStart(std::suspend_never{}); }
    auto final_suspend() noexcept { return OnFinish(std::suspend_never{}); }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

struct Seen {
  std::vector<std::string> names;
  std::vector<std::thread::id> threads;
  void Note() {
    names.push_back(CurrentName());
    threads.push_back(std::this_thread::get_id());
  }
};

Task Hop(Seen& seen, std::vector<std::thread>& first, std::vector<std::thread>& second) {
  seen.Note();
  {
    const ContextScope scope(Named("inside"));
    EXPECT_EQ(co_await OnNewThread{first}, 5);
    seen.Note();
    co_await OnNewThread{second};
    seen.Note();
  }
  seen.Note();
}

TEST(Coroutine, ContextPromiseHopsThreadsAndLeavesThemAsTheyWere) {
  Seen seen;
  std::vector<std::thread> first, second;
  {
    const ContextScope scope(Named("caller"));
    Hop(seen, first, second);
    EXPECT_EQ(CurrentName(), "caller");
  }
  first.at(0).join();  // has started the second
  second.at(0).join();
  EXPECT_EQ(seen.names, (std::vector<std::string>{"caller", "inside", "inside", "caller"}));
  EXPECT_NE(seen.threads[0], seen.threads[1]);
  EXPECT_NE(seen.threads[1], seen.threads[2]);
}

struct LazyTask {
  struct promise_type : ContextPromise {
    LazyTask get_return_object() {
      return {std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    auto initial_suspend() { return OnStart(std::suspend_always{}); }
    auto final_suspend() noexcept { return OnFinish(std::suspend_always{}); }
    void return_void() {}
    void unhandled_exception() { failure = std::current_exception(); }
    std::exception_ptr failure;
  };
  std::coroutine_handle<promise_type> coroutine;
};

LazyTask NoteLater(Seen& seen) {
  seen.Note();
  co_return;
}

TEST(Coroutine, ALazyOneStartsInTheContextOfItsCall) {
  Seen seen;
  std::optional<LazyTask> task;
  {
    const ContextScope scope(Named("caller"));
    task = NoteLater(seen);
  }
  const ContextScope scope(Named("pool"));
  task->coroutine.resume();
  EXPECT_EQ(CurrentName(), "pool");
  EXPECT_EQ(seen.names, std::vector<std::string>{"caller"});
  task->coroutine.destroy();
}

struct Ready {
  bool await_ready() { return true; }
  void await_suspend(std::coroutine_handle<>) {}
  int await_resume() { return 1; }
};

struct NotAfterAll {  // decides while suspending
  bool await_ready() { return false; }
  bool await_suspend(std::coroutine_handle<>) { return false; }
  int await_resume() { return 2; }
};

struct ThrowsWhileSuspending {
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<>) { throw std::runtime_error("no pool"); }
  void await_resume() {}
};

struct ByMember {
  Ready operator co_await() && { return {}; }
};

LazyTask AwaitAll(Seen& seen) {
  const ContextScope scope(Named("inside"));
  int sum = co_await Ready{};
  sum += co_await NotAfterAll{};
  sum += co_await ByMember{};
  seen.Note();
  try {
    co_await ThrowsWhileSuspending{};
  } catch (const std::runtime_error&) {
    seen.Note();
  }
  EXPECT_EQ(sum, 4);
}

TEST(Coroutine, AwaitsThatDoNotSuspendKeepTheContext) {
  Seen seen;
  const LazyTask task = AwaitAll(seen);
  task.coroutine.resume();
  EXPECT_TRUE(task.coroutine.done());
  EXPECT_EQ(task.coroutine.promise().failure, nullptr);
  EXPECT_EQ(seen.names, (std::vector<std::string>{"inside", "inside"}));
  EXPECT_EQ(CurrentName(), "none");
  task.coroutine.destroy();
}

struct PlainTask {
  struct promise_type {
    PlainTask get_return_object() { return {}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

struct OnPlainThread {
  std::vector<std::thread>& threads;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> coroutine) {
    threads.emplace_back([coroutine] { coroutine.resume(); });
  }
  std::string await_resume() { return "result"; }
};

PlainTask AwaitWith(Seen& seen, std::vector<std::thread>& threads) {
  EXPECT_EQ(co_await WithCurrentContext(OnPlainThread{threads}), "result");
  seen.Note();
  Ready ready;
  EXPECT_EQ(co_await WithCurrentContext(ready), 1);
  EXPECT_EQ(co_await WithCurrentContext(ByMember{}), 1);
}

TEST(Coroutine, WithCurrentContextKeepsItOverOneAwait) {
  Seen seen;
  std::vector<std::thread> threads;
  {
    const ContextScope scope(Named("caller"));
    AwaitWith(seen, threads);
  }
  threads.at(0).join();
  EXPECT_EQ(seen.names, std::vector<std::string>{"caller"});
}

}  // namespace
}  // namespace skep::sdk
