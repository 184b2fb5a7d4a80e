// SPDX-License-Identifier: Apache-2.0
#include "query/requests_plan.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "query/entry_fields.h"

namespace skep {
namespace {

// How far from its host a guest's join may lie.
constexpr int64_t kAroundNs = 10 * kNsPerS;

// Which rows are candidates. What is filtered by is read first, and nothing before it: where no row
// of a granule meets it, nothing else is read there, which the engine does not find out by itself.
Status AppendPageCondition(const RequestsQuestion& question, const TimeRange& window,
                           SqlWriter* sql, size_t* error_position) {
  FilterScope scope;
  scope.project = question.project;
  // What a request says later than its entry counts however late it is.
  scope.range = {window.from_ns, question.range.to_ns};
  scope.by_evidence = question.by_evidence;
  if (!question.filter.terms.empty()) {
    sql->Sql(" PREWHERE true");
    SKEP_TRY(AppendFilter(question.filter, scope, sql, error_position));
    sql->Sql(" AND signal IN ('span', 'open_span')");
  }
  sql->Sql(" WHERE ");
  TimeRange range = window;
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
  return {};
}

void AppendTraces(std::string_view project, std::span<const TraceId> traces,
                  const std::vector<TimeRange>& times, SqlWriter* sql) {
  AppendProjectAndTimes(project, times, sql);
  sql->Sql(" AND trace_id IN ").BindSet(traces);
}

Status SelectCandidates(const RequestsQuestion& question, const TimeRange& window, SqlWriter* sql,
                        size_t* error_position) {
  sql->Sql("SELECT time, trace_id, span_id, door FROM events");
  return AppendPageCondition(question, window, sql, error_position);
}

// The rows of these traces, to be narrowed by what is appended.
SqlWriter SelectRowsOf(std::string_view project, std::span<const TraceId> traces,
                       const std::vector<TimeRange>& times, RowDetail detail) {
  SqlWriter sql;
  sql.Sql("SELECT ");
  AppendEventColumns(detail, &sql);
  sql.Sql(" FROM events WHERE ");
  AppendTraces(project, traces, times, &sql);
  return sql;
}

}  // namespace

void AppendMayBeRequests(const RequestsQuestion& question, SqlWriter* sql) {
  AppendProjectAndTime(question.project, question.range, sql);
  sql->Sql(" AND trace_id != toFixedString('', 16) AND ");
  AppendMayBeEntry(sql);
  if (!question.by_evidence) return;
  sql->Sql(" AND NOT (door = 'xray' AND trace_id IN (SELECT trace_id FROM events WHERE ");
  AppendProjectAndTime(question.project, question.range.Widened(kAroundNs, kAroundNs), sql);
  sql->Sql(" AND signal = 'join' AND toString(").Attribute("join.role").Sql(") = 'guest'))");
}

Result<Statement> PlanEntryFloor(const RequestsQuestion& question, size_t rows,
                                 size_t* error_position) {
  SqlWriter sql;
  sql.Sql("SELECT min(time), count() FROM (SELECT time FROM events");
  SKEP_TRY(AppendPageCondition(question, question.range, &sql, error_position));
  sql.Sql(" ORDER BY time DESC LIMIT ").Bind(uint64_t{rows}).Sql(")");
  return sql.Take();
}

Result<Statement> PlanCandidates(const RequestsQuestion& question, const TimeRange& window,
                                 ReadOrder order, size_t rows, size_t* error_position) {
  SqlWriter sql;
  SKEP_TRY(SelectCandidates(question, window, &sql, error_position));
  sql.Sql(" ORDER BY time DESC LIMIT ").Bind(uint64_t{rows});
  // Reading in the table's order from the end stops early, but is slow where few rows are met.
  if (order == ReadOrder::kWhole) sql.Sql(" SETTINGS optimize_read_in_order = 0");
  return sql.Take();
}

Result<Statement> PlanCandidatesAt(const RequestsQuestion& question, const TimeRange& window,
                                   int64_t time_ns, size_t rows, size_t* error_position) {
  SqlWriter sql;
  SKEP_TRY(SelectCandidates(question, window, &sql, error_position));
  sql.Sql(" AND time = ").BindTime(time_ns);
  sql.Sql(" ORDER BY trace_id DESC LIMIT ").Bind(uint64_t{rows});
  return sql.Take();
}

std::vector<Candidate> ReadCandidates(const ResultTable& table) {
  std::vector<Candidate> candidates(table.rows);
  for (size_t i = 0; i < table.rows; ++i) {
    Candidate& candidate = candidates[i];
    candidate.time_ns = table.column(0).Int(i);
    candidate.trace_id = TraceId::FromRaw(table.column(1).Text(i)).value_or(TraceId());
    candidate.span_id = SpanId::FromRaw(table.column(2).Text(i)).value_or(SpanId());
    candidate.door = static_cast<Door>(table.column(3).Int(i));
  }
  return candidates;
}

Statement PlanEntries(std::string_view project, std::span<const TraceId> traces,
                      const std::vector<TimeRange>& times) {
  SqlWriter sql;
  sql.Sql(
      "SELECT time, signal, door, trace_id, span_id, parent_id, ingest_time FROM events WHERE ");
  AppendTraces(project, traces, times, &sql);
  sql.Sql(" AND (signal = 'join' OR ");
  AppendMayBeEntry(&sql);
  sql.Sql(")");
  return sql.Take();
}

std::vector<EventRow> ReadEntries(const ResultTable& table) {
  std::vector<EventRow> rows(table.rows);
  for (size_t i = 0; i < table.rows; ++i) {
    EventRow& row = rows[i];
    row.time_ns = table.column(0).Int(i);
    row.signal = static_cast<Signal>(table.column(1).Int(i));
    row.door = static_cast<Door>(table.column(2).Int(i));
    row.trace_id = TraceId::FromRaw(table.column(3).Text(i)).value_or(TraceId());
    row.span_id = SpanId::FromRaw(table.column(4).Text(i)).value_or(SpanId());
    row.parent_id = SpanId::FromRaw(table.column(5).Text(i)).value_or(SpanId());
    row.ingest_ns = table.column(6).Int(i);
  }
  return rows;
}

Statement PlanEntryWords(std::string_view project, std::span<const TraceId> traces,
                         std::span<const int64_t> times_ns) {
  SqlWriter sql;
  sql.Sql(
      "SELECT trace_id, span_id, door, time, ingest_time, duration_ns, status, dataset, name, ");
  AppendMethod(&sql);
  sql.Sql(" AS method, ");
  AppendRoute(&sql);
  sql.Sql(" AS route, ");
  AppendStatusCode(&sql);
  sql.Sql(" AS code, ");
  AppendUser(&sql);
  sql.Sql(" AS user FROM events WHERE project = ").Bind(project).Sql(" AND time IN ");
  sql.BindTimeSet(times_ns).Sql(" AND trace_id IN ").BindSet(traces).Sql(" AND ");
  AppendMayBeEntry(&sql);
  return sql.Take();
}

RequestSummary ReadEntryWords(const ResultTable& table, const EventRow& entry) {
  EventRow row = entry;
  EntryFields fields;
  for (size_t i = 0; i < table.rows; ++i) {
    if (table.column(0).Text(i) != row.trace_id.raw() ||
        table.column(1).Text(i) != row.span_id.raw() ||
        static_cast<Door>(table.column(2).Int(i)) != row.door ||
        table.column(3).Int(i) != row.time_ns || table.column(4).Int(i) != row.ingest_ns)
      continue;
    row.duration_ns = table.column(5).UInt(i);
    row.status = static_cast<SpanStatus>(table.column(6).Int(i));
    row.dataset = table.column(7).Text(i);
    row.name = table.column(8).Text(i);
    fields.method = table.column(9).Text(i);
    fields.route = table.column(10).Text(i);
    fields.status_code = table.column(11).Int(i);
    fields.user = table.column(12).Text(i);
    break;
  }
  fields.error = row.status == SpanStatus::kError;
  return SummaryOfEntry(row, std::move(fields));
}

Statement PlanJoins(std::string_view project, std::span<const TraceId> traces,
                    const std::vector<TimeRange>& times) {
  SqlWriter sql = SelectRowsOf(project, traces, times, RowDetail::kEntry);
  sql.Sql(" AND signal = 'join'");
  return sql.Take();
}

Statement PlanShares(std::string_view project, std::span<const TraceId> traces,
                     const std::vector<TimeRange>& times) {
  SqlWriter sql;
  // Tuples are taken apart outside: an answer has plain columns only.
  sql.Sql(
      "SELECT trace_id, door, spans, logs, errors, joins, user, "
      "line.1, line.2, line.3, line.4, exception.1, exception.2, exception.3, exception.4, "
      "occurrence.1, occurrence.2, occurrence.3, occurrence.4 FROM (SELECT trace_id, door, "
      "uniqExactIf(span_id, signal IN ('span', 'open_span') OR signal = 'repeat' AND "
      "span_id != toFixedString('', 8)) AS spans, "
      "countIf(signal = 'log') AS logs, countIf(signal = 'error') AS errors, "
      "countIf(signal = 'join') AS joins, "
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
      " AND signal IN ('span', 'open_span', 'repeat', 'span_event', 'log', 'error', 'join') "
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
