// SPDX-License-Identifier: Apache-2.0
#include "query/occurrences.h"

#include "query/event_joins.h"

namespace skep {
namespace {

void AppendScope(const OccurrenceQuestion& question, SqlWriter* sql) {
  AppendProjectAndTime(question.project, question.range, sql);
  sql->Sql(" AND signal = 'error' AND item = ").Bind(question.item);
}

Result<std::optional<uint64_t>> FindNeighbour(Reader& reader, const OccurrenceQuestion& question,
                                              const EventRow& from, bool newer,
                                              const CancelToken& cancel) {
  SKEP_ASSIGN(const ResultTable table,
              reader.Run(PlanNeighbour(question, from, newer), {}, cancel));
  std::optional<uint64_t> neighbour;
  if (table.rows > 0) neighbour = table.column(0).UInt(0);
  return neighbour;
}

}  // namespace

Statement PlanOccurrence(const OccurrenceQuestion& question) {
  SqlWriter sql;
  sql.Sql("SELECT ");
  AppendEventColumns(RowDetail::kWhole, &sql);
  sql.Sql(" FROM events WHERE ");
  AppendScope(question, &sql);
  if (question.event_id) sql.Sql(" AND event_id = ").Bind(*question.event_id);
  sql.Sql(" ORDER BY time DESC, event_id DESC LIMIT 1");
  return sql.Take();
}

Statement PlanNeighbour(const OccurrenceQuestion& question, const EventRow& from, bool newer) {
  SqlWriter sql;
  sql.Sql("SELECT event_id FROM events WHERE ");
  AppendScope(question, &sql);
  sql.Sql(newer ? SqlText(" AND (time > ") : SqlText(" AND (time < "));
  sql.BindTime(from.time_ns).Sql(" OR time = ").BindTime(from.time_ns);
  sql.Sql(newer ? SqlText(" AND event_id > ") : SqlText(" AND event_id < "));
  sql.Bind(from.event_id).Sql(") ORDER BY ");
  sql.Sql(newer ? SqlText("time, event_id") : SqlText("time DESC, event_id DESC"));
  sql.Sql(" LIMIT 1");
  return sql.Take();
}

Result<Occurrence> ReadOccurrence(Reader& reader, const OccurrenceQuestion& question,
                                  const CancelToken& cancel) {
  SKEP_ASSIGN(const ResultTable table, reader.Run(PlanOccurrence(question), {}, cancel));
  std::vector<EventRow> rows = ReadEventRows(table);
  if (rows.empty()) return Error(Code::kNotFound, "There is no such occurrence.");
  Occurrence occurrence;
  occurrence.row = std::move(rows.front());
  const EventRow& row = occurrence.row;
  occurrence.trace_id = row.trace_id;
  occurrence.how = HowOfOwnId(row.door);
  SKEP_ASSIGN(occurrence.newer, FindNeighbour(reader, question, row, true, cancel));
  SKEP_ASSIGN(occurrence.older, FindNeighbour(reader, question, row, false, cancel));
  if (!row.trace_id.empty()) return occurrence;
  SKEP_ASSIGN(const EventJoinMap joins,
              JoinsOfEvents(reader, question.project, {row.time_ns, row.time_ns + 1},
                            {row.event_id}, cancel));
  if (const auto join = joins.find(row.event_id); join != joins.end()) {
    occurrence.trace_id = join->second.trace_id;
    occurrence.how = join->second.how;
  }
  return occurrence;
}

}  // namespace skep
