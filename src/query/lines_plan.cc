// SPDX-License-Identifier: Apache-2.0
#include "query/lines_plan.h"

#include <algorithm>

namespace skep {
namespace {

void AppendSources(const std::vector<std::string>& sources, SqlWriter* sql) {
  sql->Sql(" AND (0");
  for (const std::string& source : sources) {
    sql->Sql(" OR dataset = ").Bind(source).Sql(" OR toString(").Attribute("service.name");
    sql->Sql(") = ").Bind(source);
  }
  sql->Sql(")");
}

void AppendMembers(const TraceMembers& members, SqlWriter* sql) {
  sql->Sql(" AND (trace_id IN ").BindSet(members.traces);
  if (!members.event_ids.empty()) sql->Sql(" OR event_id IN ").BindSet(members.event_ids);
  sql->Sql(")");
}

void AppendCondition(const LinesQuestion& question, const TraceMembers* members, TimeRange range,
                     SqlWriter* sql) {
  if (question.before)
    range.to_ns = std::min(range.to_ns, TimeRange{0, question.before->time_ns}.Widened(0, 1).to_ns);
  AppendProjectAndTime(question.project, range, sql);
  if (question.before) {
    sql->Sql(" AND (time < ").BindTime(question.before->time_ns).Sql(" OR event_id < ");
    sql->Bind(question.before->event_id).Sql(")");
  }
  sql->Sql(" AND signal = 'log'");
  if (question.severity_min > 0)
    sql->Sql(" AND severity >= ").Bind(uint64_t{question.severity_min});
  if (!question.source.empty()) AppendSources({question.source}, sql);
  if (members != nullptr) AppendMembers(*members, sql);
  if (!question.text.empty())
    sql->Sql(" AND positionCaseInsensitiveUTF8(body, ").Bind(question.text).Sql(") > 0");
}

}  // namespace

Statement PlanLinesFloor(const LinesQuestion& question, const TraceMembers* members, size_t rows) {
  SqlWriter sql;
  sql.Sql("SELECT min(time), count() FROM (SELECT time FROM events WHERE ");
  AppendCondition(question, members, question.range, &sql);
  sql.Sql(" ORDER BY time DESC LIMIT ").Bind(uint64_t{rows}).Sql(")");
  return sql.Take();
}

Statement PlanLines(const LinesQuestion& question, const TraceMembers* members, int64_t floor_ns,
                    size_t rows) {
  SqlWriter sql;
  sql.Sql("SELECT ");
  AppendEventColumns(RowDetail::kWhole, &sql);
  sql.Sql(" FROM events WHERE ");
  AppendCondition(question, members, {floor_ns, question.range.to_ns}, &sql);
  sql.Sql(" ORDER BY time DESC, event_id DESC LIMIT ").Bind(uint64_t{rows});
  return sql.Take();
}

Statement PlanLinesAround(std::string_view project, const TimeRange& range,
                          const std::vector<std::string>& sources, size_t rows) {
  SqlWriter sql;
  sql.Sql("SELECT ");
  AppendEventColumns(RowDetail::kWhole, &sql);
  sql.Sql(" FROM events WHERE ");
  AppendProjectAndTime(project, range, &sql);
  sql.Sql(" AND signal = 'log' AND trace_id = toFixedString('', 16)");
  if (!sources.empty()) AppendSources(sources, &sql);
  sql.Sql(" ORDER BY time, event_id LIMIT ").Bind(uint64_t{rows});
  return sql.Take();
}

Statement PlanJoinsOfEvents(std::string_view project, const TimeRange& range,
                            std::span<const uint64_t> event_ids) {
  SqlWriter sql;
  sql.Sql("SELECT ");
  AppendEventColumns(RowDetail::kEntry, &sql);
  sql.Sql(" FROM events WHERE ");
  AppendProjectAndTime(project, range, &sql);
  sql.Sql(" AND signal = 'join' AND ifNull(").Attribute("join.event_id", ValueType::kInt64);
  sql.Sql(", 0) IN ").BindSet(event_ids);
  return sql.Take();
}

}  // namespace skep
