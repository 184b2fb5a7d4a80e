// SPDX-License-Identifier: Apache-2.0
// Render: rows of a trace and what was worked out of it, as openapi.yaml describes them. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "query/trace/trace_cache.h"
#include "ui/api.h"
#include "wire/json.h"

namespace skep::ui {

// Counters of the items that a trace's occurrences belong to.
using ItemCounters = std::map<uint64_t, int64_t>;
Result<ItemCounters> CountersOf(const Call& call, const std::vector<TraceRow>& rows);

// What a row has besides what its record says.
struct RowExtra {
  int64_t start_ns = 0;                           // as its clock is to be read
  std::vector<std::pair<int64_t, int64_t>> path;  // its parts of the critical path, from the
                                                  // trace's start
  std::string_view group;                         // id of the group that it is in
};
RowExtra ExtraOf(const TraceAnalysis& analysis, uint32_t at);

// Within an object that the caller opens and closes.
void RenderRowFields(const TraceRow& row, const RowExtra& extra, const ItemCounters& counters,
                     JsonWriter* json);
void RenderGroup(const TraceTree& tree, const SiblingGroup& group, JsonWriter* json);
void RenderJoin(const TraceJoin& join, JsonWriter* json);
// `critical`, `skews` and `missing` of a Trace.
void RenderFindings(const TraceAnalysis& analysis, const std::vector<ClockSkew>& skews,
                    JsonWriter* json);

}  // namespace skep::ui
