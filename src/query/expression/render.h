// SPDX-License-Identifier: Apache-2.0
// An expression in SQL. Its value may have several types, from row to row; so it is written once
// per type, as what the expression is where it has that type, and NULL elsewhere. A reader asks
// only for the types that it can use, and where the columns' types are known there is mostly just
// one. With that an expression is itself like a column (column_sql.h). Pure.
#pragma once

#include "base/result.h"
#include "query/expression/column_sql.h"
#include "query/expression/expression.h"

namespace skep {

// The types that its value may have.
TypeSet TypesOf(const Expression& expression, const ColumnSql& columns);

// The value where it has `type`, else NULL: Nullable(Int64|Float64|Bool|String), or the type itself
// where it is never null. kInvalidArgument when the statement would become too large, which takes
// conditions of mixed type nested in one another; `sql` is then of no use.
Status AppendExpression(const Expression& expression, ValueType type, const ColumnSql& columns,
                        SqlWriter* sql);
// Whether it is true: a UInt8 or Bool, never null. Non-zero numbers and the text "true" are true.
Status AppendTruth(const Expression& expression, const ColumnSql& columns, SqlWriter* sql);

}  // namespace skep
