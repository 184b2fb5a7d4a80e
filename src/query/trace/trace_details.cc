// SPDX-License-Identifier: Apache-2.0
#include "query/trace/trace_details.h"

#include <algorithm>
#include <string>
#include <utility>

#include "query/attribute_set.h"
#include "query/event_row.h"

namespace skep {
namespace {

bool IsSame(const EventRow& event, const TraceRow& row) {
  const EventRow& known = row.event;
  if (event.door != known.door || event.trace_id != known.trace_id) return false;
  if (row.kind == TraceRowKind::kSpan && !known.span_id.empty())
    return event.signal == known.signal && event.span_id == known.span_id;
  return event.event_id == known.event_id && event.signal != Signal::kSpanLink;
}

void AddLink(const EventRow& event, TraceRow* row) {
  const AttributeSet attributes(event.attributes);
  row->links.push_back(
      {TraceId::FromHex(attributes.Text("trace.link.trace_id")).value_or(TraceId()),
       SpanId::FromHex(attributes.Text("trace.link.span_id")).value_or(SpanId())});
}

// Everything that is needed to find rows again.
struct Wanted {
  std::vector<TraceId> traces;
  std::vector<SpanId> spans;
  std::vector<uint64_t> events;
  TimeRange range;

  explicit Wanted(const std::vector<TraceRow>& rows) {
    for (const TraceRow& row : rows) {
      const EventRow& event = row.event;
      if (std::find(traces.begin(), traces.end(), event.trace_id) == traces.end())
        traces.push_back(event.trace_id);
      if (row.kind == TraceRowKind::kSpan && !event.span_id.empty())
        spans.push_back(event.span_id);
      else if (event.event_id != 0)
        events.push_back(event.event_id);
      const int64_t time_ns = event.time_ns;
      if (range.to_ns == 0) range = {time_ns, time_ns};
      range.from_ns = std::min(range.from_ns, time_ns);
      range.to_ns = std::max(range.to_ns, event.end_ns());
    }
    range = range.Widened(0, 1);
  }
};

}  // namespace

TraceRow RowOf(const TraceTree& tree, uint32_t at) {
  const TreeRow& row = tree.row(at);
  TraceRow made;
  made.kind = row.kind;
  EventRow& event = made.event;
  event.time_ns = row.time_ns;
  event.duration_ns = row.duration_ns;
  switch (row.kind) {
    case TraceRowKind::kSpan:
    case TraceRowKind::kMissing:
      event.signal = row.open ? Signal::kOpenSpan : Signal::kSpan;
      break;
    case TraceRowKind::kLog:
      event.signal = Signal::kLog;
      event.body = tree.Text(row.name);
      break;
    case TraceRowKind::kError:
      event.signal = Signal::kError;
      break;
    case TraceRowKind::kEvent:
      event.signal = Signal::kSpanEvent;
      break;
  }
  event.door = row.door;
  event.kind = row.span_kind;
  event.status = row.status;
  event.severity = row.severity;
  event.dataset = tree.Text(row.service);
  if (row.kind != TraceRowKind::kLog) event.name = tree.Text(row.name);
  event.trace_id = tree.TraceIdOf(row);
  event.span_id = row.span_id;
  event.parent_id = row.parent_id;
  event.item = row.item;
  event.event_id = row.event_id;
  event.attributes = "{}";
  if (row.door == Door::kXRay && row.IsSpan())
    event.attributes = row.subsegment ? R"({"aws.xray.document":"subsegment"})"
                                      : R"({"aws.xray.document":"segment"})";
  if (row.also_door != row.door) made.also_door = row.also_door;
  made.id = tree.Id(at);
  if (row.parent != kNoRow) made.parent = tree.Id(row.parent);
  made.depth = row.depth;
  made.how = row.how;
  made.error = row.error;
  return made;
}

Statement PlanTraceRows(std::string_view project, std::span<const TraceId> traces,
                        std::span<const SpanId> spans, std::span<const uint64_t> events,
                        const TimeRange& range) {
  SqlWriter sql;
  sql.Sql("SELECT ");
  AppendEventColumns(RowDetail::kWhole, &sql);
  sql.Sql(" FROM events WHERE ");
  AppendProjectAndTime(project, range, &sql);
  sql.Sql(" AND trace_id IN ").BindSet(traces);
  sql.Sql(" AND (signal IN ('span', 'open_span', 'repeat') AND span_id IN ").BindSet(spans);
  sql.Sql(" OR signal = 'span_link' AND parent_id IN ").BindSet(spans);
  sql.Sql(" OR event_id IN ").BindSet(events);
  sql.Sql(") ORDER BY time, event_id, span_id, ingest_time");
  return sql.Take();
}

Result<std::vector<TraceRow>> ReadTraceRows(Reader& reader, std::string_view project,
                                            const LongTrace& trace,
                                            const std::vector<uint32_t>& rows,
                                            const CancelToken& cancel) {
  std::vector<TraceRow> made;
  for (const uint32_t at : rows) made.push_back(RowOf(trace.analysis.tree, at));
  const Wanted wanted(made);
  // Clocks may have been put right in the tree; the store has them as they came.
  TimeRange range = wanted.range;
  for (const ClockSkew& skew : trace.skews)
    range = range.Widened(std::abs(skew.shift_ns), std::abs(skew.shift_ns));
  SKEP_ASSIGN(const ResultTable table,
              reader.Run(PlanTraceRows(project, wanted.traces, wanted.spans, wanted.events, range),
                         {}, cancel));
  const std::vector<EventRow> events = ReadEventRows(table);
  for (TraceRow& row : made) {
    const EventRow before = row.event;
    for (const EventRow& event : events) {
      if (event.signal == Signal::kSpanLink && row.kind == TraceRowKind::kSpan &&
          event.trace_id == before.trace_id && event.parent_id == before.span_id)
        AddLink(event, &row);
      if (IsSame(event, row)) row.event = event;
    }
    row.event.time_ns = before.time_ns;
  }
  return made;
}

}  // namespace skep
