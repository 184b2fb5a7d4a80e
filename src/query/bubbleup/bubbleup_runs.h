// SPDX-License-Identifier: Apache-2.0
// BubbleUpRuns: BubbleUps that run in the background, each known by an id: start, look how far it
// is and what is known by now, cancel. Bounded: one runs at a time, so many wait, so many answers
// are kept (the oldest finished one goes first). Owns its thread. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "query/bubbleup/bubbleup.h"
#include "query/explore/query_runs.h"

namespace skep {

struct BubbleUpStatus {
  std::string id;
  RunState state = RunState::kWaiting;
  uint64_t rows_read = 0;   // of the step that runs
  uint64_t rows_total = 0;  // as the engine estimates it; 0: not known yet
  int64_t elapsed_ms = 0;
  // Of kRunning what is known by now, of kDone all; none before the first step is done. Shared with
  // the run.
  std::shared_ptr<const BubbleUpResult> result;
  uint64_t steps = 0;          // changes with the result
  std::optional<Error> error;  // of kFailed; kCancelled when it was cancelled
};

class BubbleUpRuns {
 public:
  struct Options {
    size_t waiting_max = 16;
    size_t kept_max = 64;
  };

  // What the parts name must outlive it.
  BubbleUpRuns(BubbleUpParts parts, Options options);
  explicit BubbleUpRuns(BubbleUpParts parts) : BubbleUpRuns(parts, Options()) {}
  ~BubbleUpRuns();  // cancels what runs

  // The id. kResourceExhausted when too many wait; kInvalidArgument for what CheckBubbleUp refuses.
  Result<std::string> Start(BubbleUpRequest request);
  // Waits up to `wait_ms` until it has made more than `steps` steps, or is done. kNotFound: never
  // was, or was dropped.
  Result<BubbleUpStatus> Look(const std::string& id, int64_t wait_ms = 0, uint64_t steps = 0);
  // kNotFound. A run that is done stays as it is.
  Status Cancel(const std::string& id);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace skep
