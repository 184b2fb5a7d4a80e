// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/embedded_store.h"

#include <fmt/format.h>

#include <atomic>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/guarded.h"
#include "store/embedded/connection_pool.h"
#include "store/embedded/dedup_log.h"
#include "store/embedded/engine.h"
#include "store/embedded/read_only_guard.h"
#include "store/engine_error.h"
#include "store/query_watch.h"
#include "store/schema.h"
#include "store/sql_store.h"

namespace skep {
namespace {

constexpr int kFormattedMax = 8;  // queries of others at once

// For all connections: answers as NativeReader reads them.
const std::vector<std::string>& SessionSettings() {
  static const std::vector<std::string> settings = {
      "output_format_native_write_json_as_string=1",
      "output_format_native_use_flattened_dynamic_and_json_serialization=1",
      "output_format_json_escape_forward_slashes=0",
      "output_format_json_quote_64bit_integers=0",
      "output_format_json_quote_denormals=1",
      "max_execution_time=0",
      // Small reads wait longer for the other threads than they gain from them.
      "merge_tree_use_prefixes_deserialization_thread_pool=0",
  };
  return settings;
}

std::string QuotedText(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

// What the client has its query known by, so that it can find it among those that run.
std::string CommentOf(const FormattedQuery& query) {
  std::string comment;
  for (const auto& [name, value] : query.settings)
    if (name == "log_comment") comment = value;
  return comment;
}

class EmbeddedStore final : public SqlStore {
 public:
  static Result<std::unique_ptr<Store>> Open(const EmbeddedOptions& options);

  Status Insert(const NativeBlock& block, std::string_view token) override;
  Result<EngineAnswer> QueryFormatted(const FormattedQuery& query,
                                      const CancelToken& cancel) override;
  Status ReleaseMemory() override;

 protected:
  Result<EngineAnswer> Run(const std::string& sql, const BoundValues& values,
                           const QueryOptions& options, const CancelToken& cancel) override;
  Status CreateDatabase() override;

 private:
  struct Writer {
    std::unique_ptr<EngineConnection> connection;
    std::string table_directory;  // of `events`; empty until the first insert
  };

  EmbeddedStore(std::shared_ptr<Engine> engine, std::string database)
      : engine_(std::move(engine)), database_(std::move(database)) {}
  Result<std::unique_ptr<EngineConnection>> Connect();
  static Status FindTable(Writer* writer);
  Result<EngineAnswer> RunFormatted(const FormattedQuery& query, const std::string& mark,
                                    const CancelToken& cancel);

  std::shared_ptr<Engine> engine_;  // shared with other stores of this process
  const std::string database_;
  std::unique_ptr<ConnectionPool> pool_;
  std::unique_ptr<QueryWatch> watch_;
  Guarded<Writer> writer_;
  std::atomic<uint64_t> formatted_{0};  // so far
  std::atomic<int> formatted_running_{0};
};

Result<std::unique_ptr<EngineConnection>> EmbeddedStore::Connect() {
  SKEP_ASSIGN(auto connection, engine_->Connect(SessionSettings()));
  SKEP_ASSIGN(const EngineAnswer ignored, connection->Run("USE " + database_, {}, "Native"));
  return connection;
}

Result<std::unique_ptr<Store>> EmbeddedStore::Open(const EmbeddedOptions& options) {
  SKEP_ASSIGN(auto engine, Engine::Open(options));
  std::unique_ptr<EmbeddedStore> store(new EmbeddedStore(std::move(engine), options.database));
  SKEP_TRY(store->CreateDatabase());
  std::vector<PooledConnection> connections;
  for (int i = 0; i < options.connections; ++i) {
    PooledConnection pooled;
    SKEP_ASSIGN(pooled.connection, store->Connect());
    pooled.mark = fmt::format("{}-{};", options.database, i);
    connections.push_back(std::move(pooled));
  }
  store->pool_ = std::make_unique<ConnectionPool>(std::move(connections));
  SKEP_ASSIGN(auto killer, store->Connect());
  store->watch_ = std::make_unique<QueryWatch>(
      [connection = std::shared_ptr<EngineConnection>(std::move(killer))](
          std::string_view sql, const BoundValues& values, std::string_view format) {
        return connection->Run(sql, values, format);
      });
  SKEP_ASSIGN(auto writing, store->Connect());
  store->writer_.With([&](Writer& writer) { writer.connection = std::move(writing); });
  return std::unique_ptr<Store>(std::move(store));
}

Status EmbeddedStore::CreateDatabase() {
  SKEP_ASSIGN(auto connection, engine_->Connect());
  SKEP_ASSIGN(const EngineAnswer ignored,
              connection->Run("CREATE DATABASE IF NOT EXISTS " + database_, {}, "Native"));
  return {};
}

Status EmbeddedStore::Insert(const NativeBlock& block, std::string_view token) {
  const std::string sql = fmt::format(
      "INSERT INTO {} ({}) SETTINGS min_insert_block_size_rows = 0, "
      "min_insert_block_size_bytes = 0, insert_deduplication_token = {}",
      kEventsTable, EventsColumnList(), QuotedText(token));
  return writer_.With([&](Writer& writer) -> Status {
    SKEP_TRY(FindTable(&writer));
    SKEP_ASSIGN([[maybe_unused]] const uint64_t rows,
                writer.connection->Insert(sql, block.data.view(), "Native"));
    return SyncDedupLog(writer.table_directory);
  });
}

Status EmbeddedStore::FindTable(Writer* writer) {
  if (!writer->table_directory.empty()) return {};
  SKEP_ASSIGN(const EngineAnswer answer,
              writer->connection->Run(fmt::format("SELECT data_paths[1] FROM system.tables WHERE "
                                                  "database = currentDatabase() AND name = '{}'",
                                                  kEventsTable),
                                      {}, "TabSeparatedRaw"));
  std::string_view path = answer.data.view();
  if (path.empty()) return Error(Code::kFailedPrecondition, "the store has no tables yet");
  path.remove_suffix(1);  // the line feed
  writer->table_directory = path;
  return {};
}

Result<EngineAnswer> EmbeddedStore::Run(const std::string& sql, const BoundValues& values,
                                        const QueryOptions& options, const CancelToken& cancel) {
  const int64_t deadline_ns = MonotonicNs() + options.deadline_ms * kNsPerMs;
  SKEP_ASSIGN(const auto connection, pool_->Take(deadline_ns, cancel));
  SKEP_TRY(connection->Set(
      fmt::format("log_comment = {}, max_result_rows = {}, max_result_bytes = {}, "
                  "max_memory_usage = {}, max_bytes_before_external_group_by = {}",
                  QuotedText(connection.mark()), options.rows_max, options.memory_bytes_max,
                  options.memory_bytes_max, options.group_bytes_max)));
  Result<EngineAnswer> answer;
  const auto end = watch_->Watch(connection.mark(), cancel, deadline_ns, options.progress,
                                 [&] { answer = connection->Run(sql, values, "Native"); });
  // What is left of a killed query would stand in the answer of the connection's next one, so
  // that one is a question nobody asked.
  if (end != QueryWatch::End::kByItself) (void)connection->Run("SELECT 1", {}, "Native");
  if (answer) return answer;
  if (end == QueryWatch::End::kCancelled)
    return Error(Code::kCancelled, "the query was cancelled", answer.error().detail);
  if (end == QueryWatch::End::kDeadline)
    return Error(Code::kDeadlineExceeded, "the query took too long", answer.error().detail);
  return answer;
}

Status EmbeddedStore::ReleaseMemory() {
  SKEP_ASSIGN(const EngineAnswer ignored, Run("SYSTEM JEMALLOC PURGE", {}, {}, {}));
  return {};
}

// A session of its own for each: whatever a client sets, no other one sees it.
Result<EngineAnswer> EmbeddedStore::QueryFormatted(const FormattedQuery& query,
                                                   const CancelToken& cancel) {
  if (++formatted_running_ > kFormattedMax) {
    --formatted_running_;
    return QueryError(
        "Code: 202. DB::Exception: Too many simultaneous queries. "
        "(TOO_MANY_SIMULTANEOUS_QUERIES)");
  }
  auto answer = RunFormatted(
      query, CommentOf(query) + fmt::format("{}-sql-{};", database_, ++formatted_), cancel);
  --formatted_running_;
  return answer;
}

Result<EngineAnswer> EmbeddedStore::RunFormatted(const FormattedQuery& query,
                                                 const std::string& mark,
                                                 const CancelToken& cancel) {
  std::vector<std::string> session;
  if (query.read_only) session.emplace_back("readonly=2");
  SKEP_ASSIGN(const auto connection, engine_->Connect(session));
  const std::string& database = query.database.empty() ? database_ : query.database;
  SKEP_ASSIGN(const EngineAnswer ignored, connection->Run("USE " + database, {}, "Native"));
  std::string settings = fmt::format("max_memory_usage = {}", query.memory_bytes_max);
  for (const auto& [name, value] : query.settings)
    settings += fmt::format(", {} = {}", name, QuotedText(value));
  SKEP_TRY(connection->Set(settings + ", log_comment = " + QuotedText(mark)));
  if (query.read_only) SKEP_TRY(CheckReadOnly(*connection, query.sql, query.parameters));
  const int64_t deadline_ns = MonotonicNs() + query.deadline_ms * kNsPerMs;
  Result<EngineAnswer> answer;
  const auto end = watch_->Watch(mark, cancel, deadline_ns, nullptr, [&] {
    if (query.data.empty()) {
      answer = connection->Run(query.sql, query.parameters, query.default_format);
      return;
    }
    const auto rows = connection->Insert(query.sql, query.data, query.default_format);
    if (rows)
      answer->rows_written = *rows;
    else
      answer = rows.error();
  });
  if (!answer && end == QueryWatch::End::kDeadline)
    return QueryError("Code: 159. DB::Exception: Timeout exceeded. (TIMEOUT_EXCEEDED)");
  return answer;
}

}  // namespace

Result<std::unique_ptr<Store>> OpenEmbeddedStore(const EmbeddedOptions& options) {
  return EmbeddedStore::Open(options);
}

}  // namespace skep
