// SPDX-License-Identifier: Apache-2.0
// Sink: the one way into the store. Doors submit decoded requests; the sink journals them (grouped
// fdatasync), answers, gathers them into blocks, commits the blocks and releases the journal. See
// docs/life-of-a-span.md. Acknowledged means journalled; visible means committed; Barrier() turns
// the one into the other. Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/counters.h"
#include "base/result.h"
#include "model/record_batch.h"
#include "store/block_builder.h"
#include "store/store.h"

namespace skep {

// What a request looked like on the wire: one per door and encoding. Stored in the journal: only
// add, never change.
enum class WireFormat : uint16_t {
  kOtlpTracesProto = 1,
  kOtlpLogsProto = 2,
  kOtlpMetricsProto = 3,
  kOtlpTracesJson = 4,
  kOtlpLogsJson = 5,
  kOtlpMetricsJson = 6,
  kXRayDatagrams = 16,    // daemon datagrams, each with a u32 length before it
  kXRayPutSegments = 17,  // body of PutTraceSegments
  kCloudWatchPutLogEvents = 32,
  kRollbarItem = 48,
  kJoins = 64,  // join records of the joiner
  kHoneycombEventJson = 80,
  kHoneycombEventMsgpack = 81,
  kHoneycombBatchJson = 82,
  kHoneycombBatchMsgpack = 83,
};

// What a decoder may depend on besides the body. Everything here is in the journal, so that a
// replay decodes the same.
struct DecodeContext {
  int64_t receive_time_ns = 0;
  std::string_view
      context;  // the door's own few words: dataset header, peer address; empty for most
};

// Pure: the same body and context give the same batch. The batch owns the body.
using DecodeFunction = std::function<Result<RecordBatch>(Bytes body, const DecodeContext& context)>;

// 128 bits that say "this very request": the sink answers a second one without storing it again.
// Zero: never compared.
struct DedupKey {
  uint64_t high = 0;
  uint64_t low = 0;
  bool operator==(const DedupKey&) const = default;
};
// xxh3-128 over project, format and body: for clients that send the identical bytes again (OTLP
// exporters).
DedupKey DedupKeyOf(std::string_view project, WireFormat format, std::string_view body);

struct Submission {
  Door door = Door::kOtlp;
  WireFormat format = WireFormat::kOtlpTracesProto;
  std::string project = "default";
  std::string context;  // journalled; DecodeContext::context at replay
  int64_t receive_time_ns = 0;
  DedupKey dedup;
  RecordBatch batch;  // decoded from batch.body(), which is what the journal keeps
};

// Called once, from a thread of the sink: the request is on disk, or why it is not.
// kResourceExhausted: say the vendor's throttle reply. Must not block.
using AckFunction = std::function<void(Status)>;

// What a request changes besides `events` (items, log groups, join candidates). Extract runs when
// the request is accepted and copies what it needs; Apply runs after the block was committed, in
// order of sequence, and again for the same sequence if the server died in between: it must then
// change nothing twice.
class CommitEffect {
 public:
  virtual ~CommitEffect() = default;
  virtual void Apply(uint64_t sequence) = 0;
};
class CommitObserver {
 public:
  virtual ~CommitObserver() = default;
  // nullptr: nothing to do for this request. Called from the submitting thread; must be thread-safe
  // and cheap.
  virtual std::unique_ptr<CommitEffect> Extract(const RecordBatch& batch,
                                                const RequestInfo& request) = 0;
  // After the effects of a block were applied and before the journal forgets it: what they share is
  // made durable here, once for all of them. An error: it is kept and written with the next Settle,
  // until then the journal keeps the requests, so that a crash loses nothing. Called by the thread
  // that applies them; may block.
  virtual Status Settle() { return {}; }
};

enum class Durability { kSync, kProcess };

struct SinkOptions {
  std::string directory;  // of the journal; made if absent
  Durability durability = Durability::kSync;
  size_t block_rows_max = 100'000;  // docs/adr/0002-events-table.md: memory halves, CPU stays
  size_t block_bytes_max = 48u << 20;
  int64_t block_age_max_ms = 1000;
  int64_t idle_commit_ms = 50;  // a quiet server shows a record this soon
  int64_t calm_ms = 5000;       // so long after the last large block memory goes back
  size_t pending_bytes_max =
      160u << 20;  // submitted and not yet committed; over it Submit throttles
  size_t journal_segment_bytes = 64u << 20;
  size_t journal_bytes_max = 4ull << 30;  // over it Submit throttles
  Clock clock = WallClockNs;
};

struct SinkStats {
  uint64_t sequence_acknowledged = 0;
  uint64_t sequence_committed = 0;
  uint64_t journal_bytes = 0;
  uint64_t pending_rows = 0;
  uint64_t blocks_committed = 0;
  uint64_t memory_releases = 0;     // how often the calm after a load let memory go
  uint64_t recovered_requests = 0;  // at start
  uint64_t torn_bytes = 0;          // cut from the journal's tail at start
  uint64_t corrupt_entries = 0;     // found at start, set aside in FILE.corrupt
  uint64_t unknown_entries = 0;  // found at start, no decoder takes them; set aside in FILE.unknown
  uint64_t rejected_blocks =
      0;  // the engine refused them for good; set aside in block-TOKEN.rejected
};

class Sink {
 public:
  virtual ~Sink() = default;

  // `ack` is called exactly once, also when submitting fails at once (then from this thread). The
  // sink counts records and duplicates; requests, bytes and refusals are the door's to count.
  virtual void Submit(Submission submission, AckFunction ack) = 0;

  // Returns when everything acknowledged before the call is visible. Callers share commits, at most
  // ten a second.
  virtual Status Barrier(int64_t deadline_ms) = 0;

  // Commits what it holds and stops; Submit then answers kUnavailable.
  virtual void Shutdown() = 0;

  virtual SinkStats Stats() const = 0;

  // How to decode journal entries again; all before Start. Observers are not owned.
  struct Parts {
    Store* store = nullptr;
    Counters* counters = nullptr;
    std::vector<std::pair<WireFormat, DecodeFunction>> decoders;
    std::vector<CommitObserver*> observers;
  };
  // Opens the journal, recovers what a crash left, and starts the threads.
  static Result<std::unique_ptr<Sink>> Create(SinkOptions options, Parts parts);
};

}  // namespace skep
