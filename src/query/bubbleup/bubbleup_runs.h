// SPDX-License-Identifier: Apache-2.0
// BubbleUpRuns: BubbleUps that run in the background, one at a time; what is known by now can be
// looked at. Owns its thread. Thread-safe.
#pragma once

#include <cstdint>
#include <string>

#include "query/bubbleup/bubbleup.h"
#include "query/explore/background_runs.h"

namespace skep {

using BubbleUpStatus = BackgroundRun<BubbleUpRequest, BubbleUpResult>;

class BubbleUpRuns {
 public:
  struct Options {
    size_t waiting_max = 16;
    size_t kept_max = 64;
  };

  // What the parts name must outlive it.
  BubbleUpRuns(BubbleUpParts parts, Options options);
  explicit BubbleUpRuns(BubbleUpParts parts) : BubbleUpRuns(parts, Options()) {}

  // The id. kResourceExhausted when too many wait; kInvalidArgument for what CheckBubbleUp refuses.
  Result<std::string> Start(BubbleUpRequest request);
  // Waits up to `wait_ms` until it has made more than `steps` steps, or is done. kNotFound: never
  // was, or was dropped.
  Result<BubbleUpStatus> Look(const std::string& id, int64_t wait_ms = 0, uint64_t steps = 0) {
    return runs_.Look(id, wait_ms, steps);
  }
  // kNotFound. A run that is done stays as it is.
  Status Cancel(const std::string& id) { return runs_.Cancel(id); }

 private:
  const FieldTypes* const types_;
  BackgroundRuns<BubbleUpRequest, BubbleUpResult> runs_;
};

}  // namespace skep
