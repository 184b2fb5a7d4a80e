// SPDX-License-Identifier: Apache-2.0
#include "query/trace_joins.h"

#include <tuple>

#include "query/attribute_set.h"

namespace skep {
namespace {

struct Tally {
  TraceJoin join;
  size_t spans = 0;
  size_t segments = 0;
  size_t subsegments = 0;
  size_t lines = 0;
  size_t occurrences = 0;
  size_t events = 0;
};

// 99,991, as the page writes numbers.
std::string WithSeparators(size_t count) {
  std::string text = std::to_string(count);
  for (size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

void Say(size_t count, std::string_view word, std::string* out) {
  if (count == 0) return;
  if (!out->empty()) *out += ", ";
  *out += WithSeparators(count) + " " + std::string(word) + (count == 1 ? "" : "s");
}

std::string WhatOf(const Tally& tally) {
  std::string what;
  Say(tally.spans, "span", &what);
  Say(tally.segments, "segment", &what);
  Say(tally.subsegments, "subsegment", &what);
  Say(tally.lines, "line", &what);
  Say(tally.occurrences, "occurrence", &what);
  if (what.empty()) Say(tally.events, "event", &what);
  return what;
}

void Count(const EventRow& event, Tally* tally) {
  switch (event.signal) {
    case Signal::kSpan:
    case Signal::kOpenSpan: {
      if (event.door != Door::kXRay) {
        ++tally->spans;
        return;
      }
      const bool sub = AttributeSet(event.attributes).Text("aws.xray.document") == "subsegment";
      ++(sub ? tally->subsegments : tally->segments);
      return;
    }
    case Signal::kLog:
      ++tally->lines;
      return;
    case Signal::kError:
      ++tally->occurrences;
      return;
    default:
      ++tally->events;
  }
}

std::string WhyOfOwnId(const Trace& trace, JoinHow how) {
  return how == JoinHow::kCarried ? "they carry the trace id " + trace.trace_id.Hex()
                                  : "trace id " + trace.trace_id.Hex() + " on each of them";
}

class JoinTable {
 public:
  void Add(const EventRow& event, const std::string& row, JoinHow how, const std::string& why,
           const TraceId& trace_id) {
    Tally& tally = tallies_[{event.door, how, trace_id, why}];
    tally.join.door = event.door;
    tally.join.how = how;
    tally.join.why = why;
    tally.join.trace_id = trace_id;
    tally.join.rows.push_back(row);
    Count(event, &tally);
  }

  std::vector<TraceJoin> Take() {
    std::vector<TraceJoin> joins;
    for (auto& [key, tally] : tallies_) {
      tally.join.what = WhatOf(tally);
      joins.push_back(std::move(tally.join));
    }
    return joins;
  }

 private:
  std::map<std::tuple<Door, JoinHow, TraceId, std::string>, Tally> tallies_;
};

}  // namespace

std::vector<TraceJoin> DescribeJoins(const Trace& trace, const std::vector<TwinJoin>& twins,
                                     const GuestJoins& guests, const EventJoins& events) {
  JoinTable table;
  for (const TraceRow& row : trace.rows) {
    if (row.kind == TraceRowKind::kMissing) continue;
    const EventRow& event = row.event;
    if (event.trace_id == trace.trace_id) {
      table.Add(event, row.id, row.how, WhyOfOwnId(trace, row.how), event.trace_id);
    } else if (const auto guest = guests.find(event.trace_id); guest != guests.end()) {
      table.Add(event, row.id, row.how, guest->second->text, event.trace_id);
    } else if (const auto found = events.find(event.event_id); found != events.end()) {
      table.Add(event, row.id, row.how, found->second->text, event.trace_id);
    }
  }
  for (const TwinJoin& twin : twins) {
    const std::string why =
        twin.text.empty() ? "the same line came through OpenTelemetry too" : twin.text;
    table.Add(twin.event, twin.row, JoinHow::kSameRecord, why, twin.event.trace_id);
  }
  return table.Take();
}

}  // namespace skep
