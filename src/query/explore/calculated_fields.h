// SPDX-License-Identifier: Apache-2.0
// Calculated fields: expressions with a name, which are then fields like any other; each may use
// those before it. Those that are kept for a dataset become a query's own first (used_fields.h).
// Pure.
#pragma once

#include <string>

#include "model/query_spec.h"
#include "query/explore/field_sql.h"
#include "query/explore/spec_error.h"

namespace skep {

// What names mean in this query. `dataset` says whose types count. An expression that is none is an
// error at its place.
Fields FieldsOf(const QuerySpec& spec, std::string dataset, const FieldTypes& types,
                SpecErrors* errors);

}  // namespace skep
