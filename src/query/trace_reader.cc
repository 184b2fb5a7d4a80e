// SPDX-License-Identifier: Apache-2.0
#include "query/trace_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "base/clock.h"
#include "query/requests_plan.h"
#include "query/trace_assembly.h"
#include "query/trace_plan.h"

namespace skep {
namespace {

// What joins a trace lies within it, give or take what clocks differ and clients keep back.
constexpr int64_t kAroundNs = 60 * kNsPerS;
constexpr size_t kTracesMax = 64;
// A trace that joined one may have lines of its own that were joined to it, and no more.
constexpr int kRoundsMax = 3;
const QueryOptions kLong = {.deadline_ms = 30'000, .memory_bytes_max = 1024ull << 20};

bool IsRecord(const EventRow& row) {
  return row.signal != Signal::kJoin && row.signal != Signal::kSpanLink &&
         row.signal != Signal::kRepeat;
}

class TraceFetcher {
 public:
  TraceFetcher(Reader& reader, const TraceQuestion& question, RowDetail detail, size_t rows_max,
               const CancelToken& cancel)
      : reader_(reader),
        question_(question),
        detail_(detail),
        rows_max_(rows_max),
        cancel_(cancel) {}

  // Empty if there are more than `rows_max`.
  Result<std::optional<TraceMaterial>> Fetch() {
    material_.trace_id = question_.trace_id;
    SKEP_TRY(FetchTraces({question_.trace_id}, std::nullopt));
    SKEP_TRY(GoToHost());
    if (over_) return std::nullopt;
    if (std::none_of(material_.rows.begin(), material_.rows.end(), IsRecord))
      return Error(Code::kNotFound, "There is no trace with this id.");
    for (int round = 0; round < kRoundsMax; ++round) {
      SKEP_ASSIGN(const bool more, FetchJoined());
      if (over_) return std::nullopt;
      if (!more) break;
    }
    material_.lean = detail_ != RowDetail::kWhole;
    return std::move(material_);
  }

 private:
  bool Wanted(const JoinRecord& join) const {
    return question_.by_evidence || join.how != JoinHow::kEvidence;
  }

  Status FetchTraces(const std::vector<TraceId>& ids, const std::optional<TimeRange>& range) {
    for (const TraceId& id : ids) fetched_.insert(id);
    const size_t room = rows_max_ - std::min(rows_max_, material_.rows.size());
    SKEP_ASSIGN(
        const ResultTable table,
        reader_.Run(PlanTrace(question_.project, ids, range, detail_, room + 1), kLong, cancel_));
    std::vector<EventRow> rows = ReadEventRows(table);
    over_ = over_ || rows.size() > room;
    material_.records += rows.size();
    std::move(rows.begin(), rows.end(), std::back_inserter(material_.rows));
    return {};
  }

  // If the trace asked for joined another one, that is the trace.
  Status GoToHost() {
    for (const EventRow& row : material_.rows) {
      const auto join = ReadJoin(row);
      if (!join || !join->of_guest || !Wanted(*join) || join->other_trace_id.empty()) continue;
      material_.trace_id = join->other_trace_id;
      return FetchTraces({material_.trace_id}, Range());
    }
    return {};
  }

  // The time around what is there so far.
  std::optional<TimeRange> Range() const {
    if (material_.rows.empty()) return std::nullopt;
    TimeRange range = {material_.rows.front().time_ns, material_.rows.front().end_ns()};
    for (const EventRow& row : material_.rows) {
      range.from_ns = std::min(range.from_ns, row.time_ns);
      range.to_ns = std::max(range.to_ns, row.end_ns());
    }
    return range.Widened(kAroundNs, kAroundNs);
  }

  // What the joins seen so far bring in and is not there yet; false if that is nothing.
  Result<bool> FetchJoined() {
    std::vector<TraceId> traces;
    std::vector<uint64_t> events;
    std::vector<int64_t> times_ns;
    for (; joins_read_ < material_.rows.size(); ++joins_read_) {
      const auto join = ReadJoin(material_.rows[joins_read_]);
      if (!join || join->of_guest || !Wanted(*join)) continue;
      material_.joins.push_back(*join);
      const TraceId& id = join->other_trace_id;
      if (!id.empty() && fetched_.size() < kTracesMax && fetched_.insert(id).second)
        traces.push_back(id);
      if (join->event_id != 0 && events.size() < rows_max_) {
        events.push_back(join->event_id);
        times_ns.push_back(join->event_time_ns);
      }
    }
    if (!traces.empty()) SKEP_TRY(FetchTraces(traces, Range()));
    if (!events.empty()) {
      SKEP_ASSIGN(
          const ResultTable table,
          reader_.Run(PlanEvents(question_.project, events, times_ns, detail_), {}, cancel_));
      std::vector<EventRow> rows = ReadEventRows(table);
      std::move(rows.begin(), rows.end(), std::back_inserter(material_.rows));
    }
    return !traces.empty() || !events.empty();
  }

  Reader& reader_;
  const TraceQuestion& question_;
  const RowDetail detail_;
  const size_t rows_max_;
  const CancelToken& cancel_;
  TraceMaterial material_;
  bool over_ = false;
  std::set<TraceId> fetched_;
  size_t joins_read_ = 0;  // rows looked at for joins
};

}  // namespace

Result<Trace> ReadTrace(Reader& reader, const TraceQuestion& question, const CancelToken& cancel) {
  TraceFetcher whole(reader, question, RowDetail::kWhole, question.rows_max, cancel);
  SKEP_ASSIGN(std::optional<TraceMaterial> material, whole.Fetch());
  if (!material && question.lean_rows_max > 0) {
    TraceFetcher lean(reader, question, RowDetail::kLean, question.lean_rows_max, cancel);
    SKEP_ASSIGN(material, lean.Fetch());
  }
  if (!material)
    return Error(Code::kResourceExhausted, fmt::format("This trace has over {} records: too many "
                                                       "to be put together.",
                                                       question.lean_rows_max));
  return AssembleTrace(std::move(*material));
}

}  // namespace skep
