// SPDX-License-Identifier: Apache-2.0
#include "core/run_all.h"

#include <atomic>
#include <system_error>
#include <thread>

namespace skep::sdk {

bool RunAll(const std::vector<std::function<bool()>>& parts) {
  std::atomic<bool> all_good{true};
  const auto run = [&all_good](const std::function<bool()>& part) {
    if (!part()) all_good = false;
  };
  std::vector<std::thread> threads;
  threads.reserve(parts.size());
  for (size_t i = 1; i < parts.size(); ++i) {
    try {
      threads.emplace_back(run, std::cref(parts[i]));
    } catch (const std::system_error&) {
      run(parts[i]);  // no thread to be had: one after another
    }
  }
  if (!parts.empty()) run(parts.front());
  for (std::thread& thread : threads) thread.join();
  return all_good;
}

}  // namespace skep::sdk
