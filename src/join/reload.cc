// SPDX-License-Identifier: Apache-2.0
#include "join/reload.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "base/clock.h"
#include "base/hex.h"
#include "join/candidate_reader.h"
#include "query/sql_writer.h"

namespace skep::join {
namespace {

constexpr int64_t kDeadlineMs = 30'000;
constexpr uint64_t kRowsMax = 100'000;
// How far a client's clock may be off for its records to be read back.
constexpr int64_t kClocksApartNs = 600 * kNsPerS;

enum Column : size_t {
  kSignal,
  kDoor,
  kKind,
  kTime,
  kDuration,
  kTraceId,
  kSpanId,
  kParentId,
  kDataset,
  kName,
  kBody,
  kEventId,
  kIngestTime,
  kJoinRole,
  kJoinTraceId,
  kJoinEventId,
  kFirstFact,
};

Result<ResultTable> Ask(Reader* reader, const Statement& statement) {
  QueryOptions options;
  options.deadline_ms = kDeadlineMs;
  options.rows_max = kRowsMax;
  return reader->Run(statement, options);
}

void Where(const std::string& project, int64_t received_after_ns, SqlWriter* sql) {
  sql->Sql(" FROM events WHERE project = ").Bind(project);
  sql->Sql(" AND time >= ").BindTime(received_after_ns - kClocksApartNs);
  sql->Sql(" AND ingest_time >= ").BindTime(received_after_ns);
}

Statement DoorsStatement(const std::string& project, int64_t received_after_ns) {
  SqlWriter sql;
  sql.Sql("SELECT DISTINCT door");
  Where(project, received_after_ns, &sql);
  return sql.Sql(" AND door != 'skep'").Take();
}

Statement CandidatesStatement(const std::string& project, int64_t received_after_ns) {
  SqlWriter sql;
  sql.Sql(
      "SELECT signal, door, kind, time, duration_ns, trace_id, span_id, parent_id, dataset, name, "
      "substring(body, 1, 2048), event_id, ingest_time");
  for (const std::string_view name : {"join.role", "join.trace_id", "join.event_id"})
    sql.Sql(", ifNull(toString(").Attribute(name).Sql("), '')");
  for (const FactName& fact : FactNames())
    sql.Sql(", ifNull(toString(").Attribute(fact.name).Sql("), '')");
  Where(project, received_after_ns, &sql);
  sql.Sql(
      " AND (signal IN ('log', 'error', 'join') OR (signal = 'span' AND kind = 'server') OR "
      "(signal = 'span_event' AND name = 'exception')) ORDER BY ingest_time");
  return sql.Take();
}

template <size_t kSize>
Id<kSize> IdAt(const ResultColumn& column, size_t row) {
  return Id<kSize>::FromRaw(column.Text(row)).value_or(Id<kSize>());
}

void ReadJoin(const ResultTable& table, size_t row, Reloaded* out) {
  // The guest's own record has its trace id; the host's names it.
  if (table.column(kJoinRole).Text(row) == "guest") {
    out->joined.emplace_back(IdAt<16>(table.column(kTraceId), row), 0);
    return;
  }
  const std::string event_id(table.column(kJoinEventId).Text(row));
  if (!event_id.empty())
    out->joined.emplace_back(TraceId(), std::strtoull(event_id.c_str(), nullptr, 10));
}

RecordView ViewOf(const ResultTable& table, size_t row) {
  RecordView view;
  view.door = static_cast<Door>(table.column(kDoor).Int(row));
  view.signal = static_cast<Signal>(table.column(kSignal).Int(row));
  view.kind = static_cast<SpanKind>(table.column(kKind).Int(row));
  view.time_ns = table.column(kTime).Int(row);
  view.duration_ns = table.column(kDuration).UInt(row);
  view.trace_id = IdAt<16>(table.column(kTraceId), row);
  view.span_id = IdAt<8>(table.column(kSpanId), row);
  view.parent_id = IdAt<8>(table.column(kParentId), row);
  view.dataset = table.column(kDataset).Text(row);
  view.body = table.column(kBody).Text(row);
  view.receive_ns = table.column(kIngestTime).Int(row);
  view.event_id = table.column(kEventId).UInt(row);
  return view;
}

Reloaded ReadTable(const ResultTable& table) {
  Reloaded out;
  std::vector<std::pair<SpanId, int64_t>> exceptions;
  for (size_t row = 0; row < table.rows; ++row) {
    const RecordView view = ViewOf(table, row);
    if (view.signal == Signal::kJoin) {
      ReadJoin(table, row, &out);
    } else if (IsException(view.signal, table.column(kName).Text(row))) {
      exceptions.emplace_back(view.parent_id, view.time_ns);
    } else if (MayBeCandidate(view)) {
      Facts facts;
      for (size_t rank = 0; rank < FactNames().size(); ++rank)
        facts.SetText(rank, table.column(kFirstFact + rank).Text(row));
      AddCandidate(view, facts, &out.candidates);
    }
  }
  SetExceptionTimes(exceptions, &out.candidates);
  return out;
}

}  // namespace

Result<std::vector<std::pair<std::string, int64_t>>> NewestByProject(Reader* reader) {
  SKEP_TRY(reader->Refresh(Freshness::kFresh, kDeadlineMs));
  SqlWriter sql;
  sql.Sql("SELECT project, max(ingest_time) FROM events GROUP BY project");
  SKEP_ASSIGN(const ResultTable table, Ask(reader, sql.Take()));
  std::vector<std::pair<std::string, int64_t>> newest;
  for (size_t row = 0; row < table.rows; ++row)
    newest.emplace_back(table.column(0).Text(row), table.column(1).Int(row));
  return newest;
}

Result<Reloaded> ReloadCandidates(Reader* reader, const std::string& project,
                                  int64_t received_after_ns) {
  SKEP_TRY(reader->Refresh(Freshness::kFresh, kDeadlineMs));
  SKEP_ASSIGN(const ResultTable doors, Ask(reader, DoorsStatement(project, received_after_ns)));
  if (doors.rows < 2) return Reloaded();
  SKEP_ASSIGN(const ResultTable table,
              Ask(reader, CandidatesStatement(project, received_after_ns)));
  return ReadTable(table);
}

}  // namespace skep::join
