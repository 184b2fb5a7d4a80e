// SPDX-License-Identifier: Apache-2.0
// Context: an immutable set of values that follows one request: the current span, baggage, the
// X-Ray segment. Each thread has a current one; it crosses threads and coroutines only where it is
// handed over:
//
//   std::thread([context = Context::Current()] { ContextScope scope(context); ... });
//   pool.Post(WithCurrentContext([] { ... }));
//   co_await WithCurrentContext(awaitable);        // the context at the await is current again
//   after it
//
// A Context is a cheap, thread-safe value (a reference-counted list). A ContextScope belongs to the
// thread that made it, and scopes of one thread end in the opposite order of their making.
#pragma once

#include <coroutine>
#include <memory>
#include <utility>

namespace skep::sdk {

class Span;

class Context {
 public:
  // Identifies a value: the address of a static object of the part that owns it.
  using Key = const void*;

  Context() = default;  // holds nothing
  static Context Current();

  // A context with this value besides the others.
  [[nodiscard]] Context With(Key key, std::shared_ptr<const void> value) const;
  // The value of `key`, or null. Lives as long as this context or the value itself.
  std::shared_ptr<const void> Get(Key key) const;

  [[nodiscard]] Context WithSpan(const Span& span) const;
  // The span of this context; one that records nothing if there is none.
  Span GetSpan() const;

 private:
  friend class ContextScope;
  struct Node;
  explicit Context(std::shared_ptr<const Node> head) : head_(std::move(head)) {}
  std::shared_ptr<const Node> head_;
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

}  // namespace skep::sdk
