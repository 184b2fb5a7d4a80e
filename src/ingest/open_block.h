// SPDX-License-Identifier: Apache-2.0
// OpenBlock: the block that fills. Takes journalled requests in order of sequence and turns into a
// SealedBlock, which is one insert. Owned by one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/recent_spans.h"
#include "ingest/sink.h"

namespace skep {

using Effects = std::vector<std::unique_ptr<CommitEffect>>;

// What the observers copied from each request of a block.
struct RequestEffects {
  uint64_t sequence = 0;
  Effects effects;
};

struct SealedBlock {
  uint64_t first = 0;
  uint64_t last = 0;
  NativeBlock block;
  std::vector<RequestEffects> effects;
};

class OpenBlock {
 public:
  explicit OpenBlock(RecentSpans& recent_spans) : recent_spans_(recent_spans) {}

  // Marks in `batch` the spans that are stored already.
  void Append(RecordBatch* batch, const RequestInfo& request, Effects effects);
  bool empty() const { return sealed_.last == 0; }
  size_t rows() const { return builder_->rows(); }
  size_t bytes() const { return builder_->bytes(); }
  uint64_t last() const { return sealed_.last; }
  // The block so far; this one is empty afterwards and keeps its buffers.
  SealedBlock Take();
  // Only while it is empty.
  void ReleaseBuffers();

 private:
  RecentSpans& recent_spans_;
  // Optional so that it can be made anew.
  std::optional<BlockBuilder> builder_{std::in_place};
  SealedBlock sealed_;  // without its data
};

Effects ExtractEffects(const std::vector<CommitObserver*>& observers, const RecordBatch& batch,
                       const RequestInfo& request);

}  // namespace skep
