// SPDX-License-Identifier: Apache-2.0
// PendingBudget: how many bytes are on their way from Submit to the store: requests that wait, the
// open block and the one being committed. Over its limit nothing more is taken. Thread-safe.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>

#include "base/guarded.h"

namespace skep {

class PendingBudget {
 public:
  explicit PendingBudget(size_t bytes_max) : bytes_max_(bytes_max) {}

  // False when there is no room. A request larger than the limit goes through when it is alone.
  bool TryCharge(size_t bytes);
  // For what was taken already and only changes its shape.
  void Charge(size_t bytes);
  void Release(size_t bytes);
  // Waits until at most 7/8 of the limit are taken, but no longer than `ms`: clients that wait for
  // their answer are slowed down before they have to be sent away.
  void WaitForRoom(int64_t ms);

 private:
  const size_t bytes_max_;
  Guarded<size_t> used_;
  std::condition_variable released_;
};

}  // namespace skep
