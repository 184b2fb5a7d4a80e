// SPDX-License-Identifier: Apache-2.0
// Promoter: every few seconds has the store look which attributes questions scan a lot, so that
// these get a column of their own. Owns its thread, which ends with it.
#pragma once

#include <chrono>
#include <thread>

#include "store/store.h"

namespace skep::app {

class Promoter {
 public:
  // The store must outlive it.
  explicit Promoter(Store* store, std::chrono::milliseconds pause = std::chrono::seconds(5));

 private:
  std::jthread thread_;
};

}  // namespace skep::app
