// SPDX-License-Identifier: Apache-2.0
// Which rows a question is about: project, dataset, time, and its filters, those with relational
// prefixes too. A relation is decided over whole traces, wherever in time their other spans are;
// all filters with one prefix hold on the same span. The plans of this folder, BubbleUp and
// triggers write their conditions by it. Pure.
#pragma once

#include <string>
#include <vector>

#include "model/query_spec.h"
#include "query/explore/field_sql.h"
#include "query/sql_writer.h"
#include "query/time_range.h"

namespace skep {

struct RowScope {
  std::string project = "default";
  std::string dataset;  // empty: that of the fields
  TimeRange range;
  TimeRange compare_range;   // besides it, the period to compare with; empty: none
  bool reaching_in = false;  // spans too that began before, and reach into it
};

// `project = … AND time … AND …`, everything that belongs behind WHERE over `events`.
void AppendWhere(const RowScope& scope, const QuerySpec& spec, const Fields& fields,
                 SqlWriter* sql);
// The same without what is asked of other spans.
void AppendOwnWhere(const RowScope& scope, const QuerySpec& spec, const Fields& fields,
                    SqlWriter* sql);

// Whether any of the filters, or what is nested in them, has a relational prefix.
bool HasRelations(const std::vector<SpecFilter>& filters);

// Whether a query looks at other spans of the rows' traces, in its filters or breakdowns.
bool LooksAtTraces(const QuerySpec& spec);

// The conditions that have this relation, with their prefix taken off.
std::vector<SpecFilter> FiltersOf(Relation relation, const std::vector<SpecFilter>& filters);

// The rows of traces that a relation looks at: `project = … AND signal = 'span' AND …`, with the
// filters given.
void AppendRelatedWhere(Relation relation, const std::string& project,
                        const std::vector<SpecFilter>& filters, const Fields& fields,
                        SqlWriter* sql);

}  // namespace skep
