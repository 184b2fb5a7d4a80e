// SPDX-License-Identifier: Apache-2.0
// Guarded<T>: a value that threads share, reachable only while its lock is held. Thread-safe.
//   Guarded<State> state_;   state_.With([&](State& s) { s.count++; });
#pragma once

#include <condition_variable>
#include <mutex>
#include <utility>

namespace skep {

template <typename T>
class Guarded {
 public:
  Guarded() = default;
  template <typename... Args>
  explicit Guarded(std::in_place_t, Args&&... args) : value_(std::forward<Args>(args)...) {}

  template <typename F>
  decltype(auto) With(F&& f) {
    std::lock_guard lock(mutex_);
    return std::forward<F>(f)(value_);
  }

  template <typename F>
  decltype(auto) With(F&& f) const {
    std::lock_guard lock(mutex_);
    return std::forward<F>(f)(value_);
  }

  // For a condition variable: f gets the value and the lock it is held by.
  template <typename F>
  decltype(auto) WithLock(F&& f) {
    std::unique_lock lock(mutex_);
    return std::forward<F>(f)(value_, lock);
  }

 private:
  mutable std::mutex mutex_;
  T value_{};
};

}  // namespace skep
