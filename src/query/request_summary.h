// SPDX-License-Identifier: Apache-2.0
// RequestSummary: one request as a line of the list: what its entry says, and how each door took
// part in its trace. Values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "query/entry_fields.h"
#include "query/join_record.h"

namespace skep {

// What one door said about a request.
struct DoorShare {
  Door door = Door::kOtlp;
  uint64_t spans = 0;
  uint64_t logs = 0;
  uint64_t errors = 0;
  JoinHow how = JoinHow::kSameId;  // the least certain of its records
};

// The last thing that was said: an occurrence before an exception, that before a line.
struct LastWords {
  enum class Source : uint8_t { kNone, kLine, kException, kOccurrence };
  Source source = Source::kNone;
  int64_t time_ns = 0;
  uint64_t event_id = 0;
  Severity severity = 0;
  std::string text;

  void Offer(const LastWords& other);
};

struct RequestSummary {
  TraceId trace_id;
  SpanId span_id;  // of the entry
  int64_t time_ns = 0;
  uint64_t duration_ns = 0;
  std::string name;
  std::string service;
  Door door = Door::kOtlp;
  bool open = false;
  EntryFields fields;
  std::vector<DoorShare> doors;  // in the order of Door
  LastWords last_words;
  uint64_t spans = 0;
  uint64_t logs = 0;  // a line that came through two doors counts once

  // Adds records of one door, all of them here in the same way.
  void AddShare(const DoorShare& share);
};

RequestSummary SummaryOfEntry(const EventRow& entry, EntryFields fields);
// With what the row's attributes say.
RequestSummary SummaryOfEntry(const EventRow& entry);

}  // namespace skep
