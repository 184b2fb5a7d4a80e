// SPDX-License-Identifier: Apache-2.0
// Calculated fields: expressions with a name, which are then fields like any other. Those of the
// dataset or the whole environment come with the request, a query's own go before them; each may
// use those before it. Pure.
#pragma once

#include <string>
#include <vector>

#include "model/query_spec.h"
#include "query/explore/field_sql.h"
#include "query/explore/spec_error.h"

namespace skep {

// What names mean in this query. `dataset` says whose types count. An expression that is none is an
// error at its place; one among `shared` that is none is not a field.
Fields FieldsOf(const QuerySpec& spec, const std::vector<CalculatedField>& shared,
                std::string dataset, const FieldTypes& types, SpecErrors* errors);

}  // namespace skep
