// SPDX-License-Identifier: Apache-2.0
#include "ingest/journal_segment.h"

#include <fmt/format.h>

#include <charconv>
#include <cstring>

#include "ingest/crc32c.h"

namespace skep {
namespace {

constexpr size_t kNumberDigits = 16;

struct RawHeader {
  char magic[8] = {'S', 'K', 'E', 'P', 'J', 'R', 'N', 'L'};
  uint32_t version = 1;
  uint32_t synced = 1;
  JournalId journal{};
  uint64_t number = 0;
  uint64_t next_sequence = 0;
  uint8_t reserved[12] = {};
  uint32_t crc = 0;
};
static_assert(sizeof(RawHeader) == kSegmentHeaderBytes);

uint32_t ChecksumOf(std::string_view header) {
  return Crc32c(0, header.substr(0, kSegmentHeaderBytes - sizeof(uint32_t)));
}

// The next good entry at or after `from`; npos if there is none. A damaged entry's claimed end is
// tried first, because its body may hold bytes that look like an entry.
size_t NextGoodEntry(std::string_view bytes, size_t damaged_at) {
  const size_t claimed = ClaimedEntrySize(bytes.substr(damaged_at));
  if (claimed != 0 && claimed < bytes.size() - damaged_at &&
      DecodeEntry(bytes.substr(damaged_at + claimed)).has_value())
    return damaged_at + claimed;
  for (size_t at = FindEntryStart(bytes, damaged_at + 1); at != std::string_view::npos;
       at = FindEntryStart(bytes, at + 1))
    if (DecodeEntry(bytes.substr(at)).has_value()) return at;
  return std::string_view::npos;
}

}  // namespace

std::string EncodeSegmentHeader(const SegmentHeader& header) {
  RawHeader raw;
  raw.synced = header.synced ? 1 : 0;
  raw.journal = header.journal;
  raw.number = header.number;
  raw.next_sequence = header.next_sequence;
  std::string bytes(sizeof raw, '\0');
  std::memcpy(bytes.data(), &raw, sizeof raw);
  raw.crc = ChecksumOf(bytes);
  std::memcpy(bytes.data(), &raw, sizeof raw);
  return bytes;
}

Result<SegmentHeader> DecodeSegmentHeader(std::string_view bytes) {
  const RawHeader expected;
  RawHeader raw;
  if (bytes.size() < sizeof raw) return Error(Code::kOutOfRange, "the segment's header is cut off");
  std::memcpy(&raw, bytes.data(), sizeof raw);
  if (std::memcmp(raw.magic, expected.magic, sizeof raw.magic) != 0 ||
      raw.crc != ChecksumOf(bytes.substr(0, sizeof raw)))
    return Error(Code::kDataLoss, "the segment's header is damaged");
  if (raw.version != expected.version)
    return Error(Code::kFailedPrecondition, "the journal was written by another version");
  if (raw.next_sequence > kSequenceMax)
    return Error(Code::kDataLoss, "the segment's header is damaged");
  SegmentHeader header;
  header.journal = raw.journal;
  header.number = raw.number;
  header.next_sequence = raw.next_sequence;
  header.synced = raw.synced != 0;
  return header;
}

std::string SegmentName(uint64_t number, std::string_view ending) {
  return fmt::format("{:016}{}", number, ending);
}

std::optional<uint64_t> SegmentNumber(std::string_view name, std::string_view* ending) {
  if (name.size() <= kNumberDigits || name[kNumberDigits] != '.') return std::nullopt;
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + kNumberDigits, number);
  if (error != std::errc() || end != name.data() + kNumberDigits) return std::nullopt;
  *ending = name.substr(kNumberDigits);
  return number;
}

SegmentScan ScanSegment(std::string_view bytes, const OnEntry& on_entry) {
  SegmentScan scan;
  size_t at = 0;
  if (auto header = DecodeSegmentHeader(bytes)) {
    scan.header = *header;
    at = kSegmentHeaderBytes;
    scan.good_end = at;
  }
  while (at < bytes.size()) {
    const auto entry = DecodeEntry(bytes.substr(at));
    if (entry) {
      on_entry(at, *entry);
      at += entry->size;
      scan.good_end = at;
      continue;
    }
    const size_t next = NextGoodEntry(bytes, at);
    if (next == std::string_view::npos) break;
    scan.damaged.push_back({at, next - at});
    at = next;
  }
  return scan;
}

}  // namespace skep
