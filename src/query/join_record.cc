// SPDX-License-Identifier: Apache-2.0
#include "query/join_record.h"

#include "query/attribute_set.h"

namespace skep {

JoinHow HowOfOwnId(Door door) {
  return door == Door::kCloudWatch || door == Door::kRollbar ? JoinHow::kCarried : JoinHow::kSameId;
}

std::optional<JoinRecord> ReadJoin(const EventRow& row) {
  if (row.signal != Signal::kJoin) return std::nullopt;
  const AttributeSet attributes(row.attributes);
  JoinRecord join;
  join.trace_id = row.trace_id;
  join.host_span_id = row.parent_id;
  join.of_guest = attributes.Text("join.role") == "guest";
  join.how =
      attributes.Text("join.kind") == "same_record" ? JoinHow::kSameRecord : JoinHow::kEvidence;
  const std::string door = attributes.Text("join.door");
  for (const DoorName& name : kDoorNames)
    if (name.name == door) join.door = name.door;
  join.other_trace_id = TraceId::FromHex(attributes.Text("join.trace_id")).value_or(TraceId());
  join.other_span_id = SpanId::FromHex(attributes.Text("join.span_id")).value_or(SpanId());
  join.event_id = static_cast<uint64_t>(attributes.Int("join.event_id"));
  join.event_time_ns = attributes.Int("join.event_time_ns");
  join.text = attributes.Text("join.text");
  if (join.other_trace_id.empty() && join.event_id == 0) return std::nullopt;
  return join;
}

}  // namespace skep
