// SPDX-License-Identifier: Apache-2.0
// What a start makes of what a crash left. A crash is a copy of the journal's folder and of the
// store at some moment, over which another sink is made.
#include "ingest/recovery.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "ingest/crc32c.h"
#include "ingest/testing.h"

namespace skep {
namespace {

namespace fs = std::filesystem;
using testing::Ids;
using testing::kPatienceMs;
using testing::Lines;
using testing::Range;
using testing::ReadFile;
using testing::World;
using testing::WriteFile;

// What would be left if the machine stopped now.
void CopyCrash(const World& from, World* to) {
  fs::remove_all(to->options.directory);
  fs::copy(from.options.directory, to->options.directory);
  to->store.SetBlocks(from.store.blocks());
}

// A sink whose requests stay in the open block.
struct SlowWorld : World {
  SlowWorld() {
    options.idle_commit_ms = 600'000;
    options.block_age_max_ms = 600'000;
  }
};

// Three requests that are only in the journal, and where they are in its file.
struct ThreeEntries {
  World crashed;
  fs::path file;
  std::string bytes;
  std::vector<size_t> starts;

  ThreeEntries() {
    SlowWorld world;
    EXPECT_TRUE(world.Start().has_value());
    for (int id = 1; id <= 3; ++id) EXPECT_TRUE(world.Submit(Ids(id)).has_value());
    CopyCrash(world, &crashed);
    file = crashed.Files(".journal").at(0);
    bytes = ReadFile(file);
    ScanSegment(bytes, [&](size_t offset, const EntryView&) { starts.push_back(offset); });
    EXPECT_EQ(starts.size(), 3u);
  }
  // Starts over with these bytes as the journal.
  void Restart(std::string_view journal) {
    crashed.sink = nullptr;
    fs::remove_all(crashed.options.directory);
    fs::create_directories(crashed.options.directory);
    crashed.store.SetBlocks({});
    WriteFile(file, journal);
    ASSERT_TRUE(crashed.Start().has_value());
  }
};

TEST(RecoveryTest, ATornTailIsCutAtEveryByte) {
  ThreeEntries three;
  for (size_t size = three.starts[2]; size < three.bytes.size(); ++size) {
    three.Restart(std::string_view(three.bytes).substr(0, size));
    ASSERT_EQ(three.crashed.store.ids(), Range(1, 2)) << size;
    ASSERT_EQ(three.crashed.sink->Stats().torn_bytes, size - three.starts[2]);
    ASSERT_EQ(three.crashed.sink->Stats().corrupt_entries, 0u);
    ASSERT_EQ(three.crashed.sink->Stats().recovered_requests, 2u);
  }
}

TEST(RecoveryTest, ATailWithABadChecksumIsCut) {
  ThreeEntries three;
  std::string bytes = three.bytes;
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  three.Restart(bytes);
  EXPECT_EQ(three.crashed.store.ids(), Range(1, 2));
  EXPECT_EQ(three.crashed.sink->Stats().torn_bytes, bytes.size() - three.starts[2]);
}

TEST(RecoveryTest, ATornHeaderOfANewFileIsCut) {
  ThreeEntries three;
  for (const size_t size : {0, 1, 63}) {
    three.Restart(std::string_view(three.bytes).substr(0, size));
    EXPECT_TRUE(three.crashed.store.ids().empty());
    EXPECT_EQ(three.crashed.sink->Stats().torn_bytes, size);
    EXPECT_TRUE(three.crashed.Submit(Ids(9)).has_value());
  }
}

TEST(RecoveryTest, ADamagedEntryInTheMiddleIsSetAside) {
  ThreeEntries three;
  for (size_t at = three.starts[1]; at < three.starts[2]; at += 3) {
    std::string bytes = three.bytes;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x40);
    three.Restart(bytes);
    ASSERT_EQ(three.crashed.store.ids(), (std::multiset<int>{1, 3})) << at;
    ASSERT_EQ(three.crashed.sink->Stats().corrupt_entries, 1u);
    ASSERT_EQ(three.crashed.sink->Stats().torn_bytes, 0u);
    const auto aside = three.crashed.Files(".corrupt");
    ASSERT_EQ(aside.size(), 1u);
    ASSERT_EQ(ReadFile(aside[0]), bytes.substr(three.starts[1], three.starts[2] - three.starts[1]));
  }
}

TEST(RecoveryTest, ADamagedHeaderCostsNoEntry) {
  ThreeEntries three;
  std::string bytes = three.bytes;
  bytes[20] = static_cast<char>(bytes[20] ^ 1);
  three.Restart(bytes);
  EXPECT_EQ(three.crashed.store.ids(), Range(1, 3));
  EXPECT_EQ(three.crashed.sink->Stats().corrupt_entries, 1u);
}

TEST(RecoveryTest, BytesThatAreNoJournalAreKeptApart) {
  ThreeEntries three;
  three.Restart("this is no journal at all, but somebody put it here under the name of one");
  EXPECT_TRUE(three.crashed.store.ids().empty());
  EXPECT_EQ(three.crashed.sink->Stats().corrupt_entries, 1u);
  ASSERT_EQ(three.crashed.Files(".corrupt").size(), 1u);
  EXPECT_TRUE(ReadFile(three.crashed.Files(".corrupt")[0]).starts_with("this is no journal"));
  EXPECT_TRUE(three.crashed.Submit(Ids(1)).has_value());
}

TEST(RecoveryTest, AJournalOfAnotherVersionIsLeftAlone) {
  ThreeEntries three;
  std::string bytes = three.bytes;
  bytes[8] = 9;
  const uint32_t crc = Crc32c(0, std::string_view(bytes).substr(0, 60));
  std::memcpy(bytes.data() + 60, &crc, sizeof crc);
  WriteFile(three.file, bytes);
  const auto started = three.crashed.Start();
  ASSERT_FALSE(started.has_value());
  EXPECT_EQ(started.error().code, Code::kFailedPrecondition);
  EXPECT_EQ(ReadFile(three.file), bytes);
}

TEST(RecoveryTest, EveryStepOfACommitMayBeTheLast) {
  // Crashes: answered; sealed; inserted; released.
  World live;
  std::vector<std::unique_ptr<World>> crashes;
  const auto crash = [&] {
    crashes.push_back(std::make_unique<World>());
    CopyCrash(live, crashes.back().get());
  };
  live.store.SetBefore([&](std::string_view) -> Status {
    crash();
    return {};
  });
  live.store.SetAfter([&](std::string_view) -> Status {
    crash();
    return {};
  });
  ASSERT_TRUE(live.Start().has_value());
  for (int id = 1; id <= 3; ++id) {
    ASSERT_TRUE(live.Submit(Ids(id)).has_value());
    ASSERT_TRUE(live.sink->Barrier(kPatienceMs).has_value());
    crash();
  }
  ASSERT_EQ(crashes.size(), 9u);
  for (size_t i = 0; i < crashes.size(); ++i) {
    World& world = *crashes[i];
    const int acknowledged = static_cast<int>(i) / 3 + 1;
    ASSERT_TRUE(world.Start().has_value());
    EXPECT_EQ(world.store.ids(), Range(1, acknowledged)) << i;
    // And it goes on, under new names.
    ASSERT_TRUE(world.Submit(Ids(10)).has_value());
    ASSERT_TRUE(world.sink->Barrier(kPatienceMs).has_value());
    EXPECT_EQ(world.store.ids().size(), static_cast<size_t>(acknowledged) + 1) << i;
    EXPECT_GT(world.sink->Stats().sequence_acknowledged, static_cast<uint64_t>(acknowledged));
  }
}

TEST(RecoveryTest, ACrashWhileRecoveringCostsNothing) {
  SlowWorld live;
  ASSERT_TRUE(live.Start().has_value());
  for (int id = 0; id < 35; ++id) ASSERT_TRUE(live.Submit(Ids(id)).has_value());
  World first;
  first.options.block_rows_max = 10;
  CopyCrash(live, &first);
  std::vector<std::unique_ptr<World>> crashes;
  const auto crash = [&](std::string_view) -> Status {
    crashes.push_back(std::make_unique<World>());
    CopyCrash(first, crashes.back().get());
    return {};
  };
  first.store.SetBefore(crash);
  first.store.SetAfter(crash);
  ASSERT_TRUE(first.Start().has_value());
  EXPECT_EQ(first.store.ids(), Range(0, 35));
  EXPECT_EQ(first.store.blocks().size(), 4u);
  ASSERT_EQ(crashes.size(), 8u);
  for (const auto& world : crashes) {
    ASSERT_TRUE(world->Start().has_value());
    EXPECT_EQ(world->store.ids(), Range(0, 35));
  }
}

TEST(RecoveryTest, AStoreThatIsNotReadyYetIsWaitedFor) {
  SlowWorld live;
  ASSERT_TRUE(live.Start().has_value());
  ASSERT_TRUE(live.Submit(Ids(1)).has_value());
  World crashed;
  CopyCrash(live, &crashed);
  int calls = 0;
  crashed.store.SetBefore([&](std::string_view) -> Status {
    if (++calls < 3) return Error(Code::kUnavailable, "starting");
    return {};
  });
  ASSERT_TRUE(crashed.Start().has_value());
  EXPECT_EQ(crashed.store.ids(), Range(1, 1));
}

TEST(RecoveryTest, AFormatThatNobodyKnowsIsKeptAside) {
  SlowWorld live;
  ASSERT_TRUE(live.Start().has_value());
  ASSERT_TRUE(live.Submit(Ids(1)).has_value());
  Submission unknown = Ids(2);
  unknown.format = WireFormat::kRollbarItem;
  ASSERT_TRUE(live.Submit(std::move(unknown)).has_value());
  ASSERT_TRUE(live.Submit(Ids(3)).has_value());
  World crashed;
  CopyCrash(live, &crashed);
  ASSERT_TRUE(crashed.Start().has_value());
  EXPECT_EQ(crashed.store.ids(), (std::multiset<int>{1, 3}));
  EXPECT_EQ(crashed.sink->Stats().unknown_entries, 1u);
  const auto aside = crashed.Files(".unknown");
  ASSERT_EQ(aside.size(), 1u);
  const std::string kept = ReadFile(aside[0]);
  const auto entry = DecodeEntry(kept);
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(UnpackBody(*entry)->view(), testing::Marker(2) + "\n");
  ASSERT_TRUE(crashed.Start().has_value());  // it is not met again
  EXPECT_EQ(crashed.sink->Stats().unknown_entries, 0u);
  EXPECT_EQ(crashed.Files(".unknown").size(), 1u);
}

TEST(RecoveryTest, SequencesGoOnAfterTheJournalIsEmpty) {
  World world;
  uint64_t last = 0;
  for (int round = 0; round < 4; ++round) {
    ASSERT_TRUE(world.Start().has_value());
    EXPECT_EQ(world.sink->Stats().recovered_requests, 0u);
    ASSERT_TRUE(world.Submit(Ids(round)).has_value());
    EXPECT_EQ(world.sink->Stats().sequence_acknowledged, last + 1);
    last = world.sink->Stats().sequence_acknowledged;
    world.sink->Shutdown();
    ASSERT_TRUE(world.Start().has_value());  // and once more without any request
  }
  EXPECT_EQ(world.store.ids(), Range(0, 4));
  EXPECT_EQ(world.Files(".journal").size(), 1u);
}

TEST(RecoveryTest, SequencesSkipWhatAPowerCutMayHaveTaken) {
  World world;
  world.options.durability = Durability::kProcess;
  ASSERT_TRUE(world.Start().has_value());
  ASSERT_TRUE(world.Submit(Ids(1)).has_value());
  ASSERT_TRUE(world.Start().has_value());
  ASSERT_TRUE(world.Submit(Ids(2)).has_value());
  EXPECT_GT(world.sink->Stats().sequence_acknowledged, 1'000'000u);
}

TEST(RecoveryTest, RepeatedRequestsAreKnownAfterARestart) {
  World world;
  world.options.journal_segment_bytes = 4096;
  int64_t now_ns = WallClockNs();
  std::atomic<int64_t> shift_ns{0};
  world.options.clock = [&] { return now_ns + shift_ns; };
  ASSERT_TRUE(world.Start().has_value());
  for (int id = 1; id <= 100; ++id)
    ASSERT_TRUE(world.Submit(Ids(id, 1, {1, static_cast<uint64_t>(id)})).has_value());
  ASSERT_TRUE(world.sink->Barrier(kPatienceMs).has_value());
  ASSERT_TRUE(world.Start().has_value());
  EXPECT_FALSE(world.Files(".keys").empty());
  for (int id = 1; id <= 100; ++id)
    ASSERT_TRUE(world.Submit(Ids(id, 1, {1, static_cast<uint64_t>(id)})).has_value());
  ASSERT_TRUE(world.sink->Barrier(kPatienceMs).has_value());
  EXPECT_EQ(world.store.ids(), Range(1, 100));
  // They are forgotten when the window is over, and their files go with the next release.
  shift_ns = 2 * kDedupWindowNs;
  ASSERT_TRUE(world.Start().has_value());
  EXPECT_TRUE(world.Submit(Ids(1, 1, {1, 1})).has_value());
  ASSERT_TRUE(world.sink->Barrier(kPatienceMs).has_value());
  EXPECT_EQ(world.store.ids().count(1), 2u);
  EXPECT_TRUE(world.Files(".keys").empty());
}

TEST(RecoveryTest, ADamagedFileOfKeysStopsNothing) {
  World world;
  ASSERT_TRUE(world.Start().has_value());
  ASSERT_TRUE(world.Submit(Ids(1, 1, {1, 1})).has_value());
  ASSERT_TRUE(world.Start().has_value());
  const auto keys = world.Files(".keys");
  ASSERT_EQ(keys.size(), 1u);
  WriteFile(keys[0], "SKEPKEY1 nonsense");
  ASSERT_TRUE(world.Start().has_value());
  EXPECT_TRUE(world.Submit(Ids(2)).has_value());
}

TEST(RecoveryTest, ASealThatCannotBeWrittenIsTriedAgain) {
  SlowWorld world;
  ASSERT_TRUE(world.Start().has_value());
  ASSERT_TRUE(world.Submit(Ids(1)).has_value());
  world.faults->part_of_append = 10;
  world.faults->Fail("append", Code::kResourceExhausted);
  const int appends = world.faults->appends;
  EXPECT_EQ(world.sink->Barrier(20).error().code, Code::kDeadlineExceeded);
  const int64_t deadline_ns = MonotonicNs() + kPatienceMs * kNsPerMs;
  while (world.faults->appends < appends + 2) {  // it goes on trying, though nobody waits any more
    ASSERT_LT(MonotonicNs(), deadline_ns);
    std::this_thread::yield();
  }
  EXPECT_EQ(world.store.inserts(), 0);  // not without its name in the journal
  world.faults->Heal();
  ASSERT_TRUE(world.sink->Barrier(kPatienceMs).has_value());
  EXPECT_EQ(world.store.ids(), Range(1, 1));
}

TEST(RecoveryTest, TheReserveLetsAFullJournalCommit) {
  SlowWorld world;
  world.options.journal_segment_bytes = 1;  // each group ends its segment
  ASSERT_TRUE(world.Start().has_value());
  const int syncs = world.faults->syncs;
  ASSERT_TRUE(world.Submit(Ids(1)).has_value());
  // The request's, and the one of the next segment's header: nothing more is appended by itself.
  const int64_t deadline_ns = MonotonicNs() + kPatienceMs * kNsPerMs;
  while (world.faults->syncs < syncs + 2) {
    ASSERT_LT(MonotonicNs(), deadline_ns);
    std::this_thread::yield();
  }
  const fs::path reserve = fs::path(world.options.directory) / "reserve";
  EXPECT_TRUE(fs::exists(reserve));
  std::atomic<bool> spent{false};
  world.store.SetBefore([&](std::string_view) -> Status {
    spent = !fs::exists(reserve);
    return {};
  });
  world.faults->reserve_helps = true;
  world.faults->Fail("append", Code::kResourceExhausted);
  ASSERT_TRUE(world.sink->Barrier(kPatienceMs).has_value());
  EXPECT_TRUE(spent);
  EXPECT_TRUE(fs::exists(reserve));  // there again, now that a segment is gone
  EXPECT_EQ(world.store.ids(), Range(1, 1));
}

// Writes down what was applied, and drops what it had before, as an observer must.
class Notebook : public CommitObserver {
 public:
  struct Page {
    std::vector<uint64_t> applied;
    int settled = 0;
    bool settle_fails = false;
  };
  class Effect : public CommitEffect {
   public:
    explicit Effect(Notebook* notebook) : notebook_(notebook) {}
    void Apply(uint64_t sequence) override {
      notebook_->page.With([&](Page& page) { page.applied.push_back(sequence); });
    }

