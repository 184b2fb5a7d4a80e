// SPDX-License-Identifier: Apache-2.0
// Database: the catalog's access layer: everything that changes in place (items, log groups, keys).
// SQLite beside the data; SOCI stands behind it and appears nowhere else, so that PostgreSQL needs
// no other code. Thread-safe: one connection, its callers take turns. Each transaction is on disk
// (WAL, synchronous=FULL) when it returns, so put a batch into one.
//
//   Places in SQL are `:name`, each name once, filled from the parameters in order; text of users
//   goes in no other way: db->Query("SELECT id, title FROM items WHERE project = :p", {"default"},
//   {DbType::kInt, DbType::kText});
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

namespace skep {

// A parameter or a field; the default one is NULL. Unsigned 64-bit numbers go in and out by their
// bits (DbBits).
using DbValue = std::variant<std::monostate, int64_t, double, std::string>;
using DbParams = std::vector<DbValue>;

inline int64_t DbBits(uint64_t value) { return static_cast<int64_t>(value); }

// What a result's column is read as, whatever the engine thinks that it is.
enum class DbType : uint8_t { kInt, kFloat, kText };
using DbColumns = std::vector<DbType>;

// One row. NULL reads as 0 or empty text unless IsNull is asked.
class DbRow {
 public:
  explicit DbRow(std::vector<DbValue> fields) : fields_(std::move(fields)) {}
  bool IsNull(size_t column) const { return fields_[column].index() == 0; }
  int64_t Int(size_t column) const;
  uint64_t UInt(size_t column) const { return static_cast<uint64_t>(Int(column)); }
  double Float(size_t column) const;
  const std::string& Text(size_t column) const;
  size_t size() const { return fields_.size(); }

 private:
  std::vector<DbValue> fields_;
};
using DbRows = std::vector<DbRow>;

// The connection while a caller has its turn; good only inside Transaction's function. Not
// thread-safe.
class DbSession {
 public:
  virtual ~DbSession() = default;
  // Returns the number of rows changed. kAlreadyExists: a constraint forbids it.
  virtual Result<int64_t> Execute(std::string_view sql, const DbParams& params = {}) = 0;
  // Over rows_max is kResourceExhausted, never a cut.
  virtual Result<DbRows> Query(std::string_view sql, const DbParams& params,
                               const DbColumns& columns, size_t rows_max = 100'000) = 0;
};

struct DatabaseOptions {
  std::string path;  // of the SQLite file; made if absent. ":memory:" for tests.
};

class Database {
 public:
  // Opens it and applies the migrations that it lacks. kFailedPrecondition: a newer Skep has
  // changed it.
  static Result<std::unique_ptr<Database>> Open(const DatabaseOptions& options);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Runs `work` in one transaction: committed if it returns a value, else rolled back and its error
  // returned.
  Status Transaction(const std::function<Status(DbSession&)>& work);
  // One statement, a transaction by itself.
  Result<int64_t> Execute(std::string_view sql, const DbParams& params = {});
  Result<DbRows> Query(std::string_view sql, const DbParams& params, const DbColumns& columns,
                       size_t rows_max = 100'000);

 private:
  struct Impl;
  explicit Database(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace skep
