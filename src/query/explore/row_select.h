// SPDX-License-Identifier: Apache-2.0
// RowSelect: the one look at the rows that a query takes. A row is its period `p` (where two are
// compared), bucket `b`, group `k1…` (and `m1…`: that it is no text), weight `w`, and what its
// calculations need. Pure.
#pragma once

#include <vector>

#include "query/explore/field_sql.h"
#include "query/explore/measures.h"
#include "query/explore/query_plan.h"
#include "query/sql_writer.h"

namespace skep {

// `SELECT … FROM events … WHERE …`.
void AppendRowSelect(const QueryShape& shape, const Fields& fields, const MeasurePlan& measures,
                     SqlWriter* sql);

// The types of a breakdown, whatever span its prefix means.
TypeSet BreakdownTypes(const std::string& breakdown, const Fields& fields);
// Some rows of a group may have its value as text, some as a number or bool: only the rows can
// tell.
bool IsMixed(TypeSet types);

}  // namespace skep
