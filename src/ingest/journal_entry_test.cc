// SPDX-License-Identifier: Apache-2.0
#include "ingest/journal_entry.h"

#include <gtest/gtest.h>

#include <random>

#include "ingest/crc32c.h"
#include "ingest/journal_segment.h"
#include "ingest/testing.h"

namespace skep {
namespace {

using testing::Lines;

Bytes Packed(std::string_view body, uint64_t sequence = 7) {
  Submission submission = Lines(body, {1, 2});
  submission.context = "10.0.0.1";
  Bytes entry;
  EXPECT_TRUE(PackRequest(submission, &entry).has_value());
  FinishRequest(sequence, &entry);
  return entry;
}

TEST(Crc32cTest, KnownVectorAndBothWaysAgree) {
  EXPECT_EQ(Crc32c(0, "123456789"), 0xE3069283u);
  std::string bytes;
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(Crc32c(0, bytes), Crc32cPortable(0, bytes)) << i;
    EXPECT_EQ(Crc32c(Crc32c(0, bytes.substr(0, bytes.size() / 3)), bytes.substr(bytes.size() / 3)),
              Crc32c(0, bytes));
    bytes.push_back(static_cast<char>(i * 37));
  }
}

TEST(JournalEntryTest, RequestComesBack) {
  const std::string body(100'000, 'x');
  const Bytes bytes = Packed(body);
  EXPECT_LT(bytes.size(), body.size() / 10);
  const auto entry = DecodeEntry(bytes.view());
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->kind, EntryKind::kRequest);
  EXPECT_EQ(entry->size, bytes.size());
  EXPECT_EQ(entry->sequence, 7u);
  EXPECT_EQ(entry->door, Door::kOtlp);
  EXPECT_EQ(entry->format, static_cast<uint16_t>(WireFormat::kOtlpLogsProto));
  EXPECT_EQ(entry->project, "default");
  EXPECT_EQ(entry->context, "10.0.0.1");
  EXPECT_EQ(entry->dedup, (DedupKey{1, 2}));
  const auto unpacked = UnpackBody(*entry);
  ASSERT_TRUE(unpacked.has_value());
  EXPECT_EQ(unpacked->view(), body);
}

TEST(JournalEntryTest, BodiesThatDoNotShrinkAreStoredAsTheyAre) {
  std::mt19937_64 random(1);
  std::string body(1000, '\0');
  for (char& c : body) c = static_cast<char>(random());
  for (const std::string& each : {body, std::string(), std::string("a")}) {
    const Bytes bytes = Packed(each);
    const auto entry = DecodeEntry(bytes.view());
    ASSERT_TRUE(entry.has_value());
    EXPECT_FALSE(entry->compressed);
    EXPECT_EQ(UnpackBody(*entry)->view(), each);
  }
}

TEST(JournalEntryTest, NotesComeBack) {
  SealNote note{3, 9, 77, {1, 2, 3}};
  const Bytes seal = EncodeSeal(note);
  const auto entry = DecodeEntry(seal.view());
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->kind, EntryKind::kSeal);
  EXPECT_EQ(entry->seal.Token(), note.Token());
  EXPECT_EQ(note.Token(), "01020300000000000000000000000000-3-9-77");
  const Bytes commit = EncodeCommit(9);
  EXPECT_EQ(DecodeEntry(commit.view())->kind, EntryKind::kCommit);
  EXPECT_EQ(DecodeEntry(commit.view())->sequence, 9u);
}

TEST(JournalEntryTest, EveryCutIsOutOfRange) {
  const Bytes bytes = Packed("some body");
  for (size_t size = 0; size < bytes.size(); ++size) {
    const auto entry = DecodeEntry(bytes.view().substr(0, size));
    ASSERT_FALSE(entry.has_value());
    EXPECT_EQ(entry.error().code, Code::kOutOfRange) << size;
  }
}

