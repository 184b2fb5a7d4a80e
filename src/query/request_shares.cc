// SPDX-License-Identifier: Apache-2.0
#include "query/request_shares.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/clock.h"
#include "query/requests_plan.h"

namespace skep {
namespace {

constexpr int64_t kAroundNs = 10 * kNsPerS;
constexpr size_t kJoinedEventsMax = 50'000;

// Where in the list a trace or record counts, and how it came there.
struct Place {
  RequestSummary* request = nullptr;
  JoinHow how = JoinHow::kSameId;
  bool own = true;
};

LastWords WordsAt(const ResultTable& table, size_t first_column, size_t row,
                  LastWords::Source source, uint64_t count) {
  LastWords words;
  if (count == 0) return words;
  words.source = source;
  words.time_ns = table.column(first_column).Int(row);
  words.event_id = table.column(first_column + 1).UInt(row);
  words.severity = static_cast<Severity>(table.column(first_column + 2).UInt(row));
  words.text = table.column(first_column + 3).Text(row);
  return words;
}

void AddTraceShare(const ResultTable& table, size_t row, const Place& place) {
  DoorShare share;
  share.door = static_cast<Door>(table.column(1).Int(row));
  share.spans = table.column(2).UInt(row);
  share.logs = table.column(3).UInt(row);
  share.errors = table.column(4).UInt(row);
  share.how = place.own ? HowOfOwnId(share.door) : place.how;
  RequestSummary& request = *place.request;
  request.AddShare(share);
  if (request.fields.user.empty()) request.fields.user = table.column(6).Text(row);
  request.last_words.Offer(WordsAt(table, 7, row, LastWords::Source::kLine, share.logs));
  LastWords exception = WordsAt(table, 11, row, LastWords::Source::kException, 1);
  if (!exception.text.empty()) request.last_words.Offer(exception);
  request.last_words.Offer(WordsAt(table, 15, row, LastWords::Source::kOccurrence, share.errors));
}

void AddEvent(const EventRow& row, const Place& place) {
  DoorShare share;
  share.door = row.door;
  share.how = place.how;
  const bool occurrence = row.signal == Signal::kError;
  (occurrence ? share.errors : share.logs) = 1;
  RequestSummary& request = *place.request;
  request.AddShare(share);
  request.last_words.Offer({occurrence ? LastWords::Source::kOccurrence : LastWords::Source::kLine,
                            row.time_ns, row.event_id, row.severity, row.body});
  if (occurrence && request.fields.user.empty())
    request.fields.user = FieldsOfEntry(row, AttributeSet(row.attributes)).user;
}

class ShareAdder {
 public:
  ShareAdder(Reader& reader, const std::string& project, const CancelToken& cancel)
      : reader_(reader), project_(project), cancel_(cancel) {}

  Status Add(std::vector<RequestSummary>* requests, bool by_evidence) {
    std::vector<TraceId> ids;
    std::vector<TimeRange> times;
    for (RequestSummary& request : *requests) {
      traces_[request.trace_id] = {&request, JoinHow::kSameId, true};
      ids.push_back(request.trace_id);
      times.push_back(TimeRange{request.time_ns, request.time_ns + 1}.Widened(
          kAroundNs, static_cast<int64_t>(std::min<uint64_t>(request.duration_ns, INT64_MAX / 2)) +
                         kAroundNs));
    }
    times = Merge(std::move(times));
    SKEP_ASSIGN(const uint64_t joins, AddTraces(ids, times));
    // Most pages have none, and looking for them costs as much as they do.
    if (joins == 0) return {};
    SKEP_TRY(FindJoined(ids, times, by_evidence));
    std::vector<TraceId> joined;
    for (const auto& [id, place] : traces_)
      if (!place.own) joined.push_back(id);
    if (!joined.empty()) {
      SKEP_ASSIGN([[maybe_unused]] const uint64_t further, AddTraces(joined, times));
    }
    return AddEvents();
  }

 private:
  // What is said in these traces; how many join records are there.
  Result<uint64_t> AddTraces(const std::vector<TraceId>& ids, const std::vector<TimeRange>& times) {
    uint64_t joins = 0;
    SKEP_ASSIGN(const ResultTable shares,
                reader_.Run(PlanShares(project_, ids, times), {}, cancel_));
    for (size_t i = 0; i < shares.rows; ++i) {
      joins += shares.column(5).UInt(i);
      const auto id = TraceId::FromRaw(shares.column(0).Text(i)).value_or(TraceId());
      if (const auto at = traces_.find(id); at != traces_.end())
        AddTraceShare(shares, i, at->second);
    }
    return joins;
  }

  Status FindJoined(const std::vector<TraceId>& ids, const std::vector<TimeRange>& times,
                    bool by_evidence) {
    SKEP_ASSIGN(const ResultTable table, reader_.Run(PlanJoins(project_, ids, times), {}, cancel_));
    for (const EventRow& row : ReadEventRows(table)) {
      const auto join = ReadJoin(row);
      if (!join || join->of_guest) continue;
      if (!by_evidence && join->how == JoinHow::kEvidence) continue;
      const Place place = {traces_.at(join->trace_id).request, join->how, false};
      if (!join->other_trace_id.empty()) traces_.try_emplace(join->other_trace_id, place);
      if (join->event_id != 0 && events_.size() < kJoinedEventsMax) {
        events_.try_emplace(join->event_id, place);
        event_times_.push_back(join->event_time_ns);
      }
    }
    return {};
  }

  Status AddEvents() {
    if (events_.empty()) return {};
    std::vector<uint64_t> ids;
    for (const auto& [id, place] : events_) ids.push_back(id);
    std::sort(ids.begin(), ids.end());
    SKEP_ASSIGN(
        const ResultTable table,
        reader_.Run(PlanEvents(project_, ids, event_times_, RowDetail::kEntry), {}, cancel_));
    for (const EventRow& row : ReadEventRows(table)) AddEvent(row, events_.at(row.event_id));
    return {};
  }

  Reader& reader_;
  const std::string& project_;
  const CancelToken& cancel_;
  std::unordered_map<TraceId, Place, IdHash> traces_;
  std::unordered_map<uint64_t, Place> events_;
  std::vector<int64_t> event_times_;
};

}  // namespace

Status AddShares(Reader& reader, const std::string& project, bool by_evidence,
                 const CancelToken& cancel, std::vector<RequestSummary>* requests) {
  if (requests->empty()) return {};
  return ShareAdder(reader, project, cancel).Add(requests, by_evidence);
}

}  // namespace skep
