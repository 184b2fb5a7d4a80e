// SPDX-License-Identifier: Apache-2.0
#include "store/sql_store.h"

#include <fmt/format.h>

#include "store/native_reader.h"
#include "store/schema.h"

namespace skep {
namespace {

constexpr int64_t kMigrationDeadlineMs = 600'000;

}  // namespace

Status SqlStore::RunOnly(const std::string& sql) {
  QueryOptions options;
  options.deadline_ms = kMigrationDeadlineMs;
  SKEP_ASSIGN(const EngineAnswer ignored, Run(sql, {}, options, {}));
  return {};
}

Result<uint32_t> SqlStore::MigratedTo() {
  SKEP_ASSIGN(const ResultTable table,
              Query(Statement(fmt::format("SELECT max(version) FROM {}", kMigrationsTable))));
  return static_cast<uint32_t>(table.rows == 0 ? 0 : table.column(0).UInt(0));
}

Status SqlStore::Migrate() {
  SKEP_TRY(CreateDatabase());
  SKEP_TRY(RunOnly(CreateMigrationsTableSql()));
  SKEP_ASSIGN(const uint32_t done, MigratedTo());
  const auto migrations = Migrations();
  if (done > migrations.back().version)
    return Error(Code::kFailedPrecondition, "the store was written by a newer version of Skep",
                 fmt::format("migration {}, known {}", done, migrations.back().version));
  for (const Migration& migration : migrations) {
    if (migration.version <= done) continue;
    SKEP_TRY(RunOnly(migration.sql()));
    SKEP_TRY(RunOnly(
        fmt::format("INSERT INTO {} (version) SELECT {}", kMigrationsTable, migration.version)));
  }
  return {};
}

Result<ResultTable> SqlStore::Query(const Statement& statement, const QueryOptions& options,
                                    const CancelToken& cancel) {
  SKEP_ASSIGN(const EngineAnswer answer,
              Run(statement.sql, BindValues(statement), options, cancel));
  SKEP_ASSIGN(ResultTable table,
              ReadNative(answer.data.view(), {options.rows_max, options.memory_bytes_max}));
  table.rows_read = answer.rows_read;
  table.bytes_read = answer.bytes_read;
  table.elapsed_ns = answer.elapsed_ns;
  return table;
}

Result<StoreStats> SqlStore::Stats() {
  // A part that is being merged is active too until its successor is.
  Statement statement(
      "SELECT (SELECT sum(rows) FROM system.parts WHERE active AND database = currentDatabase() "
      "AND table = {table:String}), "
      "(SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = currentDatabase() "
      "AND table = {table:String}), "
      "(SELECT count() FROM system.parts WHERE active AND database = currentDatabase() "
      "AND table = {table:String}), "
      "(SELECT count() FROM system.merges WHERE database = currentDatabase() "
      "AND table = {table:String})");
  statement.Bind("table", std::string(kEventsTable));
  SKEP_ASSIGN(const ResultTable table, Query(statement, QueryOptions{}, CancelToken()));
  if (table.rows != 1 || table.columns.size() != 4)
    return Error(Code::kInternal, "the engine's answer cannot be read");
  StoreStats stats;
  stats.rows = table.column(0).UInt(0);
  stats.bytes_on_disk = table.column(1).UInt(0);
  stats.parts = table.column(2).UInt(0);
  stats.merges_running = table.column(3).UInt(0);
  return stats;
}

}  // namespace skep
