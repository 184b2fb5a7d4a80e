// SPDX-License-Identifier: Apache-2.0
// BubbleUp in JSON, as the page asks and is answered:
//
//   {"query":{...},"dataset":"shop",
//    "selection":{"start_ns":"1795521600000000000","end_ns":"...","column":"duration_ms","low":200,
//                 "high":800,"group":{"app.user_handle":"worf","error":null},"filters":[...],
//                 "filter_combination":"OR"},
//    "baseline":{...}}                                   (left out: the rest)
//
//   {"selection":{"rows":12,"weight":12},"baseline":{"rows":988,"weight":988},
//    "fields_done":8,"fields_total":31,"fields_complete":true,"rows_read":1000,"elapsed_ms":12.5,
//    "fields":[{"name":"http.route","kind":"category","score":0.61,"difference":0.7,"distinct":50,
//               "values":[{"value":"/x","selection":0.8,"baseline":0.1,"selection_rows":10,
//                          "baseline_rows":99}],
//               "others":{shares},"absent":{shares}},
//              {"name":"duration_ms","kind":"number",...,"bins":[{"low":0,"high":1,shares}]}],
//    "kept_out":[{"name":"trace.trace_id","reason":"near_unique"}]}
//
// Shares are parts of the side, 0 to 1. Reasons: near_unique, selected_by, too_many_values. Pure.
#pragma once

#include <optional>

#include "query/bubbleup/bubbleup.h"
#include "wire/json.h"

namespace skep {

// Members that are none of these are refused; `project` and `now_ns` are the caller's.
std::optional<BubbleUpRequest> ParseBubbleUp(const JsonView& json, SpecErrors* errors);

// Members of an object that the caller has begun.
void RenderBubbleUp(const BubbleUpResult& result, JsonWriter* json);

}  // namespace skep
