// SPDX-License-Identifier: Apache-2.0
// FolderLock: one server per data folder. Held by the process, so a killed one leaves nothing
// behind.
#pragma once

#include <string>

#include "base/result.h"

namespace skep::app {

class FolderLock {
 public:
  // Makes the folder if it is absent. kFailedPrecondition: another server has it.
  static Result<FolderLock> Take(const std::string& folder);
  FolderLock() = default;
  ~FolderLock();
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&& other) noexcept;

 private:
  explicit FolderLock(int file) : file_(file) {}
  int file_ = -1;
};

}  // namespace skep::app
