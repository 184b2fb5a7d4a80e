// SPDX-License-Identifier: Apache-2.0
// Context across co_await. A coroutine may go on in another thread than the one it waited in; its
// context goes with it by one of two ways:
//
//   auto rows = co_await WithCurrentContext(query);    // this one await
//
//   class promise_type : public ContextPromise {       // every await of the coroutines of a type
//     auto initial_suspend() { return OnStart(std::suspend_never{}); }
//     auto final_suspend() noexcept { return OnFinish(std::suspend_always{}); }
//     ...
//   };
//
// ContextPromise also gives the thread back the context that it had before, whenever the coroutine
// waits or is done, so that nobody else works under the coroutine's span. WithCurrentContext alone
// can't, as it does not know where the coroutine began; scopes that are open over such an await
// stay current in the thread that it left. Belongs to the thread that runs the coroutine at the
// time.
#pragma once

#include <concepts>
#include <coroutine>
#include <type_traits>
#include <utility>

#include "skep/sdk/context.h"

namespace skep::sdk {

namespace detail {

template <typename T>
concept HasMemberCoAwait = requires(T&& value) { std::forward<T>(value).operator co_await(); };
template <typename T>
concept HasFreeCoAwait = requires(T&& value) { operator co_await(std::forward<T>(value)); };
template <typename T>
concept IsAwaiter = requires(std::remove_reference_t<T>& value) {
  { value.await_ready() } -> std::convertible_to<bool>;
  value.await_resume();
};

template <typename T>
decltype(auto) AwaiterOf(T&& value) {
  if constexpr (HasMemberCoAwait<T>) {
    return std::forward<T>(value).operator co_await();
  } else if constexpr (HasFreeCoAwait<T>) {
    return operator co_await(std::forward<T>(value));
  } else {
    return static_cast<T&&>(value);
  }
}

// Replaces the thread's current context for good and returns the one before.
Context SwapCurrentContext(Context context) noexcept;

// What WithCurrentContext returns.
template <typename Awaitable>
class ContextKeepingAwaiter {
 public:
  explicit ContextKeepingAwaiter(Awaitable&& awaitable)
      : awaitable_(std::forward<Awaitable>(awaitable)),
        awaiter_(AwaiterOf(std::forward<Awaitable>(awaitable_))) {}
  ContextKeepingAwaiter(const ContextKeepingAwaiter&) = delete;
  ContextKeepingAwaiter& operator=(const ContextKeepingAwaiter&) = delete;

  bool await_ready() { return awaiter_.await_ready(); }
  template <typename Promise>
  decltype(auto) await_suspend(std::coroutine_handle<Promise> coroutine) {
    suspended_ = true;
    return awaiter_.await_suspend(coroutine);  // may resume elsewhere before it returns
  }
  decltype(auto) await_resume() {
    if (suspended_) SwapCurrentContext(std::move(context_));
    return awaiter_.await_resume();
  }

 private:
  using Awaiter = decltype(AwaiterOf(std::declval<Awaitable>()));
  Awaitable awaitable_;  // a reference if it was one
  Awaiter awaiter_;
  Context context_ = Context::Current();
  bool suspended_ = false;
};

}  // namespace detail

template <typename Awaitable>
  requires(detail::HasMemberCoAwait<Awaitable> || detail::HasFreeCoAwait<Awaitable> ||
           detail::IsAwaiter<Awaitable>)
auto WithCurrentContext(Awaitable&& awaitable) {
  return detail::ContextKeepingAwaiter<Awaitable>(std::forward<Awaitable>(awaitable));
}

// A base of a promise; see above. The coroutine starts in the context that is current where it is
// called, even if it starts later.
class ContextPromise {
 public:
  template <typename Awaitable>
  auto await_transform(Awaitable&& awaitable) {
    return Awaiter<Awaitable>(*this, std::forward<Awaitable>(awaitable));
  }

 protected:
  ContextPromise() = default;

  // Around the awaiters of initial_suspend and final_suspend.
  template <typename Suspend>
  auto OnStart(Suspend suspend) {
    return StartAwaiter<Suspend>{*this, suspend};
  }
  template <typename Suspend>
  auto OnFinish(Suspend suspend) noexcept {
    Leave();
    return suspend;
  }

 private:
  void Enter() noexcept { thread_ = detail::SwapCurrentContext(std::move(own_)); }
  void Leave() noexcept { own_ = detail::SwapCurrentContext(std::move(thread_)); }

  template <typename Suspend>
  struct StartAwaiter {
    ContextPromise& promise;
    Suspend suspend;
    bool await_ready() noexcept { return suspend.await_ready(); }
    template <typename Promise>
    decltype(auto) await_suspend(std::coroutine_handle<Promise> coroutine) noexcept {
      return suspend.await_suspend(coroutine);
    }
    void await_resume() noexcept {
      promise.Enter();
      suspend.await_resume();
    }
  };

  template <typename Awaitable>
  class Awaiter {
   public:
    Awaiter(ContextPromise& promise, Awaitable&& awaitable)
        : promise_(promise),
          awaitable_(std::forward<Awaitable>(awaitable)),
          awaiter_(detail::AwaiterOf(std::forward<Awaitable>(awaitable_))) {}
    Awaiter(const Awaiter&) = delete;
    Awaiter& operator=(const Awaiter&) = delete;

    bool await_ready() { return awaiter_.await_ready(); }
    template <typename Promise>
    decltype(auto) await_suspend(std::coroutine_handle<Promise> coroutine) {
      suspended_ = true;
      promise_.Leave();
      try {
        return awaiter_.await_suspend(coroutine);  // may resume elsewhere before it returns
      } catch (...) {
        promise_.Enter();  // it did not suspend
        throw;
      }
    }
    decltype(auto) await_resume() {
      if (suspended_) promise_.Enter();
      return awaiter_.await_resume();
    }

   private:
    using Inner = decltype(detail::AwaiterOf(std::declval<Awaitable>()));
    ContextPromise& promise_;
    Awaitable awaitable_;  // a reference if it was one
    Inner awaiter_;
    bool suspended_ = false;
  };

  Context own_ = Context::Current();  // the coroutine's, while it waits
  Context thread_;                    // the thread's, while the coroutine runs
};

}  // namespace skep::sdk
