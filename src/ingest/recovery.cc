// SPDX-License-Identifier: Apache-2.0
#include "ingest/recovery.h"

#include <algorithm>
#include <random>
#include <utility>

#include "base/log.h"

namespace skep {
namespace {

// Without syncs a power cut may take sequences with it that are in the store; skipping this many
// keeps their event ids from coming again.
constexpr uint64_t kSkipAfterUnsynced = 1u << 20;

JournalId DrawJournalId() {
  std::random_device device;
  JournalId id;
  for (uint8_t& byte : id) byte = static_cast<uint8_t>(device());
  return id;
}

// Reads the files one after the other, oldest first.
class Reader {
 public:
  Reader(JournalIo& io, const std::string& directory, int64_t now_ns, DedupWindow* dedup)
      : io_(io), directory_(directory), oldest_key_ns_(now_ns - kDedupWindowNs), dedup_(dedup) {}

  Result<JournalFindings> Read() {
    SKEP_ASSIGN(const auto names, io_.List(directory_));
    std::vector<uint64_t> segments;
    for (const std::string& name : names) {
      std::string_view ending;
      const auto number = SegmentNumber(name, &ending);
      if (!number) continue;
      found_.start.next_number = std::max(found_.start.next_number, *number + 1);
      if (ending == kJournalEnding) segments.push_back(*number);
      if (ending == kKeysEnding) SKEP_TRY(ReadKeys(*number));
    }
    for (const uint64_t number : segments) SKEP_TRY(ReadSegment(number, number == segments.back()));
    Finish();
    return std::move(found_);
  }

 private:
  std::string PathOf(uint64_t number, std::string_view ending) const {
    return directory_ + '/' + SegmentName(number, ending);
  }

  Status ReadKeys(uint64_t number) {
    const std::string path = PathOf(number, kKeysEnding);
    SKEP_ASSIGN(const Bytes bytes, io_.Read(path));
    KeysFile file{number, 0, 0};
    if (const auto keys = DecodeSidecar(bytes.view())) {
      file.keys = keys->size();
      for (const TimedKey& key : *keys) {
        file.newest_ns = std::max(file.newest_ns, key.time_ns);
        Remember(key);
      }
    } else {
      // Costs only that a repeated request may be stored twice; it goes with the next release.
      LogError("ingest", Error(Code::kDataLoss, keys.error().message, path));
    }
    found_.start.keys_files.push_back(file);
    return {};
  }

  void Remember(const TimedKey& key) {
    if (key.time_ns >= oldest_key_ns_) dedup_->Restore(key.key, key.time_ns);
  }

  Status ReadSegment(uint64_t number, bool is_last) {
    SKEP_ASSIGN(const Bytes bytes, io_.Read(PathOf(number, kJournalEnding)));
    const auto header = DecodeSegmentHeader(bytes.view());
    if (!header && header.error().code == Code::kFailedPrecondition) return header.error();
    FinishedSegment segment{number, bytes.size(), 0, {}};
    OpenSegment open{number, {}};
    SegmentScan scan = ScanSegment(bytes.view(), [&](size_t offset, const EntryView& entry) {
      OnEntry(offset, entry, &segment, &open);
    });
    if (scan.header) OnHeader(*scan.header);
    if (scan.good_end < bytes.size()) {
      // A header is on the disk before the first entry is written: a file that is long enough for
      // one and has none is damaged, not torn.
      const bool torn = scan.good_end != 0 || bytes.size() < kSegmentHeaderBytes;
      if (is_last && torn) {
        SKEP_TRY(CutTail(number, scan.good_end, bytes.size()));
        segment.bytes = scan.good_end;
      } else {
        scan.damaged.push_back({scan.good_end, bytes.size() - scan.good_end});
      }
    }
    SKEP_TRY(SetAside(number, bytes.view(), scan.damaged));
    found_.start.segments.push_back(std::move(segment));
    if (!open.entries.empty()) found_.open.push_back(std::move(open));
    return {};
  }

  void OnHeader(const SegmentHeader& header) {
    if (!have_id_) found_.start.id = header.journal;
    have_id_ = true;
    unsynced_ |= !header.synced;
    next_sequence_ = std::max(next_sequence_, header.next_sequence);
  }

  void OnEntry(size_t offset, const EntryView& entry, FinishedSegment* segment, OpenSegment* open) {
    next_sequence_ = std::max(next_sequence_, entry.sequence + 1);
    switch (entry.kind) {
      case EntryKind::kRequest:
        segment->last_sequence = std::max(segment->last_sequence, entry.sequence);
        open->entries.push_back({entry.sequence, offset});
        if (!IsZero(entry.dedup)) {
          const TimedKey key{entry.dedup, entry.receive_time_ns};
          Remember(key);
          if (key.time_ns >= oldest_key_ns_) segment->keys.push_back(key);
        }
        break;
      case EntryKind::kSeal:
        found_.seals.try_emplace(entry.seal.last, entry.seal);
        break;
      case EntryKind::kCommit:
        found_.committed = std::max(found_.committed, entry.sequence);
        break;
    }
  }

  // What was never whole was never acknowledged.
  Status CutTail(uint64_t number, size_t good_end, size_t size) {
    const std::string path = PathOf(number, kJournalEnding);
    SKEP_ASSIGN(auto file, io_.OpenExisting(path));
    SKEP_TRY(file->Truncate(good_end));
    SKEP_TRY(file->Sync());
    found_.torn_bytes += size - good_end;
    Log(LogLevel::kWarn, "ingest", "cut the torn tail of the journal file={} bytes={}", path,
        size - good_end);
    return {};
  }

