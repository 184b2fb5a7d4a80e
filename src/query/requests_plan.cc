// SPDX-License-Identifier: Apache-2.0
#include "query/requests_plan.h"

#include <algorithm>

#include "query/entry_fields.h"

namespace skep {
namespace {

Status AppendPageCondition(const RequestsQuestion& question, TimeRange range, SqlWriter* sql,
                           size_t* error_position) {
  if (question.before) {
    // Not over the cursor's own time; equal times go by trace id.
    range.to_ns = std::min(range.to_ns, TimeRange{0, question.before->time_ns}.Widened(0, 1).to_ns);
  }
  AppendProjectAndTime(question.project, range, sql);
  if (question.before) {
    sql->Sql(" AND (time < ").BindTime(question.before->time_ns).Sql(" OR trace_id < ");
    sql->Bind(question.before->trace_id).Sql(")");
  }
  sql->Sql(" AND trace_id != toFixedString('', 16) AND ");
  AppendMayBeEntry(sql);
  FilterScope scope;
  scope.project = question.project;
  scope.range = question.range;
  scope.by_evidence = question.by_evidence;
  return AppendFilter(question.filter, scope, sql, error_position);
}

void AppendTraces(std::string_view project, std::span<const TraceId> traces,
                  const std::vector<TimeRange>& times, SqlWriter* sql) {
  AppendProjectAndTimes(project, times, sql);
  sql->Sql(" AND trace_id IN ").BindSet(traces);
}

// The rows of these traces, to be narrowed by what is appended.
SqlWriter SelectRowsOf(std::string_view project, std::span<const TraceId> traces,
                       const std::vector<TimeRange>& times) {
  SqlWriter sql;
  sql.Sql("SELECT ");
  AppendEventColumns(RowDetail::kEntry, &sql);
  sql.Sql(" FROM events WHERE ");
  AppendTraces(project, traces, times, &sql);
  return sql;
}

}  // namespace

Result<Statement> PlanEntryFloor(const RequestsQuestion& question, size_t rows,
                                 size_t* error_position) {
  SqlWriter sql;
  sql.Sql("SELECT min(time), count() FROM (SELECT time FROM events WHERE ");
  SKEP_TRY(AppendPageCondition(question, question.range, &sql, error_position));
  sql.Sql(" ORDER BY time DESC LIMIT ").Bind(uint64_t{rows}).Sql(")");
  return sql.Take();
}

Result<Statement> PlanEntryKeys(const RequestsQuestion& question, int64_t floor_ns, size_t rows,
                                size_t* error_position) {
  SqlWriter sql;
  sql.Sql("SELECT time, trace_id, span_id, door FROM events WHERE ");
  SKEP_TRY(AppendPageCondition(question, {floor_ns, question.range.to_ns}, &sql, error_position));
  sql.Sql(" ORDER BY time DESC, trace_id DESC LIMIT ").Bind(uint64_t{rows});
  return sql.Take();
}

Statement PlanEntries(std::string_view project, std::span<const TraceId> traces,
                      const std::vector<TimeRange>& times) {
  SqlWriter sql = SelectRowsOf(project, traces, times);
  sql.Sql(" AND ");
  AppendMayBeEntry(&sql);
  return sql.Take();
}

Statement PlanJoins(std::string_view project, std::span<const TraceId> traces,
                    const std::vector<TimeRange>& times) {
  SqlWriter sql = SelectRowsOf(project, traces, times);
  sql.Sql(" AND signal = 'join'");
  return sql.Take();
}

Statement PlanShares(std::string_view project, std::span<const TraceId> traces,
                     const std::vector<TimeRange>& times) {
  SqlWriter sql;
  // Tuples are taken apart outside: an answer has plain columns only.
  sql.Sql(
      "SELECT trace_id, door, spans, logs, errors, user, "
      "line.1, line.2, line.3, line.4, exception.1, exception.2, exception.3, exception.4, "
      "occurrence.1, occurrence.2, occurrence.3, occurrence.4 FROM (SELECT trace_id, door, "
      "uniqExactIf(span_id, signal IN ('span', 'open_span')) AS spans, "
      "countIf(signal = 'log') AS logs, countIf(signal = 'error') AS errors, "
      "anyIf(ifNull(toString(");
  sql.Attribute("enduser.id").Sql("), ''), signal IN ('span', 'error') AND ifNull(toString(");
  sql.Attribute("enduser.id")
      .Sql(
          "), '') != '') AS user, "
          "argMaxIf(tuple(time, event_id, severity, substringUTF8(body, 1, 300)), (time, "
          "event_id), "
          "signal = 'log') AS line, "
          "argMaxIf(tuple(time, event_id, severity, substringUTF8(ifNull(toString(");
  sql.Attribute("exception.message")
      .Sql(
          "), ''), 1, 300)), (time, event_id), signal = 'span_event' AND name = 'exception') AS "
          "exception, "
          "argMaxIf(tuple(time, event_id, severity, substringUTF8(body, 1, 300)), (time, "
          "event_id), "
          "signal = 'error') AS occurrence FROM events WHERE ");
  AppendTraces(project, traces, times, &sql);
  sql.Sql(
      " AND signal IN ('span', 'open_span', 'span_event', 'log', 'error') "
      "GROUP BY trace_id, door)");
  return sql.Take();
}

Statement PlanEvents(std::string_view project, std::span<const uint64_t> event_ids,
                     std::span<const int64_t> times_ns, RowDetail detail) {
  SqlWriter sql;
  sql.Sql("SELECT ");
  AppendEventColumns(detail, &sql);
  sql.Sql(" FROM events WHERE project = ").Bind(project).Sql(" AND time IN ");
  sql.BindTimeSet(times_ns).Sql(" AND event_id IN ").BindSet(event_ids);
  sql.Sql(" AND signal IN ('log', 'error')");
  return sql.Take();
}

}  // namespace skep
