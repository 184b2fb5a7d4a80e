// SPDX-License-Identifier: Apache-2.0
#include "query/event_joins.h"

#include "base/clock.h"
#include "query/lines_plan.h"

namespace skep {
namespace {

// How long before a line its request may have begun, and what clocks and whole seconds differ by.
constexpr int64_t kBeforeNs = 120 * kNsPerS;
constexpr int64_t kAfterNs = 10 * kNsPerS;

}  // namespace

Result<EventJoinMap> JoinsOfEvents(Reader& reader, const std::string& project,
                                   const TimeRange& range, const std::vector<uint64_t>& event_ids,
                                   const CancelToken& cancel) {
  EventJoinMap joins;
  if (event_ids.empty()) return joins;
  SKEP_ASSIGN(const ResultTable table,
              reader.Run(PlanJoinsOfEvents(project, range.Widened(kBeforeNs, kAfterNs), event_ids),
                         {}, cancel));
  for (const EventRow& row : ReadEventRows(table))
    if (auto join = ReadJoin(row); join && !join->of_guest)
      joins.try_emplace(join->event_id, std::move(*join));
  return joins;
}

}  // namespace skep