  Status SetAside(uint64_t number, std::string_view bytes,
                  const std::vector<DamagedRange>& damaged) {
    if (damaged.empty()) return {};
    std::string kept;
    for (const DamagedRange& range : damaged) kept += bytes.substr(range.offset, range.size);
    const std::string name = SegmentName(number, kCorruptEnding);
    SKEP_TRY(WriteWholeFile(io_, directory_, name, kept));
    found_.corrupt_entries += damaged.size();
    Log(LogLevel::kError, "ingest",
        "damaged bytes in the journal, set aside in {} places={} bytes={}", name, damaged.size(),
        kept.size());
    return {};
  }

  void Finish() {
    if (!have_id_) found_.start.id = DrawJournalId();
    found_.start.next_sequence = next_sequence_ + (unsynced_ ? kSkipAfterUnsynced : 0);
    std::erase_if(found_.seals, [&](const auto& seal) { return seal.first <= found_.committed; });
    for (OpenSegment& open : found_.open)
      std::erase_if(open.entries,
                    [&](const OpenEntry& entry) { return entry.sequence <= found_.committed; });
    std::erase_if(found_.open, [](const OpenSegment& open) { return open.entries.empty(); });
  }

  JournalIo& io_;
  const std::string& directory_;
  const int64_t oldest_key_ns_;
  DedupWindow* dedup_;
  JournalFindings found_;
  uint64_t next_sequence_ = 1;
  bool have_id_ = false;
  bool unsynced_ = false;
};

// Forms blocks of what Reader found.
class Replay {
 public:
  Replay(JournalIo& io, const ReplayOptions& options, const JournalFindings& findings,
         const Sink::Parts& parts, RecentSpans& recent_spans, BlockCommit& commit)
      : io_(io),
        options_(options),
        findings_(findings),
        parts_(parts),
        commit_(commit),
        block_(recent_spans) {}

  Result<ReplayCounts> Run() {
    for (const OpenSegment& segment : findings_.open) {
      SKEP_ASSIGN(const Bytes bytes,
                  io_.Read(options_.directory + '/' + SegmentName(segment.number, kJournalEnding)));
      std::string unknown;
      for (const OpenEntry& entry : segment.entries) {
        SKEP_TRY(Add(bytes.view().substr(entry.offset), &unknown));
      }
      if (!unknown.empty())
        SKEP_TRY(WriteWholeFile(io_, options_.directory,
                                SegmentName(segment.number, kUnknownEnding), unknown));
    }
    SKEP_TRY(Flush());
    return counts_;
  }

 private:
  Status Add(std::string_view bytes, std::string* unknown) {
    SKEP_ASSIGN(const EntryView entry, DecodeEntry(bytes));
    // The seal that this sequence is under, if it is under one.
    const auto at = findings_.seals.lower_bound(entry.sequence);
    std::optional<SealNote> seal;
    if (at != findings_.seals.end() && at->second.first <= entry.sequence) seal = at->second;
    const bool other_block =
        seal.has_value() != seal_.has_value() || (seal.has_value() && seal->last != seal_->last);
    const bool full =
        block_.rows() >= options_.block_rows_max || block_.bytes() >= options_.block_bytes_max;
    if (other_block || (!seal && full)) SKEP_TRY(Flush());
    seal_ = seal;

    auto batch = Decode(entry);
    if (entry.sequence <= last_sequence_)
      batch = Error(Code::kDataLoss, "its sequence does not follow the one before");
    last_sequence_ = std::max(last_sequence_, entry.sequence);
    if (!batch) {
      Log(LogLevel::kError, "ingest",
          "cannot replay a request: set aside sequence={} format={} error=\"{}\"", entry.sequence,
          entry.format, batch.error().message);
      unknown->append(bytes.substr(0, entry.size));
      ++counts_.unknown_entries;
      return {};
    }
    const RequestInfo info{entry.project, entry.door, entry.sequence, entry.receive_time_ns};
    Effects effects = ExtractEffects(parts_.observers, *batch, info);
    block_.Append(&*batch, info, std::move(effects));
    ++counts_.requests;
    return {};
  }

  Result<RecordBatch> Decode(const EntryView& entry) {
    for (const auto& [format, decode] : parts_.decoders) {
      if (static_cast<uint16_t>(format) != entry.format) continue;
      SKEP_ASSIGN(Bytes body, UnpackBody(entry));
      return decode(std::move(body), {entry.receive_time_ns, entry.context});
    }
    return Error(Code::kUnimplemented, "no decoder for this format");
  }

  Status Flush() {
    if (block_.empty()) return {};
    ++counts_.blocks;
    return commit_.Commit(block_.Take(), seal_, options_.wait);
  }

  JournalIo& io_;
  const ReplayOptions& options_;
  const JournalFindings& findings_;
  const Sink::Parts& parts_;
  BlockCommit& commit_;
  OpenBlock block_;
  std::optional<SealNote> seal_;  // of block_
  uint64_t last_sequence_ = 0;
  ReplayCounts counts_;
};

}  // namespace

Result<JournalFindings> ReadJournal(JournalIo& io, const std::string& directory, int64_t now_ns,
                                    DedupWindow* dedup) {
  return Reader(io, directory, now_ns, dedup).Read();
}

Result<ReplayCounts> ReplayJournal(JournalIo& io, const ReplayOptions& options,
                                   const JournalFindings& findings, const Sink::Parts& parts,
                                   RecentSpans& recent_spans, BlockCommit& commit) {
  return Replay(io, options, findings, parts, recent_spans, commit).Run();
}

}  // namespace skep
