// SPDX-License-Identifier: Apache-2.0
// JournalEntry: the codec of what the journal is made of. Three kinds: a request as it was
// received (body compressed with lz4), a seal (these sequences are one block, inserted under this
// token) and a commit (everything up to this sequence is in the store). Each begins with the same
// 64 bytes, little-endian, and is guarded by a CRC32C over all of it. Pure; thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "ingest/sink.h"

namespace skep {

inline constexpr size_t kJournalEntryHeaderBytes = 64;
inline constexpr size_t kJournalEntryBytesMax = size_t{1} << 30;
inline constexpr uint64_t kSequenceMax = (uint64_t{1} << (64 - kEventIdRowBits)) - 1;

enum class EntryKind : uint8_t { kRequest = 1, kSeal = 2, kCommit = 3 };

using JournalId = std::array<uint8_t, 16>;  // drawn when the journal is made

// What a block is called. Everything that its token is made of is in the journal before the block
// is inserted, so that a replay uses the same one.
struct SealNote {
  uint64_t first = 0;
  uint64_t last = 0;
  uint64_t nonce = 0;  // drawn for each block: an old name can never come again
  JournalId journal{};

  std::string Token() const;
};

// A decoded entry; views point into the bytes that it was decoded from.
struct EntryView {
  EntryKind kind = EntryKind::kRequest;
  size_t size = 0;        // of the whole entry
  uint64_t sequence = 0;  // of a request; the last one of a seal or commit
  // Requests only:
  Door door = Door::kOtlp;
  uint16_t format = 0;  // a WireFormat, or one that a newer version wrote
  int64_t receive_time_ns = 0;
  DedupKey dedup;
  std::string_view project;
  std::string_view context;
  std::string_view packed_body;
  size_t body_bytes = 0;
  bool compressed = false;
  // Seals only:
  SealNote seal;
};

// Compresses the body into `out` (cleared first) and leaves the sequence open: the costly part,
// done outside any lock. kInvalidArgument when the request is too large for an entry.
Status PackRequest(const Submission& submission, Bytes* out);
// Fills in the sequence and the checksum, and so finishes an entry made by PackRequest.
void FinishRequest(uint64_t sequence, Bytes* entry);

Bytes EncodeSeal(const SealNote& note);
Bytes EncodeCommit(uint64_t sequence);

// Takes any bytes. The entry begins at the first byte; what follows it is not looked at.
// kOutOfRange: the bytes end before the entry does. kDataLoss: they are no entry, or a damaged one.
Result<EntryView> DecodeEntry(std::string_view bytes);
// The size that the header claims, unverified; 0 when there is not even a header.
size_t ClaimedEntrySize(std::string_view bytes);
Result<Bytes> UnpackBody(const EntryView& entry);

// First place at or after `from` where an entry may begin; npos if there is none.
size_t FindEntryStart(std::string_view bytes, size_t from);

}  // namespace skep
