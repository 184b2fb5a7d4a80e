// SPDX-License-Identifier: Apache-2.0
#include "query/trace/trace_search.h"

#include <algorithm>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/ascii.h"
#include "base/clock.h"

namespace skep {
namespace {

const QueryOptions kOptions = {.deadline_ms = 30'000, .memory_bytes_max = 1024ull << 20};

// Joined lines lie around the trace.
constexpr int64_t kAroundNs = 60 * kNsPerS;

bool Contains(std::string_view text, std::string_view part) {
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [](char a, char b) { return ToLower(a) == ToLower(b); }) != text.end();
}

class Matcher {
 public:
  Matcher(const LongTrace& trace, const TraceSearch& search)
      : tree_(trace.analysis.tree), search_(search), texts_(tree_.texts()) {
    if (search_.text.empty()) return;
    for (uint32_t i = 0; i < texts_.size(); ++i) texts_[i] = Contains(tree_.Text(i), search_.text);
  }

  Status LookAtAttributes(Reader& reader, std::string_view project, const LongTrace& trace,
                          const CancelToken& cancel) {
    std::vector<TraceId> ids = trace.header.other_trace_ids;
    ids.push_back(trace.header.trace_id);
    const TimeRange range =
        TimeRange{trace.header.start_ns, trace.header.end_ns}.Widened(kAroundNs, kAroundNs);
    SKEP_ASSIGN(const ResultTable table,
                reader.Run(PlanTraceMatches(project, ids, range, search_.text), kOptions, cancel));
    for (size_t i = 0; i < table.rows; ++i) {
      const auto span = SpanId::FromRaw(table.column(0).Text(i));
      const uint64_t event = table.column(1).UInt(i);
      if (event != 0)
        events_.insert(event);
      else if (span)
        spans_.insert(*span);
    }
    return {};
  }

  bool Matches(uint32_t at) const {
    const TreeRow& row = tree_.row(at);
    if (!search_.text.empty())
      return texts_[row.name] || texts_[row.service] ||
             (row.event_id != 0 ? events_.contains(row.event_id) : spans_.contains(row.span_id));
    if (search_.errors) return row.error;
    return search_.row == at;
  }

 private:
  const TraceTree& tree_;
  const TraceSearch& search_;
  std::vector<bool> texts_;
  std::unordered_set<SpanId, IdHash> spans_;
  std::unordered_set<uint64_t> events_;
};

}  // namespace

Statement PlanTraceMatches(std::string_view project, std::span<const TraceId> traces,
                           const TimeRange& range, std::string_view text) {
  SqlWriter sql;
  sql.Sql(
      "SELECT if(signal IN ('span', 'open_span', 'repeat'), span_id, toFixedString('', 8)), "
      "event_id");
  sql.Sql(" FROM events WHERE ");
  AppendProjectAndTime(project, range, &sql);
  sql.Sql(" AND trace_id IN ").BindSet(traces);
  sql.Sql(" AND signal NOT IN ('join', 'span_link', 'metric') AND ");
  sql.Sql("(positionCaseInsensitiveUTF8(toJSONString(attributes), ").Bind(text);
  sql.Sql(") > 0 OR positionCaseInsensitiveUTF8(body, ").Bind(text).Sql(") > 0)");
  return sql.Take();
}

Result<TraceHit> FindInTrace(Reader& reader, std::string_view project, const LongTrace& trace,
                             const TraceSearch& search, TraceLook* look,
                             const CancelToken& cancel) {
  Matcher matcher(trace, search);
  if (!search.text.empty()) SKEP_TRY(matcher.LookAtAttributes(reader, project, trace, cancel));
  const TraceAnalysis& analysis = trace.analysis;
  TraceHit hit;
  std::optional<uint32_t> first;
  for (uint32_t at = 0; at < analysis.tree.rows().size(); ++at) {
    if (!matcher.Matches(at) || !IsWanted(analysis, *look, at)) continue;
    ++hit.count;
    if (!first) first = at;
    if (hit.row || (search.after && at <= *search.after)) continue;
    hit.row = at;
    hit.nth = hit.count;
  }
  if (!hit.row && first) {
    hit.row = first;
    hit.nth = 1;
  }
  if (!hit.row) return hit;
  BringIntoSight(analysis, *hit.row, look);
  const std::vector<ViewRow> rows = RowsInSight(analysis, *look);
  const auto at = std::find_if(rows.begin(), rows.end(), [&](const ViewRow& row) {
    return row.row == *hit.row && row.group == kNoRow;
  });
  hit.index = static_cast<uint64_t>(at - rows.begin());
  return hit;
}

}  // namespace skep
