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
// The newest part of the range that is looked at first, and how much longer each older one is at
// most, so that what a page costs goes with what it shows and not with the range.
constexpr int64_t kWindowNs = 60 * kNsPerS;
constexpr double kWindowGrowth = 4;
constexpr double kWindowNsMax = 9e18;
// What is looked through and taken beyond what should be enough: looking again costs more.
constexpr double kWindowSpare = 1.25;
constexpr size_t kCandidatesSpare = 5;
// Before any candidate was judged, two in three are taken for entries.
constexpr size_t kGuessTaken = 3;
constexpr size_t kGuessShown = 2;
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
    if (question.before) SeenTo(question.before->time_ns);
    begin_ns_ = unseen_.to_ns;
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
      SeenTo(page.next->time_ns);
    }
    SKEP_ASSIGN(page.requests, Summaries());
    SKEP_TRY(AddShares(reader_, question_.project, question_.by_evidence, cancel_, &page.requests));
    return page;
  }

 private:
  // Everything later was looked at; at this very time there may be more.
  void SeenTo(int64_t time_ns) {
    unseen_.to_ns = std::min(unseen_.to_ns, TimeRange{0, time_ns}.Widened(0, 1).to_ns);
  }

  Result<ResultTable> Run(const Statement& statement) {
    return reader_.Run(statement, {}, cancel_);
  }

  // How many candidates will hardly hold less than what the page lacks, going by how many of those
  // so far were entries.
  size_t Wanted() const {
    const size_t missing = question_.limit - shown_.size();
    const size_t wanted = missing * (taken_ + kGuessTaken) / (shown_.size() + kGuessShown);
    return std::min(wanted + kCandidatesSpare, kCandidatesMax);
  }

  // The next ones, newest first, from as many windows as it takes; fewer than wanted: that was all.
  Result<std::vector<Candidate>> NextCandidates() {
    const size_t wanted = Wanted();
    std::vector<Candidate> candidates;
    while (candidates.size() < wanted && unseen_.from_ns < unseen_.to_ns) {
      const size_t missing = wanted - candidates.size();
      TimeRange window = unseen_;
      window.from_ns = std::max(window.from_ns,
                                TimeRange{window.to_ns, 0}.Widened(WindowNs(missing), 0).from_ns);
      SKEP_ASSIGN(const std::vector<Candidate> found, CandidatesOf(window, missing));
      candidates.insert(candidates.end(), found.begin(), found.end());
      if (unseen_.to_ns > window.from_ns) break;
    }
    return candidates;
  }

  // How far back to look at once: four times as far as before, or as far as it takes to find so
  // many where they lie as dense as those found. If the last look found none, they do not.
  int64_t WindowNs(size_t wanted) const {
    const double seen_ns = static_cast<double>(begin_ns_) - static_cast<double>(unseen_.to_ns);
    double window_ns = seen_ns * kWindowGrowth;
    if (found_ > 0 && !last_empty_) {
      const double needed = static_cast<double>(wanted) / static_cast<double>(found_);
      window_ns = std::min(window_ns, seen_ns * needed * kWindowSpare);
    }
    return std::max(kWindowNs, static_cast<int64_t>(std::min(window_ns, kWindowNsMax)));
  }

  // Whether so many will hardly be found in the next rows, going by those read so far.
  bool AreRare(size_t wanted) const {
    return rows_read_ >= kRowsTelling && found_ * kRowsInOrder < wanted * rows_read_;
  }

  // The `wanted` newest ones of the window, give or take those of one time; the window is seen if
  // it has no more.
  Result<std::vector<Candidate>> CandidatesOf(const TimeRange& window, size_t wanted) {
    const ReadOrder order = AreRare(wanted) ? ReadOrder::kWhole : ReadOrder::kNewest;
    SKEP_ASSIGN(const Statement newest,
                PlanCandidates(question_, window, order, wanted + 1, error_position_));
    SKEP_ASSIGN(const ResultTable table, Run(newest));
    std::vector<Candidate> candidates = ReadCandidates(table);
    rows_read_ += table.rows_read;
    last_empty_ = candidates.empty();
    if (candidates.size() <= wanted) {
      unseen_.to_ns = window.from_ns;
    } else {
      // Of those at the last one's time some may have been left out. They are for the next look,
      // but for one that would then begin where this one did.
      const int64_t last_ns = candidates.back().time_ns;
      std::erase_if(candidates, [&](const Candidate& c) { return c.time_ns == last_ns; });
      if (candidates.empty()) {
        SKEP_ASSIGN(const Statement at,
                    PlanCandidatesAt(question_, window, last_ns, wanted, error_position_));
        SKEP_ASSIGN(const ResultTable ties, Run(at));
        candidates = ReadCandidates(ties);
      }
    }
    found_ += candidates.size();
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
    SKEP_ASSIGN(const TraceEntries entries, FindEntries(traces, times));
    SKEP_ASSIGN(const auto guests, FindGuests(entries.joined, times));
    for (const Candidate& candidate : candidates) {
      *end = RequestCursor{candidate.time_ns, candidate.trace_id};
      ++taken_;
      const auto entry = entries.of_trace.find(candidate.trace_id);
      if (entry == entries.of_trace.end() || guests.contains(candidate.trace_id)) continue;
      const EventRow& row = entry->second;
      const bool is_entry = row.time_ns == candidate.time_ns && row.span_id == candidate.span_id &&
                            row.door == candidate.door;
      if (!is_entry || !known_.insert(candidate.trace_id).second) continue;
      shown_.push_back(row);
      if (shown_.size() == question_.limit) return &candidate == &candidates.back();
    }
    return true;
  }

  struct TraceEntries {
    std::unordered_map<TraceId, EventRow, IdHash> of_trace;
    std::vector<TraceId> joined;  // traces with join records
  };

  Result<TraceEntries> FindEntries(const std::vector<TraceId>& traces,
                                   const std::vector<TimeRange>& times) {
    SKEP_ASSIGN(const ResultTable table, Run(PlanEntries(question_.project, traces, times)));
    TraceEntries entries;
    for (EventRow& row : ReadEntries(table)) {
      if (row.signal == Signal::kJoin) {
        entries.joined.push_back(row.trace_id);
        continue;
      }
      const auto [at, is_new] = entries.of_trace.try_emplace(row.trace_id, row);
      if (is_new) continue;
      const uint64_t rank = EntryRank(row);
      const uint64_t best = EntryRank(at->second);
      // The same span stored twice: the later one holds.
      if (rank < best || (rank == best && row.ingest_ns > at->second.ingest_ns))
        at->second = std::move(row);
    }
    std::sort(entries.joined.begin(), entries.joined.end());
    entries.joined.erase(std::unique(entries.joined.begin(), entries.joined.end()),
                         entries.joined.end());
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
    for (const EventRow& row : shown_) requests.push_back(ReadEntryWords(table, row));
    return requests;
  }

  // Those of these traces, which have join records, that are part of another one.
  Result<std::unordered_set<TraceId, IdHash>> FindGuests(const std::vector<TraceId>& traces,
                                                         const std::vector<TimeRange>& times) {
    std::unordered_set<TraceId, IdHash> guests;
    if (!question_.by_evidence || traces.empty()) return guests;
    SKEP_ASSIGN(const ResultTable table, Run(PlanJoins(question_.project, traces, times)));
    for (const EventRow& row : ReadEventRows(table))
      if (const auto join = ReadJoin(row); join && join->of_guest) guests.insert(row.trace_id);
    return guests;
  }

  Reader& reader_;
  RequestsQuestion question_;
  const CancelToken& cancel_;
  size_t* error_position_;
  TimeRange unseen_;        // the part of the range that is left
  int64_t begin_ns_ = 0;    // where the unseen part ended at first
  uint64_t rows_read_ = 0;  // in search of candidates
  uint64_t found_ = 0;      // candidates
  bool last_empty_ = false;
  size_t taken_ = 0;  // of these, shown or not
  std::vector<EventRow> shown_;
  std::unordered_set<TraceId, IdHash> known_;  // traces of shown_
};

}  // namespace

Result<RequestPage> ListRequests(Reader& reader, const RequestsQuestion& question,
                                 const CancelToken& cancel, size_t* error_position) {
  return RequestLister(reader, question, cancel, error_position).List();
}

}  // namespace skep
