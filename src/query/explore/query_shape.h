// SPDX-License-Identifier: Apache-2.0
// QueryShape: a checked request as the plans of this folder take it: its time worked out, its names
// resolved, its bounds. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "model/query_spec.h"
#include "query/explore/field_sql.h"
#include "query/explore/formulas.h"
#include "query/explore/query_window.h"
#include "query/explore/run_query.h"
#include "query/explore/where_sql.h"

namespace skep {

// How often a statement reads the rows. Once keeps states of every group in every bucket, which
// takes memory and time where they are many; twice first finds the groups to show, on disk where it
// must, and then keeps only theirs.
enum class Looks : uint8_t { kOnce, kTwice };

struct QueryShape {
  QuerySpec spec;
  std::string project = "default";
  std::string dataset{kAllDatasets};
  QueryWindow window;
  uint32_t limit = QuerySpec::kDefaultLimit;
  bool series = true;
  bool total = true;
  bool other = true;
  bool sampled = true;  // some row may stand for more than itself
  Looks looks = Looks::kOnce;
};

QueryShape ShapeOf(const QueryRequest& request);
// How often it is best to look, by what is known of the fields that are grouped by.
Looks LooksFor(const QueryShape& shape, const Fields& fields);
// Whether looking twice can answer it.
bool CanLookTwice(const QueryShape& shape);
// Whether nearly all rows of its range are met, and hardly anything is read to know it.
bool MeetsMostRows(const QueryShape& shape);
// Which rows it is about.
RowScope ScopeOf(const QueryShape& shape);
// What names mean in it.
Fields NamesOf(const QueryRequest& request, const FieldTypes& types);
Formulas FormulasOf(const QueryRequest& request);
QueryOptions OptionsOf(const QueryRequest& request);

}  // namespace skep
