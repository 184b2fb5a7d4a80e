// SPDX-License-Identifier: Apache-2.0
// FolderLock: keeps a second process out of a folder, for as long as it lives. The kernel gives it
// back when the process dies. Movable; thread-compatible.
#pragma once

#include <string>
#include <utility>

#include "base/result.h"

namespace skep {

class FolderLock {
 public:
  // The folder must exist. kFailedPrecondition, with `in_use` as its message where another one has
  // it.
  static Result<FolderLock> Take(const std::string& directory, std::string in_use);
  FolderLock() = default;
  FolderLock(FolderLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  FolderLock& operator=(FolderLock&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }
  ~FolderLock();

 private:
  explicit FolderLock(int file) : file_(file) {}
  int file_ = -1;
};

}  // namespace skep
