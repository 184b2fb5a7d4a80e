// SPDX-License-Identifier: Apache-2.0
// CancelToken: shared by who asks and who works; set when the client goes away or a deadline
// passes. Thread-safe.
#pragma once

#include <atomic>
#include <memory>

namespace skep {

class CancelToken {
 public:
  CancelToken() : flag_(std::make_shared<std::atomic<bool>>(false)) {}
  void Cancel() const { flag_->store(true, std::memory_order_release); }
  bool cancelled() const { return flag_->load(std::memory_order_acquire); }

 private:
  std::shared_ptr<std::atomic<bool>> flag_;  // shared: either side may outlive the other
};

}  // namespace skep
