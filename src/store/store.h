// SPDX-License-Identifier: Apache-2.0
// Store: the engine behind one interface; embedded/ (libchdb in this process) and cluster/
// (ClickHouse over HTTP) implement it and pass the same conformance suite. Takes encoded Native
// blocks, runs Statements. Only ingest writes, only query reads (and app, which opens it).
// Thread-safe: queries run side by side, each on its own connection; inserts are serial.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/cancel.h"
#include "base/result.h"
#include "model/result_table.h"
#include "model/statement.h"

namespace skep {

// One insert: rows of the `events` table in Native form.
struct NativeBlock {
  Bytes data;
  size_t rows = 0;
};

// What the engine said, as it said it.
struct EngineAnswer {
  Bytes data;
  uint64_t rows_read = 0;
  uint64_t bytes_read = 0;
  uint64_t rows_written = 0;
  int64_t elapsed_ns = 0;  // in the engine, until its answer was all there
};

// A question of somebody else's, as the ClickHouse HTTP interface takes it.
struct FormattedQuery {
  std::string sql;
  std::string default_format = "TabSeparated";  // where the SQL names none
  std::string database;                         // empty: the store's own
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  Pairs parameters;  // as the client wrote them, escaped already
  Pairs settings;
  std::string_view data;  // behind an INSERT, in default_format
  // Only SELECT, SHOW, DESCRIBE, EXPLAIN and EXISTS, and nothing outside the store. False for
  // tests.
  bool read_only = true;
  int64_t deadline_ms = 300'000;
  uint64_t memory_bytes_max = 1024ull << 20;
};

struct StoreStats {
  uint64_t rows = 0;           // active rows of `events`
  uint64_t bytes_on_disk = 0;  // compressed
  uint64_t parts = 0;
  uint64_t merges_running = 0;
  // Of Query since the start: statements answered, and the engine's own time for them, added up.
  uint64_t queries = 0;
  int64_t query_ns = 0;
};

// When an attribute is worth a column of its own: it costs each insert, and each question that
// scans it is some five times cheaper.
struct PromotionRules {
  uint64_t rows_min = 1'000'000;  // of the table
  uint64_t scans_min = 3;         // rows read by questions for it, in tables
  size_t columns_max = 16;
  size_t name_bytes_max = 128;
};

class Store {
 public:
  virtual ~Store() = default;

  // Creates or upgrades the tables; safe to call again. Must be called before anything else.
  virtual Status Migrate() = 0;

  // Stores the block once, however often it is called with the same token, also after a restart. On
  // return with a value the rows are visible to Query and survive a crash of the process.
  // kUnavailable and kDeadlineExceeded may be tried again with the same token; kResourceExhausted
  // means the disk is full.
  virtual Status Insert(const NativeBlock& block, std::string_view token) = 0;

  // kInvalidArgument: the engine rejects the SQL. kResourceExhausted: over memory or rows.
  // kDeadlineExceeded, kCancelled. An answer without rows may be without columns too. An attribute
  // without a type (attributes.`a.b`, a Dynamic) is read as text.
  virtual Result<ResultTable> Query(const Statement& statement, const QueryOptions& options,
                                    const CancelToken& cancel) = 0;
  Result<ResultTable> Query(const Statement& statement) { return Query(statement, {}, {}); }

  // The answer in whatever format the SQL names. An error's detail is the engine's own text, with
  // its number; a store that cannot do this says kUnimplemented.
  virtual Result<EngineAnswer> QueryFormatted(const FormattedQuery&, const CancelToken&) {
    return Error(Code::kUnimplemented, "this store answers no SQL of others");
  }

  virtual Result<StoreStats> Stats() = 0;

  // Gives the attributes that questions scanned most a column of their own. Answers stay what they
  // are. To be called now and then; returns while the engine still fills the columns.
  virtual Status PromoteScanned(const PromotionRules&) { return {}; }

  // Has the engine give back to the system what it freed and keeps, where it is in this process.
  virtual Status ReleaseMemory() { return {}; }
};

}  // namespace skep
