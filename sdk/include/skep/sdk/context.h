// SPDX-License-Identifier: Apache-2.0
// Context: an immutable set of values that follows one request: the current span, baggage, the
// X-Ray segment. Each thread has a current one; it crosses threads and coroutines only where it is
// handed over:
//
//   std::thread([context = Context::Current()] { ContextScope scope(context); ... });
//   pool.Post(WithCurrentContext([] { ... }));
//   co_await WithCurrentContext(awaitable);        // <skep/sdk/coroutine.h>
//
// A Context is a cheap, thread-safe value: two reference counts. A ContextScope belongs to the
// thread that made it (or to the coroutine: coroutine.h), and scopes of one thread end in the
// opposite order of their making.
#pragma once

#include <memory>
#include <utility>

namespace skep::sdk {

class Span;
class SpanState;  // src/core/span_state.h

class Context {
 public:
  // Identifies a value: the address of a static object of the part that owns it.
  using Key = const void*;

  Context() = default;  // holds nothing
  static Context Current();

  // A context with this value besides the others.
  [[nodiscard]] Context With(Key key, std::shared_ptr<const void> value) const;
  // The value of `key`, or null.
  std::shared_ptr<const void> Get(Key key) const;

  [[nodiscard]] Context WithSpan(const Span& span) const;
  // The span of this context; one that records nothing if there is none.
  Span GetSpan() const;

  Context(const Context& other);
  Context(Context&& other) noexcept
      : span_(std::exchange(other.span_, nullptr)), values_(std::move(other.values_)) {}
  Context& operator=(Context other) noexcept {
    std::swap(span_, other.span_);
    values_.swap(other.values_);
    return *this;
  }
  ~Context() {
    if (span_ != nullptr) Release();
  }

 private:
  friend class SpanState;
  struct Node;
  void Release();

  SpanState* span_ = nullptr;           // counted; apart from the values, since it changes most
  std::shared_ptr<const Node> values_;  // shared by all contexts that were made from this one
};

// Makes a context the thread's current one until the end of the scope.
class ContextScope {
 public:
  explicit ContextScope(Context context);
  ~ContextScope();
  ContextScope(const ContextScope&) = delete;
  ContextScope& operator=(const ContextScope&) = delete;

 private:
  Context previous_;
};

// `call` with today's current context current again, wherever and whenever it is called.
template <typename Call>
auto WithCurrentContext(Call call)
  requires(
      !requires { call.await_ready(); } && !requires { std::move(call).operator co_await(); })
{
  return [context = Context::Current(),
          call = std::move(call)](auto&&... arguments) mutable -> decltype(auto) {
    ContextScope scope(context);
    return call(std::forward<decltype(arguments)>(arguments)...);
  };
}

}  // namespace skep::sdk
