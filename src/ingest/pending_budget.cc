// SPDX-License-Identifier: Apache-2.0
#include "ingest/pending_budget.h"

#include <chrono>

#include "base/check.h"

namespace skep {

bool PendingBudget::TryCharge(size_t bytes) {
  return used_.With([&](size_t& used) {
    if (used != 0 && used + bytes > bytes_max_) return false;
    used += bytes;
    return true;
  });
}

void PendingBudget::Charge(size_t bytes) {
  used_.With([&](size_t& used) { used += bytes; });
}

void PendingBudget::Release(size_t bytes) {
  used_.With([&](size_t& used) {
    SKEP_CHECK(used >= bytes);
    used -= bytes;
  });
  released_.notify_all();
}

void PendingBudget::WaitForRoom(int64_t ms) {
  used_.WithLock([&](size_t& used, auto& lock) {
    released_.wait_for(lock, std::chrono::milliseconds(ms),
                       [&] { return used <= bytes_max_ / 8 * 7; });
  });
}

}  // namespace skep
