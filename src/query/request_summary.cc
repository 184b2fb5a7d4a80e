// SPDX-License-Identifier: Apache-2.0
#include "query/request_summary.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace skep {

void LastWords::Offer(const LastWords& other) {
  if (other.source == Source::kNone || (other.text.empty() && source != Source::kNone)) return;
  if (std::tie(other.source, other.time_ns, other.event_id) > std::tie(source, time_ns, event_id))
    *this = other;
}

void RequestSummary::AddShare(const DoorShare& share) {
  if (share.spans + share.logs + share.errors == 0) return;
  spans += share.spans;
  if (share.how != JoinHow::kSameRecord) logs += share.logs;
  const auto at =
      std::lower_bound(doors.begin(), doors.end(), share.door,
                       [](const DoorShare& present, Door wanted) { return present.door < wanted; });
  if (at == doors.end() || at->door != share.door) {
    doors.insert(at, share);
    return;
  }
  at->spans += share.spans;
  at->logs += share.logs;
  at->errors += share.errors;
  at->how = std::max(at->how, share.how);
}

RequestSummary SummaryOfEntry(const EventRow& entry, EntryFields fields) {
  RequestSummary summary;
  summary.trace_id = entry.trace_id;
  summary.span_id = entry.span_id;
  summary.time_ns = entry.time_ns;
  summary.duration_ns = entry.duration_ns;
  summary.name = entry.name;
  summary.service = entry.dataset;
  summary.door = entry.door;
  summary.open = entry.signal == Signal::kOpenSpan;
  summary.fields = std::move(fields);
  return summary;
}

RequestSummary SummaryOfEntry(const EventRow& entry) {
  return SummaryOfEntry(entry, FieldsOfEntry(entry, AttributeSet(entry.attributes)));
}

}  // namespace skep
