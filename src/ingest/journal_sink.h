// SPDX-License-Identifier: Apache-2.0
// JournalSink: the Sink, put together from its parts: DedupWindow, PendingBudget, Journal,
// BlockFiller, Committer. A request is with exactly one of them at a time. Threads: the callers of
// Submit, the journal's, the filler's, the committer's. Thread-safe.
#pragma once

#include <atomic>
#include <memory>

#include "ingest/accepted_request.h"
#include "ingest/block_filler.h"
#include "ingest/commit_progress.h"
#include "ingest/committer.h"
#include "ingest/dedup_window.h"
#include "ingest/journal.h"
#include "ingest/pending_budget.h"
#include "ingest/recent_spans.h"
#include "ingest/recovery.h"
#include "ingest/sink.h"

namespace skep {

class JournalSink final : public Sink, public AcceptedRequest::Owner {
 public:
  // Sink::Create with files of the caller's choice.
  static Result<std::unique_ptr<Sink>> Create(std::unique_ptr<JournalIo> io, SinkOptions options,
                                              Parts parts);
  ~JournalSink() override;

  void Submit(Submission submission, AckFunction ack) override;
  Status Barrier(int64_t deadline_ms) override;
  void Shutdown() override;
  SinkStats Stats() const override;

 private:
  JournalSink(std::unique_ptr<JournalIo> io, SinkOptions options, Parts parts);
  Status Recover();
  void RememberStoredSpans();
  void StartThreads();
  Status Admit(AcceptedRequest& request);
  void Refuse(std::unique_ptr<AcceptedRequest> request, const Status& status);
  void OnJournalled(std::unique_ptr<AcceptedRequest> request, const Status& status) override;
  void OnCommitted(const CommitReport& report);
  DoorCounters& CountersOf(Door door) { return parts_.counters->door(static_cast<size_t>(door)); }

  const std::unique_ptr<JournalIo> io_;
  const SinkOptions options_;
  const Parts parts_;
  std::unique_ptr<JournalFile> lock_;
  SinkStats recovered_;
  std::atomic<bool> stopping_{false};
  Guarded<bool> shut_down_;

  DedupWindow dedup_;
  RecentSpans recent_spans_;  // recovery's, then the filler's
  PendingBudget budget_;
  CommitProgress progress_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<BlockCommit> commit_;
  std::unique_ptr<BlockFiller> filler_;
  std::unique_ptr<Committer> committer_;
};

}  // namespace skep
