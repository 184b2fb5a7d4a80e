// SPDX-License-Identifier: Apache-2.0
#include "query/requests.h"

#include <algorithm>
#include <tuple>
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
// The newest part of the range that is looked at first, and how much longer each older one is, so
// that what a page costs goes with what it shows and not with the range.
constexpr int64_t kWindowNs = 60 * kNsPerS;
constexpr int64_t kWindowGrowth = 4;
// Rows that tell how rare candidates are, and rows up to which reading in order is worth it.
constexpr uint64_t kRowsTelling = 100'000;
constexpr uint64_t kRowsInOrder = 1'000'000;

// One question as it is answered, round by round.
class RequestLister {
 public:
  RequestLister(Reader& reader, const RequestsQuestion& question, const CancelToken& cancel,
                size_t* error_position)
      : reader_(reader),
        question_(question),
        cancel_(cancel),
        error_position_(error_position),
        unseen_(question.range) {
    if (question.before) unseen_.to_ns = std::min(unseen_.to_ns, Behind(question.before->time_ns));
  }

  Result<RequestPage> List() {
    RequestPage page;
    for (int round = 0; round < kRoundsMax && shown_.size() < question_.limit; ++round) {
      SKEP_ASSIGN(const std::vector<Candidate> candidates, NextCandidates());
      SKEP_ASSIGN(const bool took_all, Take(candidates, &page.next));
      if (took_all && unseen_.to_ns <= unseen_.from_ns) {
        page.next.reset();
        break;
      }
      question_.before = page.next;
    }
    SKEP_ASSIGN(page.requests, Summaries());
    SKEP_TRY(AddShares(reader_, question_.project, question_.by_evidence, cancel_, &page.requests));
    return page;
  }

 private:
  static int64_t Behind(int64_t time_ns) { return TimeRange{0, time_ns}.Widened(0, 1).to_ns; }

  Result<ResultTable> Run(const Statement& statement) {
    return reader_.Run(statement, {}, cancel_);
  }

  // The next ones, newest first, from as many windows as it takes to find one; none: that was all.
  Result<std::vector<Candidate>> NextCandidates() {
    std::vector<Candidate> candidates;
    while (candidates.empty() && unseen_.from_ns < unseen_.to_ns) {
      TimeRange window = unseen_;
      window.from_ns =
          std::max(window.from_ns, TimeRange{window.to_ns, 0}.Widened(window_ns_, 0).from_ns);
      SKEP_ASSIGN(candidates, CandidatesOf(window));
    }
    return candidates;
  }

  // Whether so many will hardly be found in the next rows, going by those read so far.
  bool AreRare(size_t wanted) const {
    return rows_read_ >= kRowsTelling && found_ * kRowsInOrder < wanted * rows_read_;
  }

  Result<std::vector<Candidate>> CandidatesOf(const TimeRange& window) {
    const size_t wanted = std::min(2 * (question_.limit - shown_.size()) + 20, kCandidatesMax);
    const ReadOrder order = AreRare(wanted) ? ReadOrder::kWhole : ReadOrder::kNewest;
    SKEP_ASSIGN(const Statement newest,
                PlanCandidates(question_, window, order, wanted, error_position_));
    SKEP_ASSIGN(const ResultTable table, Run(newest));
    std::vector<Candidate> candidates = ReadCandidates(table);
    rows_read_ += table.rows_read;
    found_ += candidates.size();
    if (candidates.size() < wanted) {
      unseen_.to_ns = window.from_ns;
      if (window_ns_ < unseen_.to_ns) window_ns_ *= kWindowGrowth;
    } else {
      // Of those at the last one's time some may have been left out.
      const int64_t last_ns = candidates.back().time_ns;
      std::erase_if(candidates, [&](const Candidate& c) { return c.time_ns == last_ns; });
      SKEP_ASSIGN(const Statement at,
                  PlanCandidatesAt(question_, window, last_ns, wanted, error_position_));
      SKEP_ASSIGN(const ResultTable ties, Run(at));
      for (const Candidate& candidate : ReadCandidates(ties)) candidates.push_back(candidate);
    }
    std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
      return std::tie(b.time_ns, b.trace_id) < std::tie(a.time_ns, a.trace_id);
    });
    return candidates;
  }

  // Shows the candidates that are their trace's entry, until the page is full, and says where it
  // ended. False when some were left for the next page.
  Result<bool> Take(const std::vector<Candidate>& candidates, std::optional<RequestCursor>* end) {
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
      *end = RequestCursor{candidate.time_ns, candidate.trace_id};
      const auto entry = entries.find(candidate.trace_id);
      if (entry == entries.end() || guests.contains(candidate.trace_id)) continue;
      const EventRow& row = entry->second;
      const bool is_entry = row.time_ns == candidate.time_ns && row.span_id == candidate.span_id &&
                            row.door == candidate.door;
      if (!is_entry || !known_.insert(candidate.trace_id).second) continue;
      shown_.push_back(row);
      if (shown_.size() == question_.limit) return &candidate == &candidates.back();
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

  // What is on the page, in its words.
  Result<std::vector<RequestSummary>> Summaries() {
    std::vector<RequestSummary> requests;
    if (shown_.empty()) return requests;
    std::vector<TraceId> traces;
    std::vector<int64_t> times_ns;
    for (const EventRow& row : shown_) {
      traces.push_back(row.trace_id);
      times_ns.push_back(row.time_ns);
    }
    SKEP_ASSIGN(const ResultTable table, Run(PlanEntryWords(question_.project, traces, times_ns)));
    for (const EventRow& row : shown_)
      requests.push_back(SummaryOfEntry(row, WordsOfEntry(table, row)));
    return requests;
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
  TimeRange unseen_;  // the part of the range that is left
  int64_t window_ns_ = kWindowNs;
  uint64_t rows_read_ = 0;  // in search of candidates
  uint64_t found_ = 0;
  std::vector<EventRow> shown_;
  std::unordered_set<TraceId, IdHash> known_;  // traces of shown_
};

}  // namespace

Result<RequestPage> ListRequests(Reader& reader, const RequestsQuestion& question,
                                 const CancelToken& cancel, size_t* error_position) {
  return RequestLister(reader, question, cancel, error_position).List();
}

}  // namespace skep
