// SPDX-License-Identifier: Apache-2.0
#include "query/trace/trace_links.h"

#include <algorithm>

#include "base/clock.h"

namespace skep {
namespace {

constexpr int64_t kAroundNs = 6 * 3600 * kNsPerS;
constexpr size_t kLinksMax = 100;

SpanId SpanAt(const ResultColumn& column, size_t row) {
  return SpanId::FromRaw(column.Text(row)).value_or(SpanId());
}

// Says what the spans at the other side are called.
Status NameOthers(Reader& reader, std::string_view project, std::vector<TraceLink>* links,
                  const CancelToken& cancel) {
  if (links->empty()) return {};
  std::vector<TraceId> traces;
  std::vector<SpanId> spans;
  for (const TraceLink& link : *links) {
    traces.push_back(link.other_trace_id);
    spans.push_back(link.other_span_id);
  }
  SqlWriter sql;
  sql.Sql("SELECT trace_id, span_id, toString(dataset), toString(name), time FROM events ");
  sql.Sql("WHERE project = ").Bind(project).Sql(" AND trace_id IN ").BindSet(traces);
  sql.Sql(" AND span_id IN ").BindSet(spans).Sql(" AND signal IN ('span', 'open_span')");
  SKEP_ASSIGN(const ResultTable table, reader.Run(sql.Take(), {}, cancel));
  for (size_t i = 0; i < table.rows; ++i) {
    const auto trace = TraceId::FromRaw(table.column(0).Text(i));
    const SpanId span = SpanAt(table.column(1), i);
    for (TraceLink& link : *links) {
      if (link.other_trace_id != trace || link.other_span_id != span) continue;
      link.found = true;
      link.service = table.column(2).Text(i);
      link.name = table.column(3).Text(i);
      link.time_ns = table.column(4).Int(i);
    }
  }
  return {};
}

}  // namespace

Statement PlanLinksOf(std::string_view project, const TraceId& trace) {
  SqlWriter sql;
  sql.Sql("SELECT parent_id, ifNull(toString(").Attribute("trace.link.trace_id");
  sql.Sql("), ''), ifNull(toString(").Attribute("trace.link.span_id");
  sql.Sql("), '') FROM events WHERE project = ").Bind(project).Sql(" AND trace_id = ").Bind(trace);
  sql.Sql(" AND signal = 'span_link' ORDER BY time, parent_id LIMIT ").Bind(uint64_t{kLinksMax});
  return sql.Take();
}

Statement PlanLinksTo(std::string_view project, const TraceId& trace, const TimeRange& range) {
  SqlWriter sql;
  sql.Sql("SELECT trace_id, parent_id, ifNull(toString(").Attribute("trace.link.span_id");
  sql.Sql("), '') FROM events WHERE ");
  AppendProjectAndTime(project, range, &sql);
  sql.Sql(" AND signal = 'span_link' AND toString(").Attribute("trace.link.trace_id");
  sql.Sql(") = ").Bind(std::string_view(trace.Hex()));
  sql.Sql(" ORDER BY time, parent_id LIMIT ").Bind(uint64_t{kLinksMax});
  return sql.Take();
}

Result<std::vector<TraceLink>> ReadTraceLinks(Reader& reader, std::string_view project,
                                              const TraceId& trace, const TimeRange& range,
                                              const CancelToken& cancel) {
  std::vector<TraceLink> links;
  SKEP_ASSIGN(const ResultTable out, reader.Run(PlanLinksOf(project, trace), {}, cancel));
  for (size_t i = 0; i < out.rows; ++i) {
    TraceLink link;
    link.span_id = SpanAt(out.column(0), i);
    link.other_trace_id = TraceId::FromHex(out.column(1).Text(i)).value_or(TraceId());
    link.other_span_id = SpanId::FromHex(out.column(2).Text(i)).value_or(SpanId());
    if (link.other_trace_id != trace) links.push_back(link);
  }
  SKEP_ASSIGN(
      const ResultTable in,
      reader.Run(PlanLinksTo(project, trace, range.Widened(kAroundNs, kAroundNs)), {}, cancel));
  for (size_t i = 0; i < in.rows; ++i) {
    TraceLink link;
    link.incoming = true;
    link.span_id = SpanId::FromHex(in.column(2).Text(i)).value_or(SpanId());
    link.other_trace_id = TraceId::FromRaw(in.column(0).Text(i)).value_or(TraceId());
    link.other_span_id = SpanAt(in.column(1), i);
    if (link.other_trace_id != trace) links.push_back(link);
  }
  SKEP_TRY(NameOthers(reader, project, &links, cancel));
  return links;
}

}  // namespace skep
