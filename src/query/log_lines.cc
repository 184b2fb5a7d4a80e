// SPDX-License-Identifier: Apache-2.0
#include "query/log_lines.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/clock.h"
#include "query/event_joins.h"
#include "query/lines_plan.h"
#include "query/requests_plan.h"

namespace skep {
namespace {

constexpr size_t kAroundMax = 200;

LogLine LineOf(EventRow row) {
  LogLine line;
  line.trace_id = row.trace_id;
  line.how = HowOfOwnId(row.door);
  line.row = std::move(row);
  return line;
}

// The traces and lines that belong with a trace, from whichever side it is asked.
Result<TraceMembers> FindMembers(Reader& reader, const LinesQuestion& question,
                                 const CancelToken& cancel) {
  TraceMembers members;
  members.traces.push_back(*question.trace_id);
  const std::vector<TimeRange> times = {question.range};
  for (size_t looked = 0; looked < members.traces.size();) {
    const std::span<const TraceId> asked = std::span(members.traces).subspan(looked);
    SKEP_ASSIGN(const ResultTable table,
                reader.Run(PlanJoins(question.project, asked, times), {}, cancel));
    looked = members.traces.size();
    for (const EventRow& row : ReadEventRows(table)) {
      const auto join = ReadJoin(row);
      if (!join) continue;
      if (join->event_id != 0) members.event_ids.push_back(join->event_id);
      const TraceId& id = join->other_trace_id;
      const bool known =
          std::find(members.traces.begin(), members.traces.end(), id) != members.traces.end();
      if (!id.empty() && !known) members.traces.push_back(id);
    }
  }
  return members;
}

Status AddTraces(Reader& reader, const std::string& project, const CancelToken& cancel,
                 std::vector<LogLine>* lines) {
  std::vector<uint64_t> ids;
  TimeRange range;
  for (const LogLine& line : *lines) {
    if (!line.trace_id.empty()) continue;
    const int64_t time_ns = line.row.time_ns;
    range.from_ns = ids.empty() ? time_ns : std::min(range.from_ns, time_ns);
    range.to_ns = ids.empty() ? time_ns + 1 : std::max(range.to_ns, time_ns + 1);
    ids.push_back(line.row.event_id);
  }
  SKEP_ASSIGN(const EventJoinMap joins, JoinsOfEvents(reader, project, range, ids, cancel));
  for (LogLine& line : *lines) {
    const auto join = joins.find(line.row.event_id);
    if (!line.trace_id.empty() || join == joins.end()) continue;
    line.trace_id = join->second.trace_id;
    line.how = join->second.how;
  }
  return {};
}

}  // namespace

Result<LinePage> ListLines(Reader& reader, const LinesQuestion& question,
                           const CancelToken& cancel) {
  LinePage page;
  TraceMembers members;
  const TraceMembers* of_trace = nullptr;
  if (question.trace_id) {
    SKEP_ASSIGN(members, FindMembers(reader, question, cancel));
    of_trace = &members;
  }
  // One more than is shown says whether there is a next page.
  const size_t wanted = question.limit + 1;
  SKEP_ASSIGN(const ResultTable found,
              reader.Run(PlanLinesFloor(question, of_trace, wanted), {}, cancel));
  if (found.rows == 0 || found.column(1).UInt(0) == 0) return page;
  SKEP_ASSIGN(
      const ResultTable table,
      reader.Run(PlanLines(question, of_trace, found.column(0).Int(0), wanted), {}, cancel));
  std::vector<EventRow> rows = ReadEventRows(table);
  if (rows.size() > question.limit) {
    rows.resize(question.limit);
    page.next = LineCursor{rows.back().time_ns, rows.back().event_id};
  }
  for (EventRow& row : rows) page.lines.push_back(LineOf(std::move(row)));
  SKEP_TRY(AddTraces(reader, question.project, cancel, &page.lines));
  return page;
}

Result<std::vector<LogLine>> LinesAround(Reader& reader, const std::string& project,
                                         const Trace& trace, const CancelToken& cancel) {
  std::set<std::string> sources(trace.log_groups.begin(), trace.log_groups.end());
  std::unordered_set<uint64_t> present;
  for (const TraceRow& row : trace.rows) {
    if (!row.event.dataset.empty()) sources.insert(row.event.dataset);
    if (row.kind == TraceRowKind::kLog) present.insert(row.event.event_id);
  }
  // Which log group a service writes to is known only from lines that were joined.
  std::vector<std::string> asked;
  if (!trace.log_groups.empty()) asked.assign(sources.begin(), sources.end());
  const TimeRange range = {trace.start_ns, trace.end_ns + 1};
  SKEP_ASSIGN(const ResultTable table,
              reader.Run(PlanLinesAround(project, range, asked, kAroundMax), {}, cancel));
  std::vector<LogLine> lines;
  for (EventRow& row : ReadEventRows(table))
    if (!present.contains(row.event_id)) lines.push_back(LineOf(std::move(row)));
  SKEP_TRY(AddTraces(reader, project, cancel, &lines));
  std::erase_if(lines, [](const LogLine& line) { return !line.trace_id.empty(); });
  return lines;
}

}  // namespace skep
