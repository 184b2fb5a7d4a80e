// SPDX-License-Identifier: Apache-2.0
#include "store/sql_store.h"

#include <fmt/format.h>

#include "base/log.h"
#include "store/native_reader.h"
#include "store/schema.h"

namespace skep {
namespace {

// The engine does not take the statement, however often it is asked.
bool IsRefusal(Code code) { return code == Code::kInvalidArgument || code == Code::kInternal; }

// Migrations may rewrite what is there.
QueryOptions Patient() {
  QueryOptions options;
  options.deadline_ms = 600'000;
  return options;
}
// With fewer rows for each value, a dictionary of them saves nothing.
constexpr uint64_t kRowsPerValue = 4;

}  // namespace

Status SqlStore::RunOnly(const std::string& sql, const QueryOptions& options) {
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
  SKEP_TRY(RunOnly(CreateMigrationsTableSql(), Patient()));
  SKEP_ASSIGN(const uint32_t done, MigratedTo());
  const auto migrations = Migrations();
  if (done > migrations.back().version)
    return Error(Code::kFailedPrecondition, "the store was written by a newer version of Skep",
                 fmt::format("migration {}, known {}", done, migrations.back().version));
  for (const Migration& migration : migrations) {
    if (migration.version <= done) continue;
    SKEP_TRY(RunOnly(migration.sql(), Patient()));
    SKEP_TRY(RunOnly(
        fmt::format("INSERT INTO {} (version) SELECT {}", kMigrationsTable, migration.version),
        Patient()));
  }
  return FindPromotions();
}

Status SqlStore::FindPromotions() {
  Statement statement(
      "SELECT name FROM system.columns WHERE database = currentDatabase() AND "
      "table = {table:String}");
  statement.Bind("table", std::string(kEventsTable));
  SKEP_ASSIGN(const ResultTable table, Query(statement));
  for (size_t row = 0; row < table.rows; ++row)
    if (const auto attribute = ReadPromotedColumn(table.column(0).Text(row)))
      promotions_.Add(*attribute);
  return {};
}

Status SqlStore::PromoteScanned(const PromotionRules& rules) {
  // Mostly there are none, and the table need not be asked.
  if (promotions_.ScannedOver(rules.scans_min * rules.rows_min).empty()) return {};
  SKEP_ASSIGN(const StoreStats stats, Stats());
  if (stats.rows < rules.rows_min) return {};
  for (const TypedAttribute& attribute : promotions_.ScannedOver(rules.scans_min * stats.rows)) {
    if (promotions_.size() >= rules.columns_max) return {};
    if (attribute.path.size() <= rules.name_bytes_max) SKEP_TRY(Promote(attribute));
  }
  return {};
}

Status SqlStore::Promote(const TypedAttribute& attribute) {
  SKEP_ASSIGN(const ResultTable sample, Query(Statement(SampleSql(attribute))));
  if (sample.rows == 0) return {};
  const uint64_t with_value = sample.column(0).UInt(0);
  const uint64_t values = sample.column(1).UInt(0);
  const bool distinct = values > with_value / kRowsPerValue;
  SKEP_TRY(RunOnly(AddColumnSql(attribute, distinct), {}));
  SKEP_TRY(RunOnly(FillColumnSql(attribute, distinct), {}));
  promotions_.Add(attribute);
  Log(LogLevel::kInfo, "store", "questions often scan {}: it has a column of its own now",
      attribute.path);
  return {};
}

Result<ResultTable> SqlStore::Query(const Statement& statement, const QueryOptions& options,
                                    const CancelToken& cancel) {
  const BoundValues values = BindValues(statement);
  const Promotions::Rewritten rewritten = promotions_.Rewrite(statement.sql);
  auto ran = Run(rewritten.sql, values, options, cancel);
  // A statement may carry `attributes` out of the table, where their columns do not go.
  if (!ran && rewritten.changed && IsRefusal(ran.error().code))
    ran = Run(statement.sql, values, options, cancel);
  SKEP_ASSIGN(const EngineAnswer answer, std::move(ran));
  promotions_.NoteScan(rewritten.asked, answer.rows_read);
  queries_.fetch_add(1, std::memory_order_relaxed);
  query_ns_.fetch_add(answer.elapsed_ns, std::memory_order_relaxed);
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
  stats.queries = queries_.load(std::memory_order_relaxed);
  stats.query_ns = query_ns_.load(std::memory_order_relaxed);
  return stats;
}

}  // namespace skep
