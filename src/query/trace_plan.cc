// SPDX-License-Identifier: Apache-2.0
#include "query/trace_plan.h"

#include "base/check.h"
#include "query/event_row.h"

namespace skep {
namespace {

void AppendScope(std::string_view project, std::span<const TraceId> traces,
                 const std::optional<TimeRange>& range, SqlWriter* sql) {
  SKEP_CHECK(!traces.empty());
  if (range) {
    AppendProjectAndTime(project, *range, sql);
  } else {
    sql->Sql("project = ").Bind(project);
  }
  if (traces.size() == 1) {
    sql->Sql(" AND trace_id = ").Bind(traces.front());
  } else {
    sql->Sql(" AND trace_id IN ").BindSet(traces);
  }
  sql->Sql(" AND signal != 'metric'");
}

}  // namespace

Statement PlanTrace(std::string_view project, std::span<const TraceId> traces,
                    const std::optional<TimeRange>& range, RowDetail detail, size_t rows_max) {
  SqlWriter sql;
  sql.Sql("SELECT ");
  AppendEventColumns(detail, &sql);
  sql.Sql(" FROM events WHERE ");
  AppendScope(project, traces, range, &sql);
  sql.Sql(" ORDER BY time, event_id, span_id LIMIT ");
  sql.Bind(uint64_t{rows_max});
  return sql.Take();
}

Statement PlanTraceCount(std::string_view project, std::span<const TraceId> traces,
                         const std::optional<TimeRange>& range) {
  SqlWriter sql;
  sql.Sql("SELECT count() FROM events WHERE ");
  AppendScope(project, traces, range, &sql);
  return sql.Take();
}

}  // namespace skep
