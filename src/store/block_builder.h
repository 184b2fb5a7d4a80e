// SPDX-License-Identifier: Apache-2.0
// BlockBuilder: turns RecordBatches into one Native block of the `events` table. Each fixed field
// and each attribute path is a column that grows in its wire form, so that encoding is copying
// buffers end to end. Attributes go out as ClickHouse's flattened JSON. Owned by the sink; one
// thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "model/record_batch.h"
#include "store/store.h"

namespace skep {

// What a whole request has in common.
struct RequestInfo {
  std::string_view project;
  Door door = Door::kOtlp;
  uint64_t sequence = 0;       // of the request's journal entry
  int64_t ingest_time_ns = 0;  // when it was received
};

// Identity of a stored record: never reused, the same again when the journal is replayed. Column
// `event_id` holds it for all records but spans, which have their span id.
inline constexpr int kEventIdRowBits = 20;
inline uint64_t EventId(uint64_t sequence, size_t row) { return sequence << kEventIdRowBits | row; }

class BlockBuilder {
 public:
  BlockBuilder();
  ~BlockBuilder();

  void Append(const RecordBatch& batch, const RequestInfo& request);
  size_t rows() const;
  size_t bytes() const;  // about the size of the encoded block
  // The block so far; the builder is empty afterwards and keeps its buffers.
  NativeBlock Encode();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace skep
