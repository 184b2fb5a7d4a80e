// SPDX-License-Identifier: Apache-2.0
// ColumnSql: how the names in an expression read in SQL. Whoever renders an expression says it:
// query/explore for columns and attributes of `events` (and for other calculated fields), tests for
// columns of their own. Asked while rendering; implementations are thread-compatible.
#pragma once

#include <string_view>

#include "query/expression/type_set.h"
#include "query/sql_writer.h"

namespace skep {

class ColumnSql {
 public:
  virtual ~ColumnSql() = default;

  // The types which the column may have in some row; empty: it never has a value.
  virtual TypeSet Types(std::string_view column) const = 0;
  // The column where it has this type, else NULL: a Nullable(Int64), (Float64), (Bool) or (String).
  // Asked only for types in Types(column), perhaps several times.
  virtual void Append(std::string_view column, ValueType type, SqlWriter* sql) const = 0;
  // When the event was and when it came: DateTime64(9).
  virtual void AppendEventTime(SqlWriter* sql) const = 0;
  virtual void AppendIngestTime(SqlWriter* sql) const = 0;
};

}  // namespace skep
