// SPDX-License-Identifier: Apache-2.0
// LogGroupsObserver: counts every committed request of the door on its stream and group in the
// catalog. One transaction per block. Thread-safe: Extract runs on submitting threads, Apply and
// Settle on the committing one.
#pragma once

#include <memory>

#include "catalog/log_groups.h"
#include "ingest/pending_effects.h"
#include "ingest/sink.h"

namespace skep::cloudwatch {

class LogGroupsObserver : public CommitObserver {
 public:
  // `groups` must outlive it.
  explicit LogGroupsObserver(LogGroups* groups) : groups_(groups) {}

  std::unique_ptr<CommitEffect> Extract(const RecordBatch& batch,
                                        const RequestInfo& request) override;
  Status Settle() override;

 private:
  class Effect;

  LogGroups* groups_;
  PendingEffects<LogStreamWrite> pending_{"cloudwatch"};
};

}  // namespace skep::cloudwatch
