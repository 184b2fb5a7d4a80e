// SPDX-License-Identifier: Apache-2.0
#include "ingest/journal_sink.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "base/check.h"
#include "base/log.h"
#include "store/newest_spans.h"

namespace skep {
namespace {

constexpr std::chrono::milliseconds kBrake{25};  // the longest that a group waits for room
constexpr int64_t kShutdownMs = 20'000;          // for the last commit; after it the journal has it
constexpr int64_t kRecoveryWaitMs = 60'000;      // for a store that does not answer at start
constexpr size_t kRequestOverheadBytes = 1024;

// What a decoded request holds in memory while it waits.
size_t MemoryOf(Submission& submission) {
  return submission.batch.body().size() + submission.batch.arena().allocated() +
         submission.batch.records().size() * sizeof(Record) +
         submission.batch.attributes().size() * sizeof(Attribute) + kRequestOverheadBytes;
}

}  // namespace

JournalSink::JournalSink(std::unique_ptr<JournalIo> io, SinkOptions options, Parts parts)
    : io_(std::move(io)),
      options_(std::move(options)),
      parts_(std::move(parts)),
      budget_(options_.pending_bytes_max) {}

Result<std::unique_ptr<Sink>> JournalSink::Create(std::unique_ptr<JournalIo> io,
                                                  SinkOptions options, Parts parts) {
  SKEP_CHECK(parts.store != nullptr && parts.counters != nullptr);
  std::unique_ptr<JournalSink> sink(
      new JournalSink(std::move(io), std::move(options), std::move(parts)));
  SKEP_TRY(sink->Recover());
  sink->StartThreads();
  return std::unique_ptr<Sink>(std::move(sink));
}

JournalSink::~JournalSink() { Shutdown(); }

Status JournalSink::Recover() {
  const std::string& directory = options_.directory;
  SKEP_TRY(io_->MakeDirectory(directory));
  SKEP_ASSIGN(lock_, io_->Lock(directory + "/lock"));
  SKEP_ASSIGN(JournalFindings findings, ReadJournal(*io_, directory, options_.clock(), &dedup_));

  const uint64_t last = findings.start.next_sequence - 1;
  JournalOptions journal_options;
  journal_options.directory = directory;
  journal_options.durability = options_.durability;
  // Several must fit below the limit: the one that is written to cannot be released.
  journal_options.segment_bytes =
      std::min(options_.journal_segment_bytes, options_.journal_bytes_max / 4);
  journal_options.clock = options_.clock;
  journal_options.brake = [this] { budget_.WaitForRoom(kBrake); };
  SKEP_ASSIGN(journal_, Journal::Open(*io_, std::move(journal_options), std::move(findings.start)));
  commit_ =
      std::make_unique<BlockCommit>(*io_, directory, *journal_, *parts_.store, parts_.observers);

  int64_t patience_ms = kRecoveryWaitMs;
  ReplayOptions replay{directory, options_.block_rows_max, options_.block_bytes_max,
                       [&](int64_t ms) {
                         patience_ms -= ms;
                         std::this_thread::sleep_for(std::chrono::milliseconds(ms));
                         return patience_ms > 0;
                       }};
  RememberStoredSpans();
  SKEP_ASSIGN(const ReplayCounts counts,
              ReplayJournal(*io_, replay, findings, parts_, recent_spans_, *commit_));
  if (commit_->settled()) {
    if (last > findings.committed) SKEP_TRY(journal_->AppendNoteAndWait(EncodeCommit(last)));
    SKEP_TRY(journal_->ReleaseThrough(last));
  }
  recovered_.recovered_requests = counts.requests;
  recovered_.unknown_entries = counts.unknown_entries;
  recovered_.torn_bytes = findings.torn_bytes;
  recovered_.corrupt_entries = findings.corrupt_entries;
  progress_.StartAt(last, counts.blocks);
  if (counts.requests != 0)
    Log(LogLevel::kInfo, "ingest", "recovered from the journal requests={} blocks={}",
        counts.requests, counts.blocks);
  return {};
}

void JournalSink::RememberStoredSpans() {
  const auto spans = NewestSpans(*parts_.store, RecentSpans::kKnownMin);
  if (!spans) {
    // Costs only that a span which comes again across this start counts twice.
    LogError("ingest", spans.error());
    return;
  }
  // Newest first: the oldest are to be forgotten first.
  for (auto span = spans->rbegin(); span != spans->rend(); ++span) {
    const SpanIdentity identity{span->trace_id, span->span_id, span->kind};
    if (span->signal == Signal::kSpan) {
      recent_spans_.Remember(span->project, span->dataset, identity);
    } else {
      recent_spans_.Remember(span->project, span->dataset, identity,
                             {span->signal, span->place, span->time_ns, span->name});
    }
  }
}

void JournalSink::StartThreads() {
  FillerOptions filler{options_.block_rows_max, options_.block_bytes_max,
                       options_.block_age_max_ms * kNsPerMs,
                       // The other half is for the commit itself.
                       options_.idle_commit_ms * kNsPerMs / 2, options_.calm_ms * kNsPerMs};
  committer_ = std::make_unique<Committer>(
      *commit_, [this](const CommitReport& report) { OnCommitted(report); });
  filler_ = std::make_unique<BlockFiller>(
      filler, budget_, recent_spans_,
      [this](SealedBlock block) { committer_->Start(std::move(block)); });
}

void JournalSink::Submit(Submission submission, AckFunction ack) {
  DoorCounters& counters = CountersOf(submission.door);
  if (stopping_.load(std::memory_order_acquire)) {
    ack(Error(Code::kUnavailable, "the server is stopping"));
    return;
  }
  if (submission.batch.records().empty()) {
    ack({});
    return;
  }
  switch (dedup_.Begin(submission.dedup, options_.clock(), &ack)) {
    case DedupWindow::Verdict::kAcknowledged:
      counters.Add(Counter::kDuplicates);
      ack({});
      return;
    case DedupWindow::Verdict::kWaiting:
      counters.Add(Counter::kDuplicates);
      return;
    case DedupWindow::Verdict::kNew:
      break;
  }

  auto request = std::make_unique<AcceptedRequest>(this);
  request->submission = std::move(submission);
  request->ack = std::move(ack);
  if (const auto admitted = Admit(*request); !admitted) {
    Refuse(std::move(request), admitted);
    return;
  }
  const auto place = journal_->Reserve();
  if (!place) {
    Refuse(std::move(request), Error(Code::kUnavailable, "the server is stopping"));
    return;
  }
  request->sequence = place->sequence;
  FinishRequest(place->sequence, &request->entry);
  request->effects = ExtractEffects(parts_.observers, request->submission.batch, request->Info());
  journal_->Fill(*place, std::move(request));
}

// Room in memory and on disk, and the entry for the journal.
Status JournalSink::Admit(AcceptedRequest& request) {
  SKEP_TRY(journal_->Writable());
  if (journal_->bytes() >= options_.journal_bytes_max)
    return Error(Code::kResourceExhausted, "too much waits to be stored; try again later");
  const size_t charge = MemoryOf(request.submission);
  if (!budget_.TryCharge(charge))
    return Error(Code::kResourceExhausted, "too much waits to be stored; try again later");
  request.charge = charge;
  request.dedup = {request.submission.dedup, request.submission.receive_time_ns};
  return PackRequest(request.submission, &request.entry);
}

void JournalSink::Refuse(std::unique_ptr<AcceptedRequest> request, const Status& status) {
  if (request->charge != 0) budget_.Release(request->charge);
  DoorCounters& counters = CountersOf(request->submission.door);
  const auto waiting = dedup_.Finish(request->submission.dedup, options_.clock(), false);
  counters.Add(Counter::kDuplicates, -static_cast<int64_t>(waiting.size()));
  request->ack(status);
  for (const AckFunction& ack : waiting) ack(status);
}

void JournalSink::OnJournalled(std::unique_ptr<AcceptedRequest> request, const Status& status) {
  if (!status) {
    Refuse(std::move(request), status);
    return;
  }
  const Submission& submission = request->submission;
  const int64_t now_ns = options_.clock();
  const auto records = submission.batch.records().size();
  DoorCounters& counters = CountersOf(submission.door);
  counters.Add(Counter::kRecords, static_cast<int64_t>(records));
  counters.Set(Counter::kLastEventNs, now_ns);
  const auto waiting = dedup_.Finish(submission.dedup, now_ns, true);
  const AckFunction ack = std::move(request->ack);
  request->entry = Bytes();
  // First the line to the store, then the answer: a reader who asks after it must find it there.
  progress_.Acknowledge(request->sequence, records);
  filler_->Add(std::move(request));
  ack({});
  for (const AckFunction& other : waiting) other({});
}

void JournalSink::OnCommitted(const CommitReport& report) {
  // First the room for more, then who waits: what follows a barrier must not be refused for what
  // the barrier has stored.
  filler_->OnCommitted(report);
  progress_.Commit(report.last, report.rows);
}

Status JournalSink::Barrier(int64_t deadline_ms) {
  const CommitProgress::State now = progress_.Get();
  if (now.committed >= now.acknowledged) return {};
  filler_->Want(now.acknowledged);
  return progress_.WaitCommitted(now.acknowledged, deadline_ms);
}

void JournalSink::Shutdown() {
  stopping_.store(true, std::memory_order_release);
  shut_down_.With([this](bool& done) {
    if (std::exchange(done, true) || filler_ == nullptr) return;
    // First everybody's answer, then the last blocks; the journal stays open for their notes.
    journal_->StopRequests();
    if (!filler_->Drain(kShutdownMs))
      Log(LogLevel::kWarn, "ingest", "stopping with rows that only the journal has");
    filler_->Stop();
    committer_->Stop();
    journal_->Stop();
    progress_.Close();
  });
}

SinkStats JournalSink::Stats() const {
  SinkStats stats = recovered_;
  const CommitProgress::State now = progress_.Get();
  stats.sequence_acknowledged = now.acknowledged;
  stats.sequence_committed = now.committed;
  stats.pending_rows = now.pending_rows;
  stats.blocks_committed = now.blocks;
  stats.journal_bytes = journal_->bytes();
  stats.rejected_blocks = commit_->rejected();
  stats.memory_releases = filler_->released();
  return stats;
}

}  // namespace skep
