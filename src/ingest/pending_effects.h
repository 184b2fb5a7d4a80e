// SPDX-License-Identifier: Apache-2.0
// PendingEffects: what an observer's effects have to change elsewhere, gathered from Apply to
// Settle, so that a block makes one transaction. What cannot be written is kept and tried again
// with the next block. Thread-safe.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "base/guarded.h"
#include "base/log.h"
#include "base/result.h"

namespace skep {

template <typename T>
class PendingEffects {
 public:
  // Kept in memory while nothing can be written; over it the oldest are dropped, and that is
  // logged.
  static constexpr size_t kMax = 100'000;

  // `area` is for the log.
  explicit PendingEffects(std::string_view area) : area_(area) {}

  void Add(T effect) {
    const bool full = pending_.With([&](std::vector<T>& pending) {
      pending.push_back(std::move(effect));
      if (pending.size() <= kMax) return false;
      pending.erase(pending.begin(), pending.begin() + static_cast<std::ptrdiff_t>(kMax / 2));
      return true;
    });
    if (full)
      Log(LogLevel::kError, area_, "the catalog cannot be written: requests not counted={}",
          kMax / 2);
  }

  // write(const std::vector<T>&) -> Status, all or nothing; its error is the answer.
  template <typename F>
  Status Settle(F&& write) {
    return pending_.With([&](std::vector<T>& pending) -> Status {
      if (pending.empty()) return {};
      Status written = write(std::as_const(pending));
      if (written) pending.clear();
      return written;
    });
  }

 private:
  const std::string_view area_;
  Guarded<std::vector<T>> pending_;
};

}  // namespace skep
