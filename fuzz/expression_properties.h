// SPDX-License-Identifier: Apache-2.0
// What must hold of an expression that parses: columns and a row for it, and the check of its SQL.
// Only fuzz/expression_fuzz.cc uses it.
#pragma once

#include <string>
#include <string_view>

#include "base/check.h"
#include "query/expression/evaluate.h"
#include "query/expression/render.h"

namespace skep::fuzz {

// Every column may have every type.
class Columns final : public ColumnSql {
 public:
  TypeSet Types(std::string_view) const override { return TypeSet::All(); }
  void Append(std::string_view column, ValueType type, SqlWriter* sql) const override {
    sql->Attribute(column, type);
  }
  void AppendEventTime(SqlWriter* sql) const override { sql->Sql("time"); }
  void AppendIngestTime(SqlWriter* sql) const override { sql->Sql("ingest_time"); }
};

// What a column holds follows from its name.
class Row final : public ExpressionRow {
 public:
  ExpressionValue Column(std::string_view column) const override {
    if (column.size() % 5 == 0) return {};
    if (column.size() % 5 == 1) return static_cast<int64_t>(column.front());
    if (column.size() % 5 == 2) return static_cast<double>(column.front()) / 7;
    if (column.size() % 5 == 3) return column.front() == 't';
    return std::string(column);
  }
  int64_t EventTimeNs() const override { return 1'795'521'600'000'000'000; }
  int64_t IngestTimeNs() const override { return 1'795'521'600'000'000'001; }
};

inline void CheckRenders(const Expression& expression, ValueType type) {
  SqlWriter sql;
  if (!AppendExpression(expression, type, Columns(), &sql)) return;
  const Statement statement = sql.Take();
  size_t places = 0;
  bool quoted = false;
  for (size_t i = 0; i < statement.sql.size(); ++i) {
    const char c = statement.sql[i];
    if (quoted && c == '\\') ++i;
    if (c == '`') quoted = !quoted;
    if (!quoted && c == '{') ++places;
  }
  SKEP_CHECK(!quoted && places == statement.parameters.size());
}

}  // namespace skep::fuzz
