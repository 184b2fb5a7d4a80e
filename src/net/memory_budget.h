// SPDX-License-Identifier: Apache-2.0
// MemoryBudget: bytes of bodies read and not yet answered, over all connections. Below the soft
// mark new bodies may start; above it connections stop reading before a body, which pushes back on
// their clients. Bodies that have begun go on up to the hard mark, a quarter more, so that
// half-read bodies can never block each other. Thread-safe.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

namespace skep::net {

class MemoryBudget {
 public:
  explicit MemoryBudget(size_t bytes_max)
      : soft_max_(bytes_max), hard_max_(bytes_max + bytes_max / 4) {}

  bool has_room() const { return used() < soft_max_; }
  size_t used() const { return used_.load(std::memory_order_relaxed); }
  size_t left() const {
    const size_t now = used();
    return now < hard_max_ ? hard_max_ - now : 0;
  }

  // False when it would pass the hard mark.
  bool TryTake(size_t bytes) {
    if (used_.fetch_add(bytes, std::memory_order_relaxed) + bytes <= hard_max_) return true;
    Give(bytes);
    return false;
  }

  void Give(size_t bytes) {
    const size_t before = used_.fetch_sub(bytes, std::memory_order_seq_cst);
    if (before >= soft_max_ && before - bytes < soft_max_ && on_room_) on_room_();
  }

  // Called from any thread when room appears. Set before the first use.
  void OnRoom(std::function<void()> on_room) { on_room_ = std::move(on_room); }

 private:
  const size_t soft_max_;
  const size_t hard_max_;
  std::atomic<size_t> used_{0};
  std::function<void()> on_room_;
};

// What one exchange holds of the budget; given back at its end.
class Charge {
 public:
  explicit Charge(std::shared_ptr<MemoryBudget> budget) : budget_(std::move(budget)) {}
  ~Charge() { budget_->Give(bytes_); }
  Charge(const Charge&) = delete;
  Charge& operator=(const Charge&) = delete;

  bool TryTake(size_t bytes) {
    if (!budget_->TryTake(bytes)) return false;
    bytes_ += bytes;
    return true;
  }
  size_t bytes() const { return bytes_; }
  size_t left() const { return budget_->left(); }

 private:
  const std::shared_ptr<MemoryBudget>
      budget_;  // shared: an answer may come after the server is gone
  size_t bytes_ = 0;
};

}  // namespace skep::net
