// SPDX-License-Identifier: Apache-2.0
// Engine: the one ClickHouse engine of this process, started with a configuration of ours that
// keeps it small, and kept running by a connection of its own. Several stores may share it, each
// with its database. Thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/folder_lock.h"
#include "base/result.h"
#include "store/embedded/connection.h"
#include "store/embedded/embedded_store.h"

namespace skep {

class Engine {
 public:
  // The engine that runs already, if it is in the same folder; kFailedPrecondition if it is in
  // another one.
  static Result<std::shared_ptr<Engine>> Open(const EmbeddedOptions& options);

  Result<std::unique_ptr<EngineConnection>> Connect(const std::vector<std::string>& settings = {});

 private:
  Engine(const ChdbApi& api, std::string directory, FolderLock lock)
      : api_(api), directory_(std::move(directory)), lock_(std::move(lock)) {}

  const ChdbApi& api_;
  const std::string directory_;
  FolderLock lock_;
  std::unique_ptr<EngineConnection> anchor_;  // the engine stops with its last connection
};

}  // namespace skep
