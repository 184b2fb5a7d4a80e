// SPDX-License-Identifier: Apache-2.0
#include "query/log_events.h"

#include <algorithm>

#include "base/clock.h"
#include "query/sql_writer.h"

namespace skep {
namespace {

constexpr int64_t kDeadlineMs = 10'000;
constexpr int64_t kTimeMaxMs = INT64_MAX / kNsPerMs;  // what a DateTime64(9) can be
constexpr std::string_view kStreamAttribute = "aws.log.stream.name";
constexpr size_t kShrink = 16;

int64_t NsOf(int64_t ms) { return std::clamp<int64_t>(ms, 0, kTimeMaxMs) * kNsPerMs; }

void WriteStreams(const LogEventsQuery& query, SqlWriter* sql) {
  if (!query.stream_prefix.empty())
    sql->Sql(" AND startsWith(")
        .Attribute(kStreamAttribute, ValueType::kString)
        .Sql(", ")
        .Bind(query.stream_prefix)
        .Sql(")");
  if (query.streams.empty()) return;
  sql->Sql(" AND (");
  for (size_t i = 0; i < query.streams.size(); ++i) {
    if (i != 0) sql->Sql(" OR ");
    sql->Attribute(kStreamAttribute, ValueType::kString).Sql(" = ").Bind(query.streams[i]);
  }
  sql->Sql(")");
}

// The time alone first: that is what the table is sorted by.
void WriteCursor(const LogEventsQuery& query, SqlWriter* sql) {
  if (!query.after) return;
  const bool down = query.newest_first;
  const int64_t time_ns = NsOf(query.after->time_ms);
  sql->Sql(down ? SqlText(" AND time <= ") : SqlText(" AND time >= ")).BindTime(time_ns);
  sql->Sql(down ? SqlText(" AND (time < ") : SqlText(" AND (time > ")).BindTime(time_ns);
  sql->Sql(down ? SqlText(" OR event_id < ") : SqlText(" OR event_id > "))
      .Bind(query.after->event_id)
      .Sql(")");
}

size_t SizeOf(const LogEvent& event) { return event.message.size() + event.stream.size(); }

}  // namespace

Statement PlanLogEvents(const LogEventsQuery& query) {
  SqlWriter sql;
  sql.Sql("SELECT toUnixTimestamp64Milli(time), event_id, toUnixTimestamp64Milli(ingest_time), ");
  sql.Sql("ifNull(").Attribute(kStreamAttribute, ValueType::kString).Sql(", ''), body");
  sql.Sql(" FROM events WHERE project = ").Bind(query.project);
  sql.Sql(" AND time >= ").BindTime(NsOf(query.from_ms));
  if (query.until_ms <= kTimeMaxMs) sql.Sql(" AND time < ").BindTime(NsOf(query.until_ms));
  sql.Sql(" AND signal = 'log' AND door = 'cloudwatch' AND dataset = ").Bind(query.group);
  WriteStreams(query, &sql);
  WriteCursor(query, &sql);
  sql.Sql(query.newest_first ? SqlText(" ORDER BY time DESC, event_id DESC")
                             : SqlText(" ORDER BY time, event_id"));
  sql.Sql(" LIMIT ").Bind(static_cast<uint64_t>(query.limit + 1));
  return sql.Take();
}

Status LogEvents::Settle() const { return reader_->Refresh(Freshness::kFresh, kDeadlineMs); }

Result<LogEventPage> LogEvents::Read(const LogEventsQuery& query, const CancelToken& cancel) const {
  SKEP_TRY(Settle());
  LogEventsQuery page_query = query;
  auto table = reader_->Run(PlanLogEvents(page_query), {.deadline_ms = kDeadlineMs}, cancel);
  // Long messages: fewer fit into a query's memory, and into a page.
  while (!table && table.error().code == Code::kResourceExhausted && page_query.limit > 1) {
    page_query.limit = std::max<size_t>(page_query.limit / kShrink, 1);
    table = reader_->Run(PlanLogEvents(page_query), {.deadline_ms = kDeadlineMs}, cancel);
  }
  if (!table) return table.error();
  LogEventPage page;
  page.more = table->rows > page_query.limit;
  const size_t rows = std::min(table->rows, page_query.limit);
  page.events.reserve(rows);
  size_t bytes = 0;
  for (size_t row = 0; row < rows; ++row) {
    LogEvent event;
    event.position = {table->column(0).Int(row), table->column(1).UInt(row)};
    event.ingestion_ms = table->column(2).Int(row);
    event.stream = table->column(3).Text(row);
    event.message = table->column(4).Text(row);
    bytes += SizeOf(event);
    if (row != 0 && bytes > query.bytes_max) {
      page.more = true;
      break;
    }
    page.events.push_back(std::move(event));
  }
  return page;
}

}  // namespace skep