   private:
    Notebook* notebook_;
  };
  std::unique_ptr<CommitEffect> Extract(const RecordBatch& batch,
                                        const RequestInfo& request) override {
    EXPECT_NE(request.sequence, 0u);
    EXPECT_EQ(request.project, "default");
    if (batch.records().size() != 1) return nullptr;
    return std::make_unique<Effect>(this);
  }
  Status Settle() override {
    return page.With([](Page& notes) -> Status {
      if (notes.settle_fails) return Error(Code::kUnavailable, "the catalog cannot be written");
      ++notes.settled;
      return {};
    });
  }
  std::vector<uint64_t> applied() const {
    return page.With([](const Page& notes) { return notes.applied; });
  }
  Guarded<Page> page;
};

TEST(EffectsTest, AppliedOnceInOrderAfterTheCommit) {
  World world;
  world.options.block_rows_max = 3;
  Notebook notebook;
  world.observers = {&notebook};
  ASSERT_TRUE(world.Start().has_value());
  world.store.SetBefore([&](std::string_view token) -> Status {
    // Nothing of a block before the block itself.
    const std::string text(token);
    const size_t dash = text.find('-');
    const uint64_t first = std::stoull(text.substr(dash + 1));
    for (const uint64_t sequence : notebook.applied()) EXPECT_LT(sequence, first);
    return {};
  });
  for (int id = 1; id <= 20; ++id)
    ASSERT_TRUE(world.Submit(Ids(id * 10, id % 5 == 0 ? 2 : 1)).has_value());
  ASSERT_TRUE(world.sink->Barrier(kPatienceMs).has_value());
  std::vector<uint64_t> expected;
  for (uint64_t sequence = 1; sequence <= 20; ++sequence)
    if (sequence % 5 != 0) expected.push_back(sequence);
  EXPECT_EQ(notebook.applied(), expected);
  notebook.page.With([&](const Notebook::Page& page) {
    EXPECT_EQ(page.settled, static_cast<int>(world.store.blocks().size()));
  });
}

TEST(EffectsTest, AppliedAgainOnlyForTheBlockThatACrashCaught) {
  World live;
  Notebook before;
  live.observers = {&before};
  World crashed;
  Notebook after;
  crashed.observers = {&after};
  ASSERT_TRUE(live.Start().has_value());
  ASSERT_TRUE(live.Submit(Ids(1)).has_value());
  ASSERT_TRUE(live.sink->Barrier(kPatienceMs).has_value());
  live.store.SetAfter([&](std::string_view) -> Status {
    CopyCrash(live, &crashed);
    return {};
  });
  ASSERT_TRUE(live.Submit(Ids(2)).has_value());
  ASSERT_TRUE(live.sink->Barrier(kPatienceMs).has_value());
  EXPECT_EQ(before.applied(), (std::vector<uint64_t>{1, 2}));
  ASSERT_TRUE(crashed.Start().has_value());
  EXPECT_EQ(after.applied(), (std::vector<uint64_t>{2}));
  EXPECT_EQ(crashed.store.ids(), Range(1, 2));
}

TEST(EffectsTest, WhatCannotBeMadeDurableIsInTheJournalUntilItIs) {
  World live;
  Notebook before;
  live.observers = {&before};
  ASSERT_TRUE(live.Start().has_value());
  before.page.With([](Notebook::Page& page) { page.settle_fails = true; });
  for (int id = 1; id <= 2; ++id) {
    ASSERT_TRUE(live.Submit(Ids(id)).has_value());
    ASSERT_TRUE(live.sink->Barrier(kPatienceMs).has_value());
  }
  EXPECT_EQ(before.applied(), (std::vector<uint64_t>{1, 2}));
  World crashed;
  Notebook after;
  after.page.With([](Notebook::Page& page) { page.settle_fails = true; });
  crashed.observers = {&after};
  CopyCrash(live, &crashed);
  // It cannot be written at this start either, nor forgotten.
  for (const auto& expected : {std::vector<uint64_t>{1, 2}, std::vector<uint64_t>{1, 2, 1, 2}}) {
    ASSERT_TRUE(crashed.Start().has_value());
    EXPECT_EQ(after.applied(), expected);
    EXPECT_EQ(crashed.store.ids(), Range(1, 2));
    crashed.sink = nullptr;
  }

  before.page.With([](Notebook::Page& page) { page.settle_fails = false; });
  ASSERT_TRUE(live.Submit(Ids(3)).has_value());
  ASSERT_TRUE(live.sink->Barrier(kPatienceMs).has_value());
  live.sink->Shutdown();
  World later;
  Notebook nothing;
  later.observers = {&nothing};
  CopyCrash(live, &later);
  ASSERT_TRUE(later.Start().has_value());
  EXPECT_TRUE(nothing.applied().empty());
  EXPECT_EQ(later.store.ids(), Range(1, 3));
}

}  // namespace
}  // namespace skep
