// SPDX-License-Identifier: Apache-2.0
#include "ingest/journal.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "ingest/dedup_window.h"

namespace skep {
namespace {

constexpr int64_t kRefuseAfterFailureNs = 200 * kNsPerMs;
constexpr size_t kGroupBytesMax = 32u << 20;
// A file that is deleted when the disk is full, so that there is room for the notes with which
// blocks are committed and segments released.
constexpr std::string_view kReserveName = "reserve";
constexpr size_t kReserveBytes = 64u << 10;

template <typename Group>
bool HoldsRequests(const Group& group) {
  return std::any_of(group.begin(), group.end(),
                     [](const auto& item) { return item->sequence != 0; });
}

// A note whose writer waits for it.
class WaitingNote final : public JournalItem {
 public:
  struct Outcome {
    Guarded<std::optional<Status>> status;
    std::condition_variable changed;
  };
  explicit WaitingNote(Outcome* outcome) : outcome_(outcome) {}
  void OnWritten(std::unique_ptr<JournalItem>, const Status& status) override {
    outcome_->status.With([&](std::optional<Status>& told) {
      told = status;
      outcome_->changed.notify_one();  // under the lock: the waiter destroys it afterwards
    });
  }

 private:
  Outcome* outcome_;
};

}  // namespace

bool Journal::Line::HasWork() const {
  for (const auto& item : items) {
    if (item == nullptr) return false;
    if (!item->can_wait || stopped) return true;
  }
  return false;
}

Result<std::unique_ptr<Journal>> Journal::Open(JournalIo& io, JournalOptions options,
                                               JournalStart start) {
  std::unique_ptr<Journal> journal(new Journal(io, std::move(options), std::move(start)));
  SKEP_TRY(io.Remove(journal->options_.directory + '/' + std::string(kReserveName)));
  SKEP_TRY(journal->OpenSegment(
      journal->line_.With([](const Line& line) { return line.next_sequence; })));
  journal->MakeReserve();
  journal->thread_ = std::jthread([raw = journal.get()] { raw->Run(); });
  return journal;
}

Journal::Journal(JournalIo& io, JournalOptions options, JournalStart start)
    : io_(io),
      options_(std::move(options)),
      id_(start.id),
      keys_files_(start.keys_files.begin(), start.keys_files.end()),
      next_number_(start.next_number) {
  line_.With([&](Line& line) { line.next_sequence = start.next_sequence; });
  finished_.With([&](auto& finished) {
    for (FinishedSegment& segment : start.segments) {
      bytes_ += segment.bytes;
      finished.push_back(std::move(segment));
    }
  });
}

Journal::~Journal() { Stop(); }

std::optional<Journal::Place> Journal::Reserve() {
  return line_.With([](Line& line) -> std::optional<Place> {
    if (line.stopped || !line.takes_requests) return std::nullopt;
    ++line.requests;
    line.items.emplace_back();
    return Place{line.next_sequence++, line.first_turn + line.items.size() - 1};
  });
}

void Journal::Fill(Place place, std::unique_ptr<JournalItem> item) {
  line_.With([&](Line& line) { line.items[place.turn - line.first_turn] = std::move(item); });
  line_changed_.notify_one();
}

void Journal::AppendNote(std::unique_ptr<JournalItem> item) {
  const bool taken = line_.With([&](Line& line) {
    if (line.stopped) return false;
    line.items.push_back(std::move(item));
    return true;
  });
  if (taken) {
    line_changed_.notify_one();
    return;
  }
  JournalItem* note = item.get();
  note->OnWritten(std::move(item), Error(Code::kUnavailable, "the journal is closed"));
}

Status Journal::AppendNoteAndWait(Bytes entry) {
  WaitingNote::Outcome outcome;
  auto note = std::make_unique<WaitingNote>(&outcome);
  note->entry = std::move(entry);
  AppendNote(std::move(note));
  return outcome.status.WithLock([&](std::optional<Status>& told, auto& lock) {
    outcome.changed.wait(lock, [&] { return told.has_value(); });
    return *told;
  });
}

void Journal::StopRequests() {
  line_.WithLock([this](Line& line, auto& lock) {
    line.takes_requests = false;
    requests_told_.wait(lock, [&] { return line.requests == 0; });
  });
}

void Journal::Stop() {
  line_.With([](Line& line) { line.stopped = true; });
  line_changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Journal::Run() {
  for (;;) {
    Group group = NextGroup();
    if (group.empty()) return;
    const auto requests = static_cast<size_t>(std::count_if(
        group.begin(), group.end(), [](const auto& item) { return item->sequence != 0; }));
    if (requests != 0 && options_.brake) options_.brake();
    WriteGroup(std::move(group));
    if (requests == 0) continue;
    const bool all_told = line_.With([&](Line& line) { return (line.requests -= requests) == 0; });
    if (all_told) requests_told_.notify_all();
  }
}

Journal::Group Journal::NextGroup() {
  return line_.WithLock([this](Line& line, auto& lock) {
    line_changed_.wait(lock,
                       [&] { return line.HasWork() || (line.stopped && line.items.empty()); });
    Group group;
    size_t bytes = 0;
    while (!line.items.empty() && line.items.front() != nullptr && bytes < kGroupBytesMax) {
      bytes += line.items.front()->entry.size();
      group.push_back(std::move(line.items.front()));
      line.items.pop_front();
      ++line.first_turn;
    }
    return group;
  });
}

void Journal::WriteGroup(Group group) {
  Status status = AppendGroup(group);
  if (!status && status.error().code == Code::kResourceExhausted && !HoldsRequests(group) &&
      SpendReserve())
    status = AppendGroup(group);
  if (status) {
    uint64_t bytes = 0;
    for (const auto& item : group) {
      bytes += item->entry.size();
      current_.last_sequence = std::max(current_.last_sequence, item->sequence);
      if (item->sequence != 0 && item->dedup.key != DedupKey{})
        current_.keys.push_back(item->dedup);
    }
    current_.bytes += bytes;
    bytes_ += bytes;
    refuse_until_ns_ = 0;
  }
  for (auto& item : group) {
    JournalItem* raw = item.get();
    raw->OnWritten(std::move(item), status);
  }
  // At once and not at the next write: an idle journal must be able to shrink to nothing.
  if (status && current_.bytes >= options_.segment_bytes) {
    const auto opened =
        OpenSegment(line_.With([](const Line& line) { return line.next_sequence; }));
    if (!opened) LogError("ingest", opened.error());
  }
}

Status Journal::AppendGroup(const Group& group) {
  if (file_ == nullptr) {
    uint64_t first = 0;
    for (const auto& item : group)
      if (first == 0) first = item->sequence;
    if (first == 0) first = line_.With([](const Line& line) { return line.next_sequence; });
    if (const auto opened = OpenSegment(first); !opened) {
      AfterFailure(opened.error(), false);
      return opened;
    }
  }
  std::vector<std::string_view> pieces;
  pieces.reserve(group.size());
  for (const auto& item : group) pieces.push_back(item->entry.view());
  if (const auto written = file_->Append(pieces); !written) {
    AfterFailure(written.error(), true);
    return written;
  }
  if (options_.durability == Durability::kProcess) return {};
  if (const auto synced = file_->Sync(); !synced) {
    // After a failed sync nobody knows what of this file is on the disk, also if the next one
    // succeeds (https://wiki.postgresql.org/wiki/Fsync_Errors): it gets no more entries.
    AfterFailure(synced.error(), false);
    return synced;
  }
  return {};
}

void Journal::AfterFailure(const Error& error, bool keep_file) {
  LogError("ingest", error);
  disk_full_ = error.code == Code::kResourceExhausted;
  refuse_until_ns_ = MonotonicNs() + kRefuseAfterFailureNs;
  if (file_ == nullptr) return;
  const auto cut = file_->Truncate(current_.bytes);
  if (!cut) LogError("ingest", cut.error());
  if (cut && keep_file) return;
  file_ = nullptr;
  finished_.With([&](auto& finished) { finished.push_back(std::exchange(current_, {})); });
}

Status Journal::OpenSegment(uint64_t next_sequence) {
  SegmentHeader header;
  header.journal = id_;
  header.number = next_number_;
  header.next_sequence = next_sequence;
  header.synced = options_.durability == Durability::kSync;
  const std::string path = PathOf(header.number, kJournalEnding);
  SKEP_ASSIGN(auto file, io_.Create(path));
  const std::string bytes = EncodeSegmentHeader(header);
  const std::string_view pieces[] = {bytes};
  auto made = file->Append(pieces);
  if (made && header.synced) made = file->Sync();
  if (made && header.synced) made = io_.SyncDirectory(options_.directory);
  if (!made) {
    if (const auto removed = io_.Remove(path); !removed) {
      LogError("ingest", removed.error());
      ++next_number_;  // the name is taken
    }
    return made;
  }
  ++next_number_;
  bytes_ += bytes.size();
  FinishedSegment previous = std::exchange(current_, {header.number, bytes.size(), 0, {}});
  if (std::exchange(file_, std::move(file)) != nullptr)
    finished_.With([&](auto& finished) { finished.push_back(std::move(previous)); });
  return {};
}

Status Journal::Writable() const {
  if (MonotonicNs() >= refuse_until_ns_.load(std::memory_order_relaxed)) return {};
  if (disk_full_) return Error(Code::kResourceExhausted, "the disk is full");
  return Error(Code::kUnavailable, "the journal cannot be written");
}

Status Journal::ReleaseThrough(uint64_t sequence) {
  for (;;) {
    auto segment = finished_.With([&](auto& finished) -> std::optional<FinishedSegment> {
      if (finished.empty() || finished.front().last_sequence > sequence) return std::nullopt;
      auto front = std::move(finished.front());
      finished.pop_front();
      return front;
    });
    if (!segment) return {};
    if (const auto released = Release(*segment); !released) {
      finished_.With([&](auto& finished) { finished.push_front(std::move(*segment)); });
      return released;
    }
    bytes_ -= segment->bytes;
    if (!has_reserve_) MakeReserve();
  }
}

void Journal::MakeReserve() {
  const std::string zeros(kReserveBytes, '\0');
  const auto made = WriteWholeFile(io_, options_.directory, std::string(kReserveName), zeros);
  if (!made) LogError("ingest", made.error());  // tried again at the next release
  has_reserve_ = made.has_value();
}

bool Journal::SpendReserve() {
  if (!has_reserve_.exchange(false)) return false;
  const auto removed = io_.Remove(options_.directory + '/' + std::string(kReserveName));
  if (!removed) LogError("ingest", removed.error());
  return removed.has_value();
}

Status Journal::Release(const FinishedSegment& segment) {
  KeepKeys(segment);
  SKEP_TRY(io_.Remove(PathOf(segment.number, kJournalEnding)));
  // One after the other: a later segment may hold the notes that say what of an earlier one is
  // committed, so it must not be gone first.
  return io_.SyncDirectory(options_.directory);
}

// Writes what the dedup window still needs of the segment's keys, and drops the files that it needs
// no more. A failure costs only that a repeated request may not be known after a restart.
void Journal::KeepKeys(const FinishedSegment& segment) {
  const int64_t oldest_ns = options_.clock() - kDedupWindowNs;
  KeysFile file{segment.number, 0, 0};
  std::vector<TimedKey> keys;
  for (const TimedKey& key : segment.keys) {
    if (key.time_ns < oldest_ns) continue;
    keys.push_back(key);
    file.newest_ns = std::max(file.newest_ns, key.time_ns);
  }
  file.keys = keys.size();
  if (!keys.empty()) {
    const auto kept = WriteWholeFile(io_, options_.directory,
                                     SegmentName(segment.number, kKeysEnding), EncodeSidecar(keys));
    if (kept)
      keys_files_.push_back(file);
    else
      LogError("ingest", kept.error());
  }
  size_t total = 0;
  for (const KeysFile& kept : keys_files_) total += kept.keys;
  while (!keys_files_.empty() &&
         (keys_files_.front().newest_ns < oldest_ns || total > kDedupKeysMax)) {
    total -= keys_files_.front().keys;
    const auto removed = io_.Remove(PathOf(keys_files_.front().number, kKeysEnding));
    if (!removed) LogError("ingest", removed.error());
    keys_files_.pop_front();
  }
}

std::string Journal::PathOf(uint64_t number, std::string_view ending) const {
  return options_.directory + '/' + SegmentName(number, ending);
}

}  // namespace skep
