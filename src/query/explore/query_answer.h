// SPDX-License-Identifier: Apache-2.0
// AssembleAnswer: the table that PlanQuery's statement gave, as a QueryResult: rows in order,
// series, totals, and the period compared with. Steps of RATE_x, shares of CONCURRENCY and the
// bounds of heatmaps' cells are worked out here. Pure.
#pragma once

#include "model/result_table.h"
#include "query/explore/query_plan.h"
#include "query/explore/query_result.h"

namespace skep {

QueryResult AssembleAnswer(const QueryShape& shape, const Fields& fields, const Formulas& formulas,
                           const ResultTable& table);

// The bounds of a cell by the number that the engine counts it under.
HeatmapCell HeatmapCellOf(int64_t number);

}  // namespace skep
