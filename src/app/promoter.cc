// SPDX-License-Identifier: Apache-2.0
#include "app/promoter.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "base/log.h"

namespace skep::app {
namespace {

void PromoteUntil(const std::stop_token& stop, Store* store, std::chrono::milliseconds pause) {
  std::mutex mutex;
  std::condition_variable_any woken;
  std::unique_lock lock(mutex);  // of nothing: only the end of the program wakes it
  while (!woken.wait_for(lock, stop, pause, [&] { return stop.stop_requested(); })) {
    // It is tried again; until then questions are answered as before.
    if (const Status status = store->PromoteScanned({}); !status) LogError("app", status.error());
  }
}

}  // namespace

Promoter::Promoter(Store* store, std::chrono::milliseconds pause)
    : thread_([=](const std::stop_token& stop) { PromoteUntil(stop, store, pause); }) {}

}  // namespace skep::app
