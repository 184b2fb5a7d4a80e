// SPDX-License-Identifier: Apache-2.0
// JournalSegment: one file of the journal: its name, its header and how to read it. A segment is a
// header followed by entries, written once from front to back. Reading goes on after damage: what
// lies between two good entries is reported, and only bytes after the last good one can be a torn
// tail. Pure; thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ingest/journal_entry.h"

namespace skep {

inline constexpr size_t kSegmentHeaderBytes = 64;

struct SegmentHeader {
  JournalId journal{};
  uint64_t number = 0;
  uint64_t next_sequence = 1;  // every smaller one had been given out when the file was made
  bool synced = true;          // false: written under Durability::kProcess
};

std::string EncodeSegmentHeader(const SegmentHeader& header);
Result<SegmentHeader> DecodeSegmentHeader(std::string_view bytes);

// "0000000000000012.journal", and the same number with another ending for the files beside it.
std::string SegmentName(uint64_t number, std::string_view ending);
inline constexpr std::string_view kJournalEnding = ".journal";
inline constexpr std::string_view kKeysEnding = ".keys";        // see dedup_sidecar.h
inline constexpr std::string_view kCorruptEnding = ".corrupt";  // damaged bytes, set aside
inline constexpr std::string_view kUnknownEnding = ".unknown";  // entries nobody here can decode
// The number in a file's name; nothing if it is not a name of ours. `ending` gets the rest.
std::optional<uint64_t> SegmentNumber(std::string_view name, std::string_view* ending);

struct DamagedRange {
  size_t offset = 0;
  size_t size = 0;
};

struct SegmentScan {
  std::optional<SegmentHeader> header;
  std::vector<DamagedRange> damaged;  // with good entries behind them
  size_t good_end = 0;                // where the last good entry ends; the rest may be torn
};

using OnEntry = std::function<void(size_t offset, const EntryView& entry)>;
SegmentScan ScanSegment(std::string_view bytes, const OnEntry& on_entry);

}  // namespace skep
