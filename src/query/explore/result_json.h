// SPDX-License-Identifier: Apache-2.0
// Result JSON: a QueryResult as Honeycomb's query results say it, with our extensions. The page and
// Honeycomb's door both answer with it.
//
//   {"series":[{"time":"2026-11-24T12:00:00Z","data":{"COUNT":3,"user":"worf"}}],
//    "results":[{"data":{"COUNT":3,"user":"worf"},"standard_error":{"COUNT":1.2}}],
//    "total_by_aggregate":{"data":{...}}, "total_by_aggregate_series":[{"time","data"}],
//    "other_by_aggregate":{"data":{...}},"compare":{"offset_seconds":3600,"series":[],...}}
//
// A HEATMAP's value is {"cells":[[low,high,count],...]}. `standard_error` stands beside `data`
// where one is not 0. Pure.
#pragma once

#include "query/explore/query_result.h"
#include "wire/json.h"

namespace skep {

// The object that Honeycomb has under `data`.
void RenderQueryResult(const QueryResult& result, JsonWriter* json);

}  // namespace skep