TEST(JournalEntryTest, EveryFlippedBitIsFound) {
  const Bytes good = Packed("some body");
  for (size_t bit = 0; bit < good.size() * 8; ++bit) {
    Bytes bad(good.view());
    bad.data()[bit / 8] = static_cast<char>(bad.data()[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(DecodeEntry(bad.view()).has_value()) << bit;
  }
}

TEST(JournalEntryTest, LyingFieldsUnderAGoodChecksum) {
  struct Case {
    const char* why;
    size_t offset;
    uint8_t value;
  };
  for (const Case& c : {Case{"kind", 12, 9}, Case{"kind zero", 12, 0}, Case{"door", 13, 0},
                        Case{"door", 13, 7}, Case{"codec", 50, 2}, Case{"sequence", 23, 0xFF},
                        Case{"project longer than payload", 49, 0xFF},
                        Case{"context longer than payload", 55, 0xFF}, Case{"body size", 59, 1}}) {
    Bytes bad = Packed("some body");
    bad.data()[c.offset] = static_cast<char>(c.value);
    const uint32_t crc = Crc32c(Crc32c(0, bad.view().substr(64)), bad.view().substr(8, 56));
    std::memcpy(bad.data() + 4, &crc, sizeof crc);
    const auto entry = DecodeEntry(bad.view());
    ASSERT_FALSE(entry.has_value()) << c.why;
    EXPECT_EQ(entry.error().code, Code::kDataLoss) << c.why;
  }
}

TEST(JournalEntryTest, RandomBytesNeverCrash) {
  std::mt19937_64 random(2);
  const Bytes good = Packed(std::string(300, 'x'));
  for (int round = 0; round < 20'000; ++round) {
    Bytes bytes(good.view());
    for (uint64_t n = random() % 8; n > 0; --n)
      bytes.data()[random() % bytes.size()] = static_cast<char>(random());
    const auto entry = DecodeEntry(bytes.view().substr(0, random() % bytes.size()));
    if (entry && entry->kind == EntryKind::kRequest) (void)UnpackBody(*entry).has_value();
  }
}

TEST(JournalEntryTest, TooLongANameIsRefused) {
  Submission submission = Lines("x");
  submission.project = std::string(70'000, 'p');
  Bytes entry;
  const auto packed = PackRequest(submission, &entry);
  ASSERT_FALSE(packed.has_value());
  EXPECT_EQ(packed.error().code, Code::kInvalidArgument);
}

TEST(JournalSegmentTest, HeaderRefusesDamageAndOtherVersions) {
  SegmentHeader header;
  header.number = 12;
  header.next_sequence = 99;
  header.synced = false;
  std::string bytes = EncodeSegmentHeader(header);
  const auto back = DecodeSegmentHeader(bytes);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->number, 12u);
  EXPECT_EQ(back->next_sequence, 99u);
  EXPECT_FALSE(back->synced);
  EXPECT_EQ(DecodeSegmentHeader(bytes.substr(0, 63)).error().code, Code::kOutOfRange);
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string bad = bytes;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    EXPECT_EQ(DecodeSegmentHeader(bad).error().code, Code::kDataLoss) << i;
  }
  bytes[8] = 2;
  const uint32_t crc = Crc32c(0, std::string_view(bytes).substr(0, 60));
  std::memcpy(bytes.data() + 60, &crc, sizeof crc);
  EXPECT_EQ(DecodeSegmentHeader(bytes).error().code, Code::kFailedPrecondition);
}

TEST(JournalSegmentTest, NamesAreReadStrictly) {
  std::string_view ending;
  EXPECT_EQ(SegmentName(12, kJournalEnding), "0000000000000012.journal");
  EXPECT_EQ(SegmentNumber("0000000000000012.journal", &ending), 12u);
  EXPECT_EQ(ending, ".journal");
  for (const char* bad : {"", "lock", "12.journal", "000000000000001x.journal", "0000000000000012",
                          "-000000000000012.journal"})
    EXPECT_FALSE(SegmentNumber(bad, &ending).has_value()) << bad;
}

TEST(JournalSegmentTest, AnEntryInsideADamagedBodyIsNotTakenForOne) {
  // A client may send bytes that look like an entry of the journal.
  std::mt19937_64 random(3);
  std::string noise(200, '\0');
  for (char& c : noise) c = static_cast<char>(random());
  const std::string inner(Packed("inner", 500).view());
  std::string bytes = EncodeSegmentHeader({});
  const size_t first = bytes.size();
  bytes += Packed(noise + inner + noise, 1).view();
  const size_t second = bytes.size();
  bytes += Packed("second", 2).view();
  bytes[first + 70] = static_cast<char>(bytes[first + 70] ^ 1);
  std::vector<uint64_t> found;
  const SegmentScan scan =
      ScanSegment(bytes, [&](size_t, const EntryView& e) { found.push_back(e.sequence); });
  EXPECT_EQ(found, std::vector<uint64_t>{2});
  ASSERT_EQ(scan.damaged.size(), 1u);
  EXPECT_EQ(scan.damaged[0].offset, first);
  EXPECT_EQ(scan.damaged[0].size, second - first);
  EXPECT_EQ(scan.good_end, bytes.size());
}

}  // namespace
}  // namespace skep
