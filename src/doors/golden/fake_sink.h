// SPDX-License-Identifier: Apache-2.0
// FakeSink: a Sink for tests of doors. Keeps what it is given, or refuses it with a chosen error;
// answers at once, from the submitting thread. Thread-safe.
#pragma once

#include <optional>
#include <vector>

#include "base/guarded.h"
#include "ingest/sink.h"

namespace skep::golden {

class FakeSink : public Sink {
 public:
  void Submit(Submission submission, AckFunction ack) override;
  Status Barrier(int64_t deadline_ms) override;
  void Shutdown() override {}
  SinkStats Stats() const override { return {}; }

  // From now on refuse with this error; empty: take.
  void Refuse(std::optional<Error> error);
  // What was taken since the last call.
  std::vector<Submission> Take();

 private:
  struct State {
    std::optional<Error> refusal;
    std::vector<Submission> taken;
  };
  Guarded<State> state_;
};

}  // namespace skep::golden
