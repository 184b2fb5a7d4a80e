// SPDX-License-Identifier: Apache-2.0
#include "ui/render_trace.h"

#include "query/attribute_set.h"
#include "ui/render.h"

namespace skep::ui {
namespace {

constexpr size_t kPathShares = 6;
// Parts of one row that lie nearer to each other are drawn as one.
constexpr int64_t kPartsDrawn = 1000;

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

void RenderSkew(const TraceTree& tree, const ClockSkew& skew, JsonWriter* json) {
  json->BeginObject();
  json->Field("place", tree.Text(skew.place));
  json->Field("against", tree.Text(skew.against));
  FieldAsText("shift_ns", skew.shift_ns, json);
  FieldAsText("low_ns", skew.low_ns, json);
  if (skew.high_ns) FieldAsText("high_ns", *skew.high_ns, json);
  json->Field("consistent", skew.consistent);
  json->Field("calls", skew.calls);
  json->Field("outside", skew.outside);
  json->EndObject();
}

}  // namespace

Result<ItemCounters> CountersOf(const Call& call, const std::vector<TraceRow>& rows) {
  ItemCounters counters;
  for (const TraceRow& row : rows) {
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

RowExtra ExtraOf(const TraceAnalysis& analysis, uint32_t at) {
  RowExtra extra;
  extra.start_ns = analysis.tree.row(at).time_ns;
  const int64_t start_ns = analysis.tree.start_ns();
  const int64_t nearest_ns = (analysis.tree.end_ns() - start_ns) / kPartsDrawn;
  for (size_t i = analysis.path_of_row[at]; i < analysis.path.size(); ++i) {
    const PathPart& part = analysis.path[i];
    if (part.row != at) break;
    const int64_t from_ns = part.from_ns - start_ns;
    const int64_t to_ns = part.to_ns - start_ns;
    if (!extra.path.empty() && from_ns - extra.path.back().second < nearest_ns) {
      extra.path.back().second = to_ns;
    } else {
      extra.path.emplace_back(from_ns, to_ns);
    }
  }
  const uint32_t group = analysis.groups.of_row[at];
  if (group != kNoRow) extra.group = analysis.tree.Id(analysis.groups.groups[group].rows.front());
  return extra;
}

void RenderRowFields(const TraceRow& row, const RowExtra& extra, const ItemCounters& counters,
                     JsonWriter* json) {
  const EventRow& event = row.event;
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
  FieldAsText("start_ns", extra.start_ns, json);
  FieldAsText("duration_ns", event.duration_ns, json);
  json->Field("error", row.error);
  if (const auto counter = counters.find(event.item); counter != counters.end())
    json->Field("item", counter->second);
  json->Field("join", skep::NameOf(row.how));
  RenderAttributes(event.attributes, json);
  FieldUnlessEmpty("raw", event.raw, json);
  FieldUnlessEmpty("group", extra.group, json);
  if (extra.path.empty()) return;
  json->Key("critical");
  json->BeginArray();
  for (const auto& [from_ns, to_ns] : extra.path) {
    json->BeginArray();
    json->Int(from_ns);
    json->Int(to_ns);
    json->EndArray();
  }
  json->EndArray();
}

void RenderGroup(const TraceTree& tree, const SiblingGroup& group, JsonWriter* json) {
  json->BeginObject();
  json->Field("id", tree.Id(group.rows.front()));
  json->Field("count", uint64_t{group.rows.size()});
  FieldAsText("start_ns", group.start_ns, json);
  FieldAsText("duration_ns", group.end_ns - group.start_ns, json);
  FieldAsText("total_ns", group.total_ns, json);
  FieldAsText("shortest_ns", group.shortest_ns, json);
  FieldAsText("median_ns", group.median_ns, json);
  FieldAsText("longest_ns", group.longest_ns, json);
  json->Key("buckets");
  json->BeginArray();
  for (const uint32_t count : group.buckets) json->UInt(count);
  json->EndArray();
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

void RenderFindings(const TraceAnalysis& analysis, const std::vector<ClockSkew>& skews,
                    JsonWriter* json) {
  const TraceTree& tree = analysis.tree;
  json->Key("critical");
  json->BeginArray();
  for (const PathShare& share : SharesOfPath(tree, analysis.path, kPathShares)) {
    json->BeginObject();
    json->Field("service", tree.Text(share.service));
    json->Field("name", tree.Text(share.name));
    json->Field("rows", share.rows);
    FieldAsText("ns", share.ns, json);
    json->EndObject();
  }
  json->EndArray();
  int64_t whole_ns = 0;
  for (const PathPart& part : analysis.path) whole_ns += part.to_ns - part.from_ns;
  FieldAsText("critical_ns", whole_ns, json);
  json->Key("skews");
  json->BeginArray();
  for (const ClockSkew& skew : skews) RenderSkew(tree, skew, json);
  json->EndArray();
  uint64_t missing = 0;
  for (const TreeRow& row : tree.rows()) missing += row.kind == TraceRowKind::kMissing;
  if (missing > 0) json->Field("missing", missing);
}

}  // namespace skep::ui
