// SPDX-License-Identifier: Apache-2.0
// Journal: appends entries to segment files, in the order of their sequences, from one thread of
// its own. All that arrived while the last group was written and synced makes the next group: one
// write, one fdatasync, then everybody's OnWritten. A group that fails is cut off the file again
// and none of it counts. Segments are deleted once everything in them is in the store. Thread-safe.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/guarded.h"
#include "ingest/dedup_sidecar.h"
#include "ingest/journal_io.h"
#include "ingest/journal_segment.h"

namespace skep {

// Something that waits for the disk: a request or a note.
class JournalItem {
 public:
  virtual ~JournalItem() = default;
  // From the journal's thread, in order; must not block.
  virtual void OnWritten(std::unique_ptr<JournalItem> self, const Status& status) = 0;

  Bytes entry;
  uint64_t sequence = 0;  // of a request; 0 for a note
  TimedKey dedup;
  bool can_wait = false;  // does not start a group by itself
};

struct JournalOptions {
  std::string directory;
  Durability durability = Durability::kSync;
  size_t segment_bytes = 64u << 20;
  Clock clock = WallClockNs;
  // Called before each group; may hold the journal up for some milliseconds as a soft brake.
  std::function<void()> brake;
};

// A segment that will not grow any more.
struct FinishedSegment {
  uint64_t number = 0;
  uint64_t bytes = 0;
  uint64_t last_sequence = 0;
  std::vector<TimedKey> keys;
};

// A file of keys that outlived its segment.
struct KeysFile {
  uint64_t number = 0;
  int64_t newest_ns = 0;
  size_t keys = 0;
};

struct JournalStart {
  JournalId id{};
  uint64_t next_sequence = 1;
  uint64_t next_number = 1;
  std::vector<FinishedSegment> segments;  // what recovery found, in order
  std::vector<KeysFile> keys_files;
};

class Journal {
 public:
  // `io` must outlive the journal. Makes the first segment and starts the thread.
  static Result<std::unique_ptr<Journal>> Open(JournalIo& io, JournalOptions options,
                                               JournalStart start);
  ~Journal();

  struct Place {
    uint64_t sequence;
    uint64_t turn;
  };
  // The next sequence and a place in the line; nothing once stopped. Each place must be filled.
  std::optional<Place> Reserve();
  void Fill(Place place, std::unique_ptr<JournalItem> item);
  // A note takes the next place at once. Once stopped it gets kUnavailable.
  void AppendNote(std::unique_ptr<JournalItem> item);
  // Appends and waits for the disk.
  Status AppendNoteAndWait(Bytes entry);

  // Deletes the finished segments whose requests all are at or below `sequence`. One thread.
  Status ReleaseThrough(uint64_t sequence);

  // An error for a short while after a write failed: so refuse at once instead of trying again.
  Status Writable() const;
  uint64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }
  const JournalId& id() const { return id_; }

  // Takes no more requests, only notes, and waits until those in the line had their OnWritten.
  void StopRequests();
  // Writes what is in the line, then ends the thread.
  void Stop();

 private:
  struct Line {
    std::deque<std::unique_ptr<JournalItem>> items;  // null: reserved, not filled yet
    uint64_t first_turn = 0;                         // of items.front()
    uint64_t next_sequence = 1;
    size_t requests = 0;  // reserved and not told yet
    bool takes_requests = true;
    bool stopped = false;
    bool HasWork() const;
  };

  using Group = std::vector<std::unique_ptr<JournalItem>>;
  Journal(JournalIo& io, JournalOptions options, JournalStart start);
  void Run();
  Group NextGroup();
  void WriteGroup(Group group);
  Status AppendGroup(const Group& group);
  Status OpenSegment(uint64_t next_sequence);
  void AfterFailure(const Error& error, bool keep_file);
  Status Release(const FinishedSegment& segment);
  void KeepKeys(const FinishedSegment& segment);
  void MakeReserve();
  bool SpendReserve();
  std::string PathOf(uint64_t number, std::string_view ending) const;

  JournalIo& io_;
  const JournalOptions options_;
  const JournalId id_;

  Guarded<Line> line_;
  std::condition_variable line_changed_;
  std::condition_variable requests_told_;
  Guarded<std::deque<FinishedSegment>> finished_;
  std::atomic<uint64_t> bytes_{0};
  std::atomic<int64_t> refuse_until_ns_{0};
  std::atomic<bool> disk_full_{false};
  std::atomic<bool> has_reserve_{false};

  // The releasing thread's own:
  std::deque<KeysFile> keys_files_;

  // The journal thread's own:
  std::unique_ptr<JournalFile> file_;  // null: the next group begins a new segment
  FinishedSegment current_;
  uint64_t next_number_;

  std::jthread thread_;
};

}  // namespace skep
