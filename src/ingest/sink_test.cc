// SPDX-License-Identifier: Apache-2.0
// The sink while it runs: answers, blocks, barrier, repeated requests, back-pressure, effects.
#include "ingest/sink.h"

#include <gtest/gtest.h>

#include <thread>

#include "ingest/testing.h"

namespace skep {
namespace {

using testing::Answers;
using testing::Gate;
using testing::Ids;
using testing::kPatienceMs;
using testing::Lines;
using testing::Range;
using testing::World;

constexpr int64_t kSoon = kPatienceMs;

int64_t CountOf(const World& world, Counter counter) {
  return world.counters.door(static_cast<size_t>(Door::kOtlp)).Get(counter);
}

TEST(SinkTest, AnsweredIsVisibleAfterABarrier) {
  World world;
  ASSERT_TRUE(world.Start().has_value());
  for (int id = 0; id < 20; ++id) ASSERT_TRUE(world.Submit(Ids(id)).has_value());
  ASSERT_TRUE(world.sink->Barrier(kSoon).has_value());
  EXPECT_EQ(world.store.ids(), Range(0, 20));
  EXPECT_EQ(CountOf(world, Counter::kRecords), 20);
  EXPECT_GT(CountOf(world, Counter::kLastEventNs), 0);
  const SinkStats stats = world.sink->Stats();
  EXPECT_EQ(stats.sequence_acknowledged, 20u);
  EXPECT_EQ(stats.sequence_committed, 20u);
  EXPECT_EQ(stats.pending_rows, 0u);
}

TEST(SinkTest, AQuietServerShowsARecordByItself) {
  World world;
  ASSERT_TRUE(world.Start().has_value());
  ASSERT_TRUE(world.Submit(Ids(1)).has_value());
  EXPECT_TRUE(world.store.WaitInserts(1));
}

TEST(SinkTest, AnswersOnlyAfterTheSyncAndGroupsWhatArrivedMeanwhile) {
  World world;
  Gate sync;
  sync.Open();
  world.faults->before_sync = [&] { sync.Pass(); };
  world.options.idle_commit_ms = 600'000;  // keeps seals out of the count
  world.options.block_age_max_ms = 600'000;
  ASSERT_TRUE(world.Start().has_value());
  sync.Close();
  const int arrived = sync.arrived();
  Answers answers;
  world.sink->Submit(Ids(0), answers.Next());
  ASSERT_TRUE(sync.WaitArrived(arrived + 1));
  for (int id = 1; id < 50; ++id) world.sink->Submit(Ids(id), answers.Next());
  for (size_t i = 0; i < answers.size(); ++i) EXPECT_FALSE(answers.Has(i));
  const int syncs_before = world.faults->syncs;
  sync.Open();
  for (size_t i = 0; i < 50; ++i) EXPECT_TRUE(answers.Get(i).has_value());
  EXPECT_EQ(world.faults->syncs - syncs_before, 2);  // the first one's, and one for the other 49
}

TEST(SinkTest, WithoutSyncsWhenTheyAreLeftOut) {
  World world;
  world.options.durability = Durability::kProcess;
  ASSERT_TRUE(world.Start().has_value());
  const int syncs_before = world.faults->syncs;
  ASSERT_TRUE(world.Submit(Ids(1)).has_value());
  ASSERT_TRUE(world.sink->Barrier(kSoon).has_value());
  EXPECT_EQ(world.faults->syncs, syncs_before);
}

struct WriteFailure {
  const char* operation;
  Code code;
  int64_t part_of_append;
};
class SinkWriteFailureTest : public ::testing::TestWithParam<WriteFailure> {};

TEST_P(SinkWriteFailureTest, RefusesStoresNothingAndRecovers) {
  World world;
  ASSERT_TRUE(world.Start().has_value());
  ASSERT_TRUE(world.Submit(Ids(1)).has_value());
  ASSERT_TRUE(world.sink->Barrier(kSoon).has_value());
  world.faults->part_of_append = GetParam().part_of_append;
  world.faults->Fail(GetParam().operation, GetParam().code);
  for (int id = 100; id < 110; ++id) {
    const auto refused = world.Submit(Ids(id));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, GetParam().code);
  }
  world.faults->Heal();
  // Space is back: it goes on by itself.
  const int64_t deadline_ns = MonotonicNs() + kPatienceMs * kNsPerMs;
  while (!world.Submit(Ids(2)).has_value()) {
    ASSERT_LT(MonotonicNs(), deadline_ns);
    std::this_thread::yield();
  }
  ASSERT_TRUE(world.sink->Barrier(kSoon).has_value());
  EXPECT_EQ(world.store.ids(), (std::multiset<int>{1, 2}));
  ASSERT_TRUE(world.Start().has_value());
  EXPECT_EQ(world.store.ids(), (std::multiset<int>{1, 2}));
  EXPECT_EQ(world.sink->Stats().torn_bytes, 0u);
  EXPECT_EQ(world.sink->Stats().corrupt_entries, 0u);
}

INSTANTIATE_TEST_SUITE_P(All, SinkWriteFailureTest,
                         ::testing::Values(WriteFailure{"append", Code::kResourceExhausted, 0},
                                           WriteFailure{"append", Code::kResourceExhausted, 33},
                                           WriteFailure{"append", Code::kResourceExhausted, 100},
                                           WriteFailure{"append", Code::kUnavailable, 1 << 20},
                                           WriteFailure{"sync", Code::kUnavailable, -1},
                                           WriteFailure{"sync", Code::kResourceExhausted, -1}));

TEST(SinkTest, AFailedSyncEndsTheFile) {
  World world;
  ASSERT_TRUE(world.Start().has_value());
  ASSERT_TRUE(world.Submit(Ids(1)).has_value());
  ASSERT_TRUE(world.sink->Barrier(kSoon).has_value());
  const auto first = world.Files(".journal");
  world.faults->Fail("sync", Code::kUnavailable);
  EXPECT_FALSE(world.Submit(Ids(2)).has_value());
  world.faults->Heal();
  const int64_t deadline_ns = MonotonicNs() + kPatienceMs * kNsPerMs;
  while (!world.Submit(Ids(3)).has_value()) ASSERT_LT(MonotonicNs(), deadline_ns);
  ASSERT_TRUE(world.sink->Barrier(kSoon).has_value());
  EXPECT_NE(world.Files(".journal").back(), first.back());
}

TEST(SinkTest, WhatCouldNotBeCutOffIsNotStoredWhileTheProcessLives) {
  World world;
  ASSERT_TRUE(world.Start().has_value());
  world.faults->part_of_append = 1 << 20;
  world.faults->Fail("append", Code::kUnavailable);
  world.faults->Fail("truncate", Code::kUnavailable);
  EXPECT_FALSE(world.Submit(Ids(1)).has_value());
  world.faults->Heal();
  const int64_t deadline_ns = MonotonicNs() + kPatienceMs * kNsPerMs;
  while (!world.Submit(Ids(2)).has_value()) ASSERT_LT(MonotonicNs(), deadline_ns);
  ASSERT_TRUE(world.sink->Barrier(kSoon).has_value());
  EXPECT_EQ(world.store.ids(), (std::multiset<int>{2}));
}

TEST(SinkTest, BlocksFillWhileOneIsCommitted) {
  World world;
  world.options.block_rows_max = 10;
  ASSERT_TRUE(world.Start().has_value());
  Gate gate;
  world.store.SetBefore([&](std::string_view) -> Status {
    gate.Pass();
    return {};
  });
  ASSERT_TRUE(world.Submit(Ids(0, 10)).has_value());
  ASSERT_TRUE(gate.WaitArrived(1));
  for (int i = 1; i < 10; ++i) ASSERT_TRUE(world.Submit(Ids(i * 10, 10)).has_value());
  EXPECT_EQ(world.store.inserts(), 1);  // never two at once
  EXPECT_EQ(world.sink->Stats().pending_rows, 100u);
  gate.Open();
  ASSERT_TRUE(world.sink->Barrier(kSoon).has_value());
  EXPECT_EQ(world.store.ids(), Range(0, 100));
  EXPECT_EQ(world.store.blocks().size(), 10u);
}

TEST(SinkTest, AfterLargeBlocksACalmServerLetsTheirMemoryGo) {
  World world;
  world.options.block_rows_max = 1000;
  world.options.calm_ms = 0;
  ASSERT_TRUE(world.Start().has_value());
  ASSERT_TRUE(world.Submit(Ids(0)).has_value());
  ASSERT_TRUE(world.sink->Barrier(kSoon).has_value());
  EXPECT_EQ(world.sink->Stats().memory_releases, 0u);  // a small block leaves nothing behind
  ASSERT_TRUE(world.Submit(Ids(1, 1000)).has_value());
  const int64_t deadline_ns = MonotonicNs() + kPatienceMs * kNsPerMs;
  while (world.sink->Stats().memory_releases == 0) ASSERT_LT(MonotonicNs(), deadline_ns);
  ASSERT_TRUE(world.Submit(Ids(1001, 10)).has_value());
  ASSERT_TRUE(world.sink->Barrier(kSoon).has_value());
  EXPECT_EQ(world.store.ids(), Range(0, 1011));
  EXPECT_EQ(world.sink->Stats().memory_releases, 1u);
}

TEST(SinkTest, ThrottlesWhenTooMuchIsPendingAndTakesItLater) {
  World world;
  world.options.pending_bytes_max = 256 << 10;
  ASSERT_TRUE(world.Start().has_value());
  Gate gate;
  world.store.SetBefore([&](std::string_view) -> Status {
    gate.Pass();
    return {};
  });
  int taken = 0;
  Status last;
  while (taken < 100'000 && (last = world.Submit(Ids(taken * 100, 100))).has_value()) ++taken;
  ASSERT_FALSE(last.has_value());
  EXPECT_EQ(last.error().code, Code::kResourceExhausted);
  EXPECT_GT(taken, 3);
  gate.Open();
  ASSERT_TRUE(world.sink->Barrier(kSoon).has_value());
  EXPECT_TRUE(world.Submit(Ids(taken * 100, 100)).has_value());
  ASSERT_TRUE(world.sink->Barrier(kSoon).has_value());
  EXPECT_EQ(world.store.ids(), Range(0, (taken + 1) * 100));
}

TEST(SinkTest, ThrottlesWhenTheJournalIsFullAndReleasesIt) {
  World world;
  world.options.journal_bytes_max = 64 << 10;
  ASSERT_TRUE(world.Start().has_value());
  Gate gate;
  world.store.SetBefore([&](std::string_view) -> Status {
    gate.Pass();
    return {};
  });
  int taken = 0;
  Status last;
  while (taken < 100'000 && (last = world.Submit(Ids(taken * 10, 10))).has_value()) ++taken;
  ASSERT_FALSE(last.has_value());
  EXPECT_EQ(last.error().code, Code::kResourceExhausted);
  EXPECT_GT(world.Files(".journal").size(), 3u);
  gate.Open();
  ASSERT_TRUE(world.sink->Barrier(kSoon).has_value());
  EXPECT_TRUE(world.Submit(Ids(taken * 10, 10)).has_value());
  ASSERT_TRUE(world.sink->Barrier(kSoon).has_value());
  EXPECT_EQ(world.store.ids(), Range(0, (taken + 1) * 10));
  EXPECT_LE(world.Files(".journal").size(), 2u);
  EXPECT_LT(world.sink->Stats().journal_bytes, 64u << 10);
}

TEST(SinkTest, AFailingStoreIsTriedAgainUnderTheSameName) {
  World world;
  ASSERT_TRUE(world.Start().has_value());
  Guarded<std::vector<std::string>> tokens;
  world.store.SetBefore([&](std::string_view token) -> Status {
    return tokens.With([&](auto& all) -> Status {
      all.emplace_back(token);
      if (all.size() < 4) return Error(Code::kUnavailable, "not now");
      return {};
    });
  });
  ASSERT_TRUE(world.Submit(Ids(1)).has_value());
  ASSERT_TRUE(world.sink->Barrier(kSoon).has_value());
  EXPECT_EQ(world.store.ids(), Range(1, 1));
  tokens.With([](const auto& all) {
    ASSERT_EQ(all.size(), 4u);
    for (const auto& token : all) EXPECT_EQ(token, all[0]);
  });
}

TEST(SinkTest, ABlockThatTheEngineRefusesForGoodIsSetAside) {
  World world;
  ASSERT_TRUE(world.Start().has_value());
  world.store.SetBefore(
      [](std::string_view) -> Status { return Error(Code::kInvalidArgument, "no such column"); });
  ASSERT_TRUE(world.Submit(Ids(1)).has_value());
  ASSERT_TRUE(world.sink->Barrier(kSoon).has_value());
  EXPECT_EQ(world.sink->Stats().rejected_blocks, 1u);
  const auto kept = world.Files(".rejected");
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(testing::MarkersIn(testing::ReadFile(kept[0])), std::vector<int>{1});
  world.store.SetBefore(nullptr);
  ASSERT_TRUE(world.Submit(Ids(2)).has_value());
  ASSERT_TRUE(world.sink->Barrier(kSoon).has_value());
  EXPECT_EQ(world.store.ids(), Range(2, 1));
}

TEST(SinkTest, ABarrierGivesUpAtItsDeadline) {
  World world;
  ASSERT_TRUE(world.Start().has_value());
  Gate gate;
  world.store.SetBefore([&](std::string_view) -> Status {
    gate.Pass();
    return {};
  });
  EXPECT_TRUE(world.sink->Barrier(0).has_value());  // nothing to wait for
  ASSERT_TRUE(world.Submit(Ids(1)).has_value());
  const auto late = world.sink->Barrier(20);
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().code, Code::kDeadlineExceeded);
  gate.Open();
  EXPECT_TRUE(world.sink->Barrier(kSoon).has_value());
}

TEST(SinkTest, ReadersShareCommits) {
  World world;
  world.options.idle_commit_ms = 60'000;
  world.options.block_age_max_ms = 60'000;
  ASSERT_TRUE(world.Start().has_value());
  const int64_t start_ns = MonotonicNs();
  std::vector<std::jthread> readers;
  std::atomic<int> next{0};
  for (int r = 0; r < 4; ++r)
    readers.emplace_back([&] {
      for (int i = 0; i < 10; ++i) {
        const int id = next++;
        EXPECT_TRUE(world.Submit(Ids(id)).has_value());
        EXPECT_TRUE(world.sink->Barrier(kSoon).has_value());
        EXPECT_EQ(world.store.ids().count(id), 1u);
      }
    });
  readers.clear();
  const int64_t tenths = (MonotonicNs() - start_ns) / (100 * kNsPerMs);
  EXPECT_LE(world.store.inserts(), tenths + 2);
  EXPECT_EQ(world.store.ids(), Range(0, 40));
}

TEST(SinkTest, TheSameRequestAgainIsAnsweredAndNotStored) {
  World world;
  ASSERT_TRUE(world.Start().has_value());
  const DedupKey key = DedupKeyOf("default", WireFormat::kOtlpLogsProto, "body");
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(world.Submit(Ids(1, 1, key)).has_value());
  ASSERT_TRUE(world.Submit(Ids(2)).has_value());
  ASSERT_TRUE(world.Submit(Ids(2)).has_value());  // without a key nothing is compared
  ASSERT_TRUE(world.sink->Barrier(kSoon).has_value());
  EXPECT_EQ(world.store.ids(), (std::multiset<int>{1, 2, 2}));
  EXPECT_EQ(CountOf(world, Counter::kDuplicates), 2);
  EXPECT_EQ(CountOf(world, Counter::kRecords), 3);
}

TEST(SinkTest, TheSecondOfTwoWaitsForTheFirst) {
  for (const bool fails : {false, true}) {
    World world;
    Gate sync;
    sync.Open();
    world.faults->before_sync = [&] { sync.Pass(); };
    ASSERT_TRUE(world.Start().has_value());
    sync.Close();
    const int arrived = sync.arrived();
    Answers answers;
    world.sink->Submit(Ids(1, 1, {1, 1}), answers.Next());
    ASSERT_TRUE(sync.WaitArrived(arrived + 1));
    world.sink->Submit(Ids(1, 1, {1, 1}), answers.Next());
    EXPECT_FALSE(answers.Has(1));
    if (fails) world.faults->Fail("sync", Code::kUnavailable);
    sync.Open();
    EXPECT_EQ(answers.Get(0).has_value(), !fails);
    EXPECT_EQ(answers.Get(1).has_value(), !fails);
    world.faults->Heal();
    ASSERT_TRUE(world.sink->Barrier(kSoon).has_value());
    EXPECT_EQ(world.store.ids(), Range(1, fails ? 0 : 1));
  }
}

TEST(SinkTest, AnEmptyRequestIsAnsweredAtOnce) {
  World world;
  ASSERT_TRUE(world.Start().has_value());
  EXPECT_TRUE(world.Submit(Lines("")).has_value());
  EXPECT_EQ(world.sink->Stats().sequence_acknowledged, 0u);
}

TEST(SinkTest, ShutdownCommitsAndThenRefuses) {
  World world;
  world.options.idle_commit_ms = 60'000;
  world.options.block_age_max_ms = 60'000;
  ASSERT_TRUE(world.Start().has_value());
  for (int id = 0; id < 5; ++id) ASSERT_TRUE(world.Submit(Ids(id)).has_value());
  world.sink->Shutdown();
  EXPECT_EQ(world.store.ids(), Range(0, 5));
  const auto refused = world.Submit(Ids(9));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Code::kUnavailable);
  EXPECT_TRUE(world.sink->Barrier(kSoon).has_value());
}

TEST(SinkTest, ASecondSinkOverTheSameJournalIsRefused) {
  World world;
  ASSERT_TRUE(world.Start().has_value());
  Sink::Parts parts;
  parts.store = &world.store;
  parts.counters = &world.counters;
  const auto second = Sink::Create(world.options, parts);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, Code::kFailedPrecondition);
}

TEST(SinkTest, ManyThreadsEachRecordOnce) {
  World world;
  world.options.block_rows_max = 500;
  world.options.journal_segment_bytes = 16 << 10;
  ASSERT_TRUE(world.Start().has_value());
  std::vector<std::jthread> writers;
  for (int w = 0; w < 4; ++w)
    writers.emplace_back([&, w] {
      Answers answers;
      for (int i = 0; i < 250; ++i) {
        const int first = (w * 250 + i) * 4;
        world.sink->Submit(Ids(first, 4), answers.Next());
        if (i % 50 == 0) {
          EXPECT_TRUE(world.sink->Barrier(kSoon).has_value());
        }
      }
      for (size_t i = 0; i < answers.size(); ++i) EXPECT_TRUE(answers.Get(i).has_value());
    });
  writers.clear();
  ASSERT_TRUE(world.sink->Barrier(kSoon).has_value());
  EXPECT_EQ(world.store.ids(), Range(0, 4000));
}

}  // namespace
}  // namespace skep
