// SPDX-License-Identifier: Apache-2.0
#include "catalog/database.h"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <exception>

#include "base/guarded.h"
#include "base/log.h"
#include "catalog/migrations.h"

namespace skep {
namespace {

Error ErrorOfSqlite(int result, const char* what) {
  switch (result & 0xff) {  // the low byte is the primary code, https://sqlite.org/rescode.html
    case SQLITE_CONSTRAINT:
      return {Code::kAlreadyExists, "the catalog has this entry already", what};
    case SQLITE_FULL:
      return {Code::kResourceExhausted, "the disk of the catalog is full", what};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {Code::kUnavailable, "the catalog is in use by another process", what};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {Code::kDataLoss, "the catalog's file is damaged", what};
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return {Code::kFailedPrecondition, "the catalog's file cannot be opened for writing", what};
    default:
      return {Code::kInternal, "the catalog failed", what};
  }
}

// The one place where SOCI's exceptions become Errors.
template <typename F>
auto Catching(F&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const soci::sqlite3_soci_error& error) {
    return ErrorOfSqlite(error.result(), error.what());
  } catch (const std::exception& error) {
    return Error(Code::kInternal, "the catalog failed", error.what());
  }
}

// A parameter where SOCI can point to it for as long as the statement runs.
struct BoundValue {
  soci::indicator indicator = soci::i_ok;
  long long integer = 0;
  double number = 0;
  std::string text;
};

void Bind(soci::statement& statement, const DbParams& params, std::vector<BoundValue>& bound) {
  bound.resize(params.size());
  for (size_t i = 0; i < params.size(); ++i) {
    BoundValue& value = bound[i];
    if (const auto* integer = std::get_if<int64_t>(&params[i])) {
      value.integer = *integer;
      statement.exchange(soci::use(value.integer, value.indicator));
    } else if (const auto* number = std::get_if<double>(&params[i])) {
      value.number = *number;
      statement.exchange(soci::use(value.number, value.indicator));
    } else {
      if (const auto* text = std::get_if<std::string>(&params[i])) {
        value.text = *text;
      } else {
        value.indicator = soci::i_null;
      }
      statement.exchange(soci::use(value.text, value.indicator));
    }
  }
}

void Define(soci::statement& statement, const DbColumns& columns, std::vector<BoundValue>& slots) {
  slots.resize(columns.size());
  for (size_t i = 0; i < columns.size(); ++i) {
    BoundValue& slot = slots[i];
    switch (columns[i]) {
      case DbType::kInt:
        statement.exchange(soci::into(slot.integer, slot.indicator));
        break;
      case DbType::kFloat:
        statement.exchange(soci::into(slot.number, slot.indicator));
        break;
      case DbType::kText:
        statement.exchange(soci::into(slot.text, slot.indicator));
        break;
    }
  }
}

DbRow ReadRow(const DbColumns& columns, const std::vector<BoundValue>& slots) {
  std::vector<DbValue> fields(columns.size());
  for (size_t i = 0; i < columns.size(); ++i) {
    if (slots[i].indicator == soci::i_null) continue;
    switch (columns[i]) {
      case DbType::kInt:
        fields[i] = static_cast<int64_t>(slots[i].integer);
        break;
      case DbType::kFloat:
        fields[i] = slots[i].number;
        break;
      case DbType::kText:
        fields[i] = slots[i].text;
        break;
    }
  }
  return DbRow(std::move(fields));
}

class SociSession : public DbSession {
 public:
  void Open(const std::string& path) {
    session_.open(soci::sqlite3, "dbname=\"" + path + "\" timeout=10");
    session_ << "PRAGMA synchronous=FULL";
    session_ << "PRAGMA journal_mode=WAL";
    session_ << "PRAGMA foreign_keys=ON";
  }

  Result<int64_t> Execute(std::string_view sql, const DbParams& params) override {
    return Catching([&]() -> Result<int64_t> {
      std::vector<BoundValue> bound;
      soci::statement statement(session_);
      Bind(statement, params, bound);
      Run(statement, sql, true);
      return static_cast<int64_t>(statement.get_affected_rows());
    });
  }

  Result<DbRows> Query(std::string_view sql, const DbParams& params, const DbColumns& columns,
                       size_t rows_max) override {
    return Catching([&]() -> Result<DbRows> {
      std::vector<BoundValue> bound;
      std::vector<BoundValue> slots;
      soci::statement statement(session_);
      Define(statement, columns, slots);
      Bind(statement, params, bound);
      Run(statement, sql, false);
      DbRows rows;
      while (statement.fetch()) {
        if (rows.size() == rows_max)
          return Error(Code::kResourceExhausted, "the answer from the catalog is too large");
        rows.push_back(ReadRow(columns, slots));
      }
      return rows;
    });
  }

  Status InTransaction(const std::function<Status(DbSession&)>& work) {
    return Catching([&]() -> Status {
      soci::transaction transaction(session_);  // rolls back when left without commit
      SKEP_TRY(work(*this));
      transaction.commit();
      return {};
    });
  }

 private:
  static void Run(soci::statement& statement, std::string_view sql, bool with_data) {
    statement.alloc();
    statement.prepare(std::string(sql));
    statement.define_and_bind();
    statement.execute(with_data);
  }

  soci::session session_;
};

}  // namespace

int64_t DbRow::Int(size_t column) const {
  const auto* value = std::get_if<int64_t>(&fields_[column]);
  return value == nullptr ? 0 : *value;
}

double DbRow::Float(size_t column) const {
  const auto* value = std::get_if<double>(&fields_[column]);
  return value == nullptr ? 0 : *value;
}

const std::string& DbRow::Text(size_t column) const {
  static const std::string empty;
  const auto* value = std::get_if<std::string>(&fields_[column]);
  return value == nullptr ? empty : *value;
}

struct Database::Impl {
  Guarded<SociSession> session;
};

Database::Database(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Database::~Database() = default;

Result<std::unique_ptr<Database>> Database::Open(const DatabaseOptions& options) {
  if (options.path.empty() || options.path.find('"') != std::string::npos)
    return Error(Code::kInvalidArgument, "the catalog's path is empty or has a quote in it");
  auto impl = std::make_unique<Impl>();
  const Status opened = impl->session.With([&](SociSession& session) {
    return Catching([&]() -> Status {
      session.Open(options.path);
      return session.InTransaction(
          [](DbSession& s) { return ApplyMigrations(s, CatalogMigrations()); });
    });
  });
  SKEP_TRY(opened);
  return std::unique_ptr<Database>(new Database(std::move(impl)));
}

Status Database::Transaction(const std::function<Status(DbSession&)>& work) {
  return impl_->session.With([&](SociSession& session) { return session.InTransaction(work); });
}

Result<int64_t> Database::Execute(std::string_view sql, const DbParams& params) {
  return impl_->session.With([&](SociSession& session) { return session.Execute(sql, params); });
}

Result<DbRows> Database::Query(std::string_view sql, const DbParams& params,
                               const DbColumns& columns, size_t rows_max) {
  return impl_->session.With(
      [&](SociSession& session) { return session.Query(sql, params, columns, rows_max); });
}

}  // namespace skep
