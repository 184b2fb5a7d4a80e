// SPDX-License-Identifier: Apache-2.0
// Stands in for store's BlockBuilder in the tests of ingest: a block is the bodies of its records.
#include "store/block_builder.h"

namespace skep {

struct BlockBuilder::Impl {
  NativeBlock block;
};

BlockBuilder::BlockBuilder() : impl_(std::make_unique<Impl>()) {}
BlockBuilder::~BlockBuilder() = default;

void BlockBuilder::Append(const RecordBatch& batch, const RequestInfo&) {
  for (const Record& record : batch.records()) {
    impl_->block.data.Append(record.body);
    ++impl_->block.rows;
  }
}

size_t BlockBuilder::rows() const { return impl_->block.rows; }
size_t BlockBuilder::bytes() const { return impl_->block.data.size(); }
NativeBlock BlockBuilder::Encode() { return std::exchange(impl_->block, {}); }

}  // namespace skep
