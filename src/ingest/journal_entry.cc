// SPDX-License-Identifier: Apache-2.0
#include "ingest/journal_entry.h"

#include <lz4.h>

#include <bit>
#include <cstring>
#include <limits>

#include "base/check.h"
#include "base/hex.h"
#include "ingest/crc32c.h"

namespace skep {
namespace {

static_assert(std::endian::native == std::endian::little, "entries are written as they lie");

constexpr std::string_view kMagic = "SKJ1";
constexpr size_t kGuardedFrom = 8;  // the magic and the checksum itself are not under it

enum class Codec : uint8_t { kStored = 0, kLz4 = 1 };

struct Header {
  char magic[4] = {'S', 'K', 'J', '1'};
  uint32_t crc = 0;
  uint32_t payload_bytes = 0;
  EntryKind kind = EntryKind::kRequest;
  uint8_t door = 0;
  uint16_t format = 0;
  uint64_t sequence = 0;
  int64_t receive_time_ns = 0;
  uint64_t dedup_high = 0;
  uint64_t dedup_low = 0;
  uint16_t project_bytes = 0;
  Codec codec = Codec::kStored;
  uint8_t flags = 0;
  uint32_t context_bytes = 0;
  uint32_t body_bytes = 0;
  uint32_t reserved = 0;
};
static_assert(sizeof(Header) == kJournalEntryHeaderBytes);

struct SealPayload {
  uint64_t first;
  uint64_t nonce;
  JournalId journal;
};
static_assert(sizeof(SealPayload) == 32);

// The payload first, then the header: the payload's part can be done before the sequence is known.
uint32_t ChecksumOf(uint32_t payload_crc, std::string_view entry) {
  return Crc32c(payload_crc, entry.substr(kGuardedFrom, kJournalEntryHeaderBytes - kGuardedFrom));
}

void Finish(Header header, uint32_t payload_crc, Bytes* entry) {
  std::memcpy(entry->data(), &header, sizeof header);
  header.crc = ChecksumOf(payload_crc, entry->view());
  std::memcpy(entry->data(), &header, sizeof header);
}

Error Damaged(std::string why) {
  return Error(Code::kDataLoss, "damaged journal entry", std::move(why));
}

Result<EntryView> ReadRequest(const Header& header, std::string_view payload, EntryView view) {
  const size_t names = size_t{header.project_bytes} + header.context_bytes;
  if (names > payload.size()) return Damaged("names longer than the payload");
  if (header.door < static_cast<uint8_t>(Door::kOtlp) || header.door > kDoorNames.size())
    return Damaged("no such door");
  if (header.codec != Codec::kStored && header.codec != Codec::kLz4) return Damaged("codec");
  view.door = static_cast<Door>(header.door);
  view.format = header.format;
  view.receive_time_ns = header.receive_time_ns;
  view.dedup = {header.dedup_high, header.dedup_low};
  view.project = payload.substr(0, header.project_bytes);
  view.context = payload.substr(header.project_bytes, header.context_bytes);
  view.packed_body = payload.substr(names);
  view.body_bytes = header.body_bytes;
  view.compressed = header.codec == Codec::kLz4;
  // lz4 cannot make more than 255 bytes of one, so a lying size is found before it is allocated.
  if (view.compressed ? view.body_bytes / 255 > view.packed_body.size() ||
                            view.body_bytes > kJournalEntryBytesMax
                      : view.body_bytes != view.packed_body.size())
    return Damaged("body size");
  return view;
}

}  // namespace

std::string SealNote::Token() const {
  std::string token;
  AppendHex(journal.data(), journal.size(), &token);
  token += '-' + std::to_string(first) + '-' + std::to_string(last) + '-' + std::to_string(nonce);
  return token;
}

Status PackRequest(const Submission& submission, Bytes* out) {
  const std::string_view body = submission.batch.body();
  const size_t names = submission.project.size() + submission.context.size();
  if (body.size() > kJournalEntryBytesMax / 2 || names > kJournalEntryBytesMax / 4)
    return Error(Code::kInvalidArgument, "the request is too large");
  if (submission.project.size() > std::numeric_limits<uint16_t>::max())
    return Error(Code::kInvalidArgument, "the project's name is too long");

  const int bound = LZ4_compressBound(static_cast<int>(body.size()));
  out->Clear();
  out->ResizeUninitialized(sizeof(Header) + names + static_cast<size_t>(bound));
  char* at = out->data() + sizeof(Header);
  std::memcpy(at, submission.project.data(), submission.project.size());
  std::memcpy(at + submission.project.size(), submission.context.data(), submission.context.size());
  char* packed = at + names;
  size_t packed_bytes = 0;
  if (!body.empty())
    packed_bytes = static_cast<size_t>(
        LZ4_compress_default(body.data(), packed, static_cast<int>(body.size()), bound));

  Header header;
  header.codec = Codec::kLz4;
  if (packed_bytes == 0 || packed_bytes >= body.size()) {
    header.codec = Codec::kStored;
    packed_bytes = body.size();
    if (!body.empty()) std::memcpy(packed, body.data(), body.size());
  }
  out->ResizeUninitialized(sizeof(Header) + names + packed_bytes);
  header.payload_bytes = static_cast<uint32_t>(names + packed_bytes);
  header.door = static_cast<uint8_t>(submission.door);
  header.format = static_cast<uint16_t>(submission.format);
  header.receive_time_ns = submission.receive_time_ns;
  header.dedup_high = submission.dedup.high;
  header.dedup_low = submission.dedup.low;
  header.project_bytes = static_cast<uint16_t>(submission.project.size());
  header.context_bytes = static_cast<uint32_t>(submission.context.size());
  header.body_bytes = static_cast<uint32_t>(body.size());
  header.crc = Crc32c(0, out->view().substr(sizeof header));  // the payload's, till it is finished
  std::memcpy(out->data(), &header, sizeof header);
  return {};
}

void FinishRequest(uint64_t sequence, Bytes* entry) {
  SKEP_CHECK(entry->size() >= sizeof(Header) && sequence <= kSequenceMax);
  Header header;
  std::memcpy(&header, entry->data(), sizeof header);
  header.sequence = sequence;
  Finish(header, header.crc, entry);
}

Bytes EncodeSeal(const SealNote& note) {
  const SealPayload payload{note.first, note.nonce, note.journal};
  Bytes entry;
  entry.ResizeUninitialized(sizeof(Header));
  entry.AppendRaw(payload);
  Header header;
  header.kind = EntryKind::kSeal;
  header.sequence = note.last;
  header.payload_bytes = sizeof payload;
  Finish(header, Crc32c(0, entry.view().substr(sizeof header)), &entry);
  return entry;
}

Bytes EncodeCommit(uint64_t sequence) {
  Bytes entry;
  entry.ResizeUninitialized(sizeof(Header));
  Header header;
  header.kind = EntryKind::kCommit;
  header.sequence = sequence;
  Finish(header, Crc32c(0, {}), &entry);
  return entry;
}

size_t ClaimedEntrySize(std::string_view bytes) {
  if (bytes.size() < sizeof(Header)) return 0;
  Header header;
  std::memcpy(&header, bytes.data(), sizeof header);
  return sizeof header + header.payload_bytes;
}

Result<EntryView> DecodeEntry(std::string_view bytes) {
  if (bytes.substr(0, kMagic.size()) != kMagic.substr(0, bytes.size())) return Damaged("magic");
  if (bytes.size() < sizeof(Header)) return Error(Code::kOutOfRange, "the entry is cut off");
  Header header;
  std::memcpy(&header, bytes.data(), sizeof header);
  const size_t size = sizeof header + header.payload_bytes;
  if (size > kJournalEntryBytesMax) return Damaged("length");
  if (size > bytes.size()) return Error(Code::kOutOfRange, "the entry is cut off");
  const std::string_view entry = bytes.substr(0, size);
  const std::string_view payload = entry.substr(sizeof header);
  if (ChecksumOf(Crc32c(0, payload), entry) != header.crc) return Damaged("checksum");
  if (header.sequence > kSequenceMax) return Damaged("sequence");

  EntryView view;
  view.kind = header.kind;
  view.size = size;
  view.sequence = header.sequence;
  switch (header.kind) {
    case EntryKind::kRequest:
      return ReadRequest(header, payload, view);
    case EntryKind::kSeal: {
      SealPayload seal{};
      if (payload.size() != sizeof seal) return Damaged("seal");
      std::memcpy(&seal, payload.data(), sizeof seal);
      if (seal.first > header.sequence) return Damaged("seal");
      view.seal = {seal.first, header.sequence, seal.nonce, seal.journal};
      return view;
    }
    case EntryKind::kCommit:
      if (!payload.empty()) return Damaged("commit");
      return view;
  }
  return Damaged("kind");
}

Result<Bytes> UnpackBody(const EntryView& entry) {
  if (!entry.compressed) return Bytes(entry.packed_body);
  Bytes body;
  body.ResizeUninitialized(entry.body_bytes);
  const int size = LZ4_decompress_safe(entry.packed_body.data(), body.data(),
                                       static_cast<int>(entry.packed_body.size()),
                                       static_cast<int>(entry.body_bytes));
  if (size < 0 || static_cast<size_t>(size) != entry.body_bytes) return Damaged("body");
  return body;
}

size_t FindEntryStart(std::string_view bytes, size_t from) { return bytes.find(kMagic, from); }

}  // namespace skep
