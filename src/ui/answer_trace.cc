// SPDX-License-Identifier: Apache-2.0
// One trace with everything that was joined to it.
#include <map>

#include "query/attribute_set.h"
#include "query/trace_reader.h"
#include "ui/api.h"
#include "ui/parameters.h"
#include "ui/render.h"

namespace skep::ui {
namespace {

// Counters of the items that a trace's occurrences belong to.
using ItemCounters = std::map<uint64_t, int64_t>;

std::string_view NameOf(TraceRowKind kind) {
  switch (kind) {
    case TraceRowKind::kSpan:
      return "span";
    case TraceRowKind::kLog:
      return "log";
    case TraceRowKind::kError:
      return "error";
    case TraceRowKind::kEvent:
      return "event";
    case TraceRowKind::kMissing:
      return "missing";
  }
  return "event";
}

std::string_view NameOf(SpanKind kind) {
  switch (kind) {
    case SpanKind::kNone:
      return "none";
    case SpanKind::kInternal:
      return "internal";
    case SpanKind::kServer:
      return "server";
    case SpanKind::kClient:
      return "client";
    case SpanKind::kProducer:
      return "producer";
    case SpanKind::kConsumer:
      return "consumer";
  }
  return "none";
}

std::string_view NameOf(SpanStatus status) {
  switch (status) {
    case SpanStatus::kUnset:
      return "unset";
    case SpanStatus::kOk:
      return "ok";
    case SpanStatus::kError:
      return "error";
  }
  return "unset";
}

void RenderSpanPart(const TraceRow& row, JsonWriter* json) {
  const EventRow& event = row.event;
  json->Field("span_kind", NameOf(event.kind));
  json->Field("status", NameOf(event.status));
  if (event.signal == Signal::kOpenSpan) json->Field("open", true);
  if (event.door == Door::kXRay)
    FieldUnlessEmpty("segment", AttributeSet(event.attributes).Text("aws.xray.document"), json);
  if (row.links.empty()) return;
  json->Key("links");
  json->BeginArray();
  for (const SpanLink& link : row.links) {
    json->BeginObject();
    json->Field("trace_id", std::string_view(link.trace_id.Hex()));
    json->Field("span_id", std::string_view(link.span_id.Hex()));
    json->EndObject();
  }
  json->EndArray();
}

void RenderRow(const TraceRow& row, const ItemCounters& counters, JsonWriter* json) {
  const EventRow& event = row.event;
  json->BeginObject();
  json->Field("kind", NameOf(row.kind));
  json->Field("door", skep::NameOf(event.door));
  if (row.also_door) json->Field("also_door", skep::NameOf(*row.also_door));
  json->Field("id", std::string_view(row.id));
  FieldUnlessEmpty("parent", row.parent, json);
  json->Field("depth", uint64_t{row.depth});
  if (!event.trace_id.empty()) json->Field("trace_id", std::string_view(event.trace_id.Hex()));
  if (!event.span_id.empty()) json->Field("span_id", std::string_view(event.span_id.Hex()));
  if (!event.parent_id.empty())
    json->Field("parent_span_id", std::string_view(event.parent_id.Hex()));
  json->Field("name", std::string_view(row.kind == TraceRowKind::kLog ? event.body : event.name));
  FieldUnlessEmpty("service", event.dataset, json);
  if (row.kind == TraceRowKind::kSpan) RenderSpanPart(row, json);
  if (event.severity != 0) json->Field("severity", uint64_t{event.severity});
  FieldAsText("start_ns", event.time_ns, json);
  FieldAsText("duration_ns", event.duration_ns, json);
  json->Field("error", row.error);
  if (const auto counter = counters.find(event.item); counter != counters.end())
    json->Field("item", counter->second);
  json->Field("join", skep::NameOf(row.how));
  RenderAttributes(event.attributes, json);
  FieldUnlessEmpty("raw", event.raw, json);
  json->EndObject();
}

void RenderJoin(const TraceJoin& join, JsonWriter* json) {
  json->BeginObject();
  json->Field("door", skep::NameOf(join.door));
  json->Field("what", std::string_view(join.what));
  json->Field("how", skep::NameOf(join.how));
  json->Field("certain", join.how != JoinHow::kEvidence);
  json->Field("why", std::string_view(join.why));
  if (!join.trace_id.empty()) json->Field("trace_id", std::string_view(join.trace_id.Hex()));
  json->Key("rows");
  json->BeginArray();
  for (const std::string& row : join.rows) json->String(row);
  json->EndArray();
  json->EndObject();
}

Result<ItemCounters> CountersOf(const Call& call, const Trace& trace) {
  ItemCounters counters;
  for (const TraceRow& row : trace.rows) {
    if (row.event.item == 0 || counters.contains(row.event.item)) continue;
    const auto item = call.parts.items->GetItem(row.event.item);
    if (item) {
      counters[row.event.item] = item->counter;
    } else if (item.error().code != Code::kNotFound) {
      return Error(item.error());
    }
  }
  return counters;
}

template <typename T, typename F>
void RenderAll(std::string_view name, const std::vector<T>& values, JsonWriter* json, F&& render) {
  json->Key(name);
  json->BeginArray();
  for (const T& value : values) render(value);
  json->EndArray();
}

}  // namespace

Result<std::string> AnswerTrace(Call& call) {
  TraceQuestion question;
  question.project = call.parts.project;
  SKEP_ASSIGN(question.trace_id, TraceIdOf(call.rest));
  SKEP_ASSIGN(question.by_evidence, ByEvidenceOf(call));
  SKEP_TRY(Refresh(call));
  SKEP_ASSIGN(const Trace trace, ReadTrace(*call.parts.reader, question, call.cancel));
  SKEP_ASSIGN(const std::vector<LogLine> around,
              LinesAround(*call.parts.reader, question.project, trace, call.cancel));
  SKEP_ASSIGN(const ItemCounters counters, CountersOf(call, trace));
  JsonWriter json;
  json.BeginObject();
  json.Field("trace_id", std::string_view(trace.trace_id.Hex()));
  RenderAll("other_trace_ids", trace.other_trace_ids, &json,
            [&](const TraceId& id) { json.String(id.Hex()); });
  FieldAsText("start_ns", trace.start_ns, &json);
  FieldAsText("duration_ns", trace.end_ns - trace.start_ns, &json);
  json.Key("request");
  RenderRequest(trace.request, &json);
  RenderAll("rows", trace.rows, &json,
            [&](const TraceRow& row) { RenderRow(row, counters, &json); });
  RenderAll("joins", trace.joins, &json, [&](const TraceJoin& join) { RenderJoin(join, &json); });
  RenderAll("around", around, &json, [&](const LogLine& line) { RenderLine(line, &json); });
  RenderDoors(trace.request.doors, &json);
  if (trace.truncated > 0) json.Field("truncated", trace.truncated);
  json.Field("elapsed_ms", call.ElapsedMs());
  json.EndObject();
  return json.Take();
}

}  // namespace skep::ui
