// SPDX-License-Identifier: Apache-2.0
#include "query/requests.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/clock.h"
#include "query/request_shares.h"

namespace skep {
namespace {

// Of one look at the table. Most candidates are entries; a trace that is joined has one more.
constexpr size_t kCandidatesMax = 3000;
constexpr int kRoundsMax = 12;
constexpr int64_t kAroundNs = 10 * kNsPerS;

struct Candidate {
  int64_t time_ns = 0;
  TraceId trace_id;
  SpanId span_id;
  Door door = Door::kOtlp;
};

std::vector<Candidate> ReadCandidates(const ResultTable& table) {
  std::vector<Candidate> candidates(table.rows);
  for (size_t i = 0; i < table.rows; ++i) {
    Candidate& candidate = candidates[i];
    candidate.time_ns = table.column(0).Int(i);
    candidate.trace_id = TraceId::FromRaw(table.column(1).Text(i)).value_or(TraceId());
    candidate.span_id = SpanId::FromRaw(table.column(2).Text(i)).value_or(SpanId());
    candidate.door = static_cast<Door>(table.column(3).Int(i));
  }
  return candidates;
}

// One question as it is answered, round by round.
class RequestLister {
 public:
  RequestLister(Reader& reader, const RequestsQuestion& question, const CancelToken& cancel,
                size_t* error_position)
      : reader_(reader), question_(question), cancel_(cancel), error_position_(error_position) {}

  Result<RequestPage> List() {
    RequestPage page;
    for (int round = 0; round < kRoundsMax && page.requests.size() < question_.limit; ++round) {
      SKEP_ASSIGN(const std::vector<Candidate> candidates, NextCandidates(page));
      SKEP_ASSIGN(const bool took_all, Take(candidates, &page));
      if (took_all && candidates.size() < wanted_) {
        page.next.reset();
        break;
      }
    }
    SKEP_TRY(AddShares(reader_, question_.project, question_.by_evidence, cancel_, &page.requests));
    return page;
  }

 private:
  Result<ResultTable> Run(const Statement& statement) {
    return reader_.Run(statement, {}, cancel_);
  }

  Result<std::vector<Candidate>> NextCandidates(const RequestPage& page) {
    if (page.next) question_.before = page.next;
    const size_t missing = question_.limit - page.requests.size();
    wanted_ = std::min(2 * missing + 20, kCandidatesMax);
    SKEP_ASSIGN(const Statement floor, PlanEntryFloor(question_, wanted_, error_position_));
    SKEP_ASSIGN(const ResultTable found, Run(floor));
    if (found.rows == 0 || found.column(1).UInt(0) == 0) return std::vector<Candidate>();
    SKEP_ASSIGN(const Statement keys,
                PlanEntryKeys(question_, found.column(0).Int(0), wanted_, error_position_));
    SKEP_ASSIGN(const ResultTable table, Run(keys));
    return ReadCandidates(table);
  }

  // Appends the candidates that are their trace's entry, until the page is full. False when some
  // were left for the next page.
  Result<bool> Take(const std::vector<Candidate>& candidates, RequestPage* page) {
    if (candidates.empty()) return true;
    std::vector<TraceId> traces;
    std::vector<TimeRange> times;
    for (const Candidate& candidate : candidates) {
      times.push_back({candidate.time_ns - kAroundNs, candidate.time_ns + kAroundNs});
      traces.push_back(candidate.trace_id);
    }
    std::sort(traces.begin(), traces.end());
    traces.erase(std::unique(traces.begin(), traces.end()), traces.end());
    times = Merge(std::move(times));
    SKEP_ASSIGN(const auto entries, FindEntries(traces, times));
    SKEP_ASSIGN(const auto guests, FindGuests(traces, times));
    for (const Candidate& candidate : candidates) {
      page->next = RequestCursor{candidate.time_ns, candidate.trace_id};
      const auto entry = entries.find(candidate.trace_id);
      if (entry == entries.end() || guests.contains(candidate.trace_id)) continue;
      const EventRow& row = entry->second;
      const bool is_entry = row.time_ns == candidate.time_ns && row.span_id == candidate.span_id &&
                            row.door == candidate.door;
      if (!is_entry || !shown_.insert(candidate.trace_id).second) continue;
      page->requests.push_back(SummaryOfEntry(row));
      if (page->requests.size() == question_.limit) return &candidate == &candidates.back();
    }
    return true;
  }

  Result<std::unordered_map<TraceId, EventRow, IdHash>> FindEntries(
      const std::vector<TraceId>& traces, const std::vector<TimeRange>& times) {
    SKEP_ASSIGN(const ResultTable table, Run(PlanEntries(question_.project, traces, times)));
    std::unordered_map<TraceId, EventRow, IdHash> entries;
    for (EventRow& row : ReadEventRows(table)) {
      const auto [at, is_new] = entries.try_emplace(row.trace_id, row);
      if (is_new) continue;
      const uint64_t rank = EntryRank(row);
      const uint64_t best = EntryRank(at->second);
      // The same span stored twice: the later one holds.
      if (rank < best || (rank == best && row.ingest_ns > at->second.ingest_ns))
        at->second = std::move(row);
    }
    return entries;
  }

  // Those of the traces that are part of another one.
  Result<std::unordered_set<TraceId, IdHash>> FindGuests(const std::vector<TraceId>& traces,
                                                         const std::vector<TimeRange>& times) {
    std::unordered_set<TraceId, IdHash> guests;
    if (!question_.by_evidence) return guests;
    SKEP_ASSIGN(const ResultTable table, Run(PlanJoins(question_.project, traces, times)));
    for (const EventRow& row : ReadEventRows(table))
      if (const auto join = ReadJoin(row); join && join->of_guest) guests.insert(row.trace_id);
    return guests;
  }

  Reader& reader_;
  RequestsQuestion question_;
  const CancelToken& cancel_;
  size_t* error_position_;
  size_t wanted_ = 0;  // candidates, of the last look
  std::unordered_set<TraceId, IdHash> shown_;
};

}  // namespace

Result<RequestPage> ListRequests(Reader& reader, const RequestsQuestion& question,
                                 const CancelToken& cancel, size_t* error_position) {
  return RequestLister(reader, question, cancel, error_position).List();
}

}  // namespace skep
