// SPDX-License-Identifier: Apache-2.0
// LogGroupsObserver: counts every committed request of the door on its stream and group in the
// catalog. One transaction per block. Thread-safe: Extract runs on submitting threads, Apply and
// Settle on the committing one.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "base/guarded.h"
#include "catalog/log_groups.h"
#include "ingest/sink.h"

namespace skep::cloudwatch {

class LogGroupsObserver : public CommitObserver {
 public:
  // Kept in memory while the catalog cannot be written; over it the oldest are dropped, and that is
  // logged.
  static constexpr size_t kPendingMax = 100'000;

  // `groups` must outlive it.
  explicit LogGroupsObserver(LogGroups* groups) : groups_(groups) {}

  std::unique_ptr<CommitEffect> Extract(const RecordBatch& batch,
                                        const RequestInfo& request) override;
  void Settle() override;

 private:
  class Effect;
  void Add(LogStreamWrite write);

  LogGroups* groups_;
  Guarded<std::vector<LogStreamWrite>> pending_;
};

}  // namespace skep::cloudwatch
