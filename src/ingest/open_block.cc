// SPDX-License-Identifier: Apache-2.0
#include "ingest/open_block.h"

#include "base/check.h"

namespace skep {

void OpenBlock::Append(RecordBatch* batch, const RequestInfo& request, Effects effects) {
  SKEP_CHECK(request.sequence > sealed_.last);
  if (sealed_.first == 0) sealed_.first = request.sequence;
  sealed_.last = request.sequence;
  recent_spans_.Mark(request.project, batch);
  builder_->Append(*batch, request);
  if (!effects.empty()) sealed_.effects.push_back({request.sequence, std::move(effects)});
}

SealedBlock OpenBlock::Take() {
  SealedBlock taken = std::exchange(sealed_, {});
  taken.block = builder_->Encode();
  return taken;
}

void OpenBlock::ReleaseBuffers() {
  SKEP_CHECK(empty());
  builder_.emplace();
}

Effects ExtractEffects(const std::vector<CommitObserver*>& observers, const RecordBatch& batch,
                       const RequestInfo& request) {
  Effects effects;
  for (CommitObserver* observer : observers)
    if (auto effect = observer->Extract(batch, request)) effects.push_back(std::move(effect));
  return effects;
}

}  // namespace skep
