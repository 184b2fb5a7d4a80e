// SPDX-License-Identifier: Apache-2.0
// PendingBudget: how many bytes are on their way from Submit to the store: requests that wait, the
// open block and the one being committed. Over its limit nothing more is taken. Thread-safe.
#pragma once

#include <chrono>
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
  // Clients that wait for their answer are slowed down before they have to be sent away: waits the
  // longer the less room there is, from not at all with half of the limit taken up to `longest`
  // with all of it, and no longer than until half is free. So all answers come a little later, not
  // some much.
  void WaitForRoom(std::chrono::microseconds longest);

 private:
  const size_t bytes_max_;
  Guarded<size_t> used_;
  std::condition_variable released_;
};

}  // namespace skep
