// SPDX-License-Identifier: Apache-2.0
#include "doors/golden/fake_sink.h"

#include <utility>

namespace skep::golden {

void FakeSink::Submit(Submission submission, AckFunction ack) {
  const std::optional<Error> refusal = state_.With([&](State& state) {
    if (!state.refusal) state.taken.push_back(std::move(submission));
    return state.refusal;
  });
  if (refusal) {
    ack(*refusal);
  } else {
    ack({});
  }
}

Status FakeSink::Barrier(int64_t) { return {}; }

void FakeSink::Refuse(std::optional<Error> error) {
  state_.With([&](State& state) { state.refusal = std::move(error); });
}

std::vector<Submission> FakeSink::Take() {
  return state_.With([](State& state) { return std::exchange(state.taken, {}); });
}

}  // namespace skep::golden
