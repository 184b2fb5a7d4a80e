// SPDX-License-Identifier: Apache-2.0
#include "ingest/pending_budget.h"

#include <algorithm>
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

void PendingBudget::WaitForRoom(std::chrono::microseconds longest) {
  used_.WithLock([&](size_t& used, auto& lock) {
    const size_t free_flow = bytes_max_ / 2;
    if (used <= free_flow) return;
    const double share = static_cast<double>(std::min(used, bytes_max_) - free_flow) /
                         static_cast<double>(bytes_max_ - free_flow);
    const std::chrono::duration<double, std::micro> wait = longest * share;
    released_.wait_for(lock, wait, [&] { return used <= free_flow; });
  });
}

}  // namespace skep
