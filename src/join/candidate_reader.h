// SPDX-License-Identifier: Apache-2.0
// Makes candidates of records: out of a batch that a door decoded, and, record by record, out of
// what the store gives back after a restart. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "join/candidate.h"
#include "join/facts.h"
#include "model/record_batch.h"

namespace skep::join {

// One record without its batch.
struct RecordView {
  Door door = Door::kOtlp;
  Signal signal = Signal::kEvent;
  SpanKind kind = SpanKind::kNone;
  int64_t time_ns = 0;
  uint64_t duration_ns = 0;
  TraceId trace_id;
  SpanId span_id;
  SpanId parent_id;
  std::string_view dataset;
  std::string_view body;
  int64_t receive_ns = 0;
  uint64_t event_id = 0;
};

// Whether the record's attributes are worth reading.
bool MayBeCandidate(const RecordView& record);
// Adds what the record is a candidate for, if anything.
void AddCandidate(const RecordView& record, const Facts& facts, Candidates* out);

// What a span's exception event says besides: when.
bool IsException(Signal signal, std::string_view name);
void SetExceptionTimes(const std::vector<std::pair<SpanId, int64_t>>& times, Candidates* out);

// A line's and an occurrence's event_id is its row, until the request's sequence is known. At most
// `candidates_max`; `*cut` says that there were more.
Candidates ReadCandidates(const RecordBatch& batch, Door door, int64_t receive_ns,
                          size_t candidates_max, bool* cut);

}  // namespace skep::join
