// SPDX-License-Identifier: Apache-2.0
// Filters as SQL conditions over one row. A condition is true where the filter matches; elsewhere
// it is false or null, which WHERE, AND, OR and if() take alike. Negative forms (!=, not-in,
// does-not-…) match wherever the positive one does not, so also rows without the field. Relational
// prefixes are where_sql.h's. Pure.
#pragma once

#include <vector>

#include "model/query_spec.h"
#include "query/explore/field_sql.h"
#include "query/sql_writer.h"

namespace skep {

// A condition's `column` is taken as a name of this row.
void AppendFilter(const SpecFilter& filter, const Fields& fields, SqlWriter* sql);
// All of them, or any of them; no filters are always true.
void AppendFilters(const std::vector<SpecFilter>& filters, bool any, const Fields& fields,
                   SqlWriter* sql);

}  // namespace skep
