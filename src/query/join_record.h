// SPDX-License-Identifier: Apache-2.0
// JoinRecord: one decision of the joiner, as it is stored (a row of signal `join`): this record
// belongs to that trace. JoinHow: how a record came to be shown in a trace, from certain to likely.
// Values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "query/event_row.h"

namespace skep {

enum class JoinHow : uint8_t { kSameId, kCarried, kSameRecord, kEvidence };

inline std::string_view NameOf(JoinHow how) {
  switch (how) {
    case JoinHow::kSameId:
      return "same_id";
    case JoinHow::kCarried:
      return "carried";
    case JoinHow::kSameRecord:
      return "same_record";
    case JoinHow::kEvidence:
      return "evidence";
  }
  return "evidence";
}

// How a record with the trace's own id came by it: spans and OTLP's lines have it by their
// protocol, the lines and occurrences of other doors carry it in what they say.
JoinHow HowOfOwnId(Door door);

struct JoinRecord {
  TraceId trace_id;       // the trace under which this record is found
  bool of_guest = false;  // found under the trace that joins; else under the one that it joins
  JoinHow how = JoinHow::kEvidence;
  Door door = Door::kXRay;  // of the record that joins
  TraceId other_trace_id;   // the trace at the other side; empty where a line or occurrence joins
  SpanId other_span_id;
  SpanId host_span_id;    // under which it hangs
  uint64_t event_id = 0;  // of the line or occurrence
  int64_t event_time_ns = 0;
  std::string text;  // the evidence, a sentence
};

// `row` with its attributes; empty if it is no join or not whole.
std::optional<JoinRecord> ReadJoin(const EventRow& row);

}  // namespace skep
