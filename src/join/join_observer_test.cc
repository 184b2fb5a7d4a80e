// SPDX-License-Identifier: Apache-2.0
#include "join/join_observer.h"

#include <gtest/gtest.h>

#include "join/testing.h"

namespace skep::join {
namespace {

RecordBatch Lines(size_t count) {
  RecordBatch batch;
  for (size_t i = 0; i < count; ++i) {
    Record& record = batch.BeginRecord({});
    record.signal = Signal::kLog;
    record.body = "a line";
    batch.EndRecord();
  }
  return batch;
}

class ObserverTest : public ::testing::Test {
 protected:
  // False: there was nothing to do.
  bool Commit(Door door, uint64_t sequence, std::string_view project = "default",
              size_t lines = 1) {
    const RecordBatch batch = Lines(lines);
    const auto effect = observer_.Extract(batch, {project, door, sequence, now_ns_});
    if (effect != nullptr) effect->Apply(sequence);
    return effect != nullptr;
  }

  int64_t now_ns_ = testing::kEpochNs;
  JoinObserver observer_{[this] { return now_ns_; }};
};

TEST_F(ObserverTest, OneDoorAloneCostsNothing) {
  for (uint64_t i = 1; i < 10; ++i) EXPECT_FALSE(Commit(Door::kOtlp, i));
  EXPECT_TRUE(observer_.Take(0).empty());
}

TEST_F(ObserverTest, SecondDoorWakes) {
  Commit(Door::kOtlp, 1);
  EXPECT_TRUE(Commit(Door::kCloudWatch, 2));
  EXPECT_TRUE(Commit(Door::kOtlp, 3));
  const auto deliveries = observer_.Take(0);
  ASSERT_EQ(deliveries.size(), 2u);
  EXPECT_TRUE(deliveries[0].wake);
  EXPECT_EQ(deliveries[0].project, "default");
  EXPECT_EQ(deliveries[0].candidates.lines.size(), 1u);
  EXPECT_FALSE(deliveries[1].wake);
  EXPECT_TRUE(observer_.Take(0).empty());
}

TEST_F(ObserverTest, SecondDoorWakesEvenWithNothingToJoin) {
  Commit(Door::kOtlp, 1);
  const RecordBatch batch;
  const auto effect = observer_.Extract(batch, {"default", Door::kRollbar, 2, now_ns_});
  ASSERT_NE(effect, nullptr);
  effect->Apply(2);
  EXPECT_TRUE(observer_.Take(0).at(0).wake);
}

TEST_F(ObserverTest, DoorOfAnotherProjectDoesNotWake) {
  Commit(Door::kOtlp, 1, "a");
  EXPECT_FALSE(Commit(Door::kCloudWatch, 2, "b"));
}

TEST_F(ObserverTest, HoneycombAndOtlpAreTheSameVoice) {
  Commit(Door::kOtlp, 1);
  EXPECT_FALSE(Commit(Door::kHoneycomb, 2));
}

TEST_F(ObserverTest, DoorThatFellSilentIsForgotten) {
  Commit(Door::kCloudWatch, 1);
  EXPECT_TRUE(Commit(Door::kOtlp, 2));
  now_ns_ += JoinObserver::kSpeakingNs + 1;
  EXPECT_FALSE(Commit(Door::kOtlp, 3));
}

TEST_F(ObserverTest, OwnRecordsAreNotLookedAt) {
  Commit(Door::kOtlp, 1);
  EXPECT_FALSE(Commit(Door::kSkep, 2));
  EXPECT_FALSE(Commit(Door::kOtlp, 3));
}

TEST_F(ObserverTest, EventsAreNamedAsTheStoreNamesThem) {
  Commit(Door::kOtlp, 1);
  Commit(Door::kCloudWatch, 7, "default", 3);
  const auto deliveries = observer_.Take(0);
  ASSERT_EQ(deliveries.size(), 1u);
  ASSERT_EQ(deliveries[0].candidates.lines.size(), 3u);
  EXPECT_EQ(deliveries[0].candidates.lines[2].event_id, EventId(7, 2));
}

TEST_F(ObserverTest, NothingIsSeenBeforeItsCommit) {
  Commit(Door::kOtlp, 1);
  const RecordBatch batch = Lines(1);
  const auto effect = observer_.Extract(batch, {"default", Door::kCloudWatch, 2, now_ns_});
  EXPECT_TRUE(observer_.Take(0).empty());
  effect->Apply(2);
  EXPECT_EQ(observer_.Take(0).size(), 1u);
}

TEST_F(ObserverTest, FloodLeavesAGapAndIsCounted) {
  Commit(Door::kOtlp, 1);
  Commit(Door::kCloudWatch, 2, "default", JoinObserver::kPerSecondMax + 1);
  Commit(Door::kCloudWatch, 3);
  auto deliveries = observer_.Take(0);
  EXPECT_EQ(deliveries.at(0).candidates.lines.size(), JoinObserver::kPerSecondMax);
  EXPECT_EQ(deliveries[0].gap_ns, now_ns_);
  EXPECT_EQ(observer_.dropped(), 2u);
  now_ns_ += kNsPerS;
  Commit(Door::kCloudWatch, 4);
  deliveries = observer_.Take(0);
  EXPECT_EQ(deliveries.at(0).candidates.lines.size(), 1u);  // there is room again
  EXPECT_EQ(deliveries[0].gap_ns, 0);
}

TEST_F(ObserverTest, FullInboxLeavesAGapAndIsCounted) {
  Commit(Door::kOtlp, 1);
  constexpr size_t kBatches = JoinObserver::kWaitingMax / JoinObserver::kPerSecondMax;
  for (uint64_t i = 0; i < kBatches + 5; ++i) {
    now_ns_ += kNsPerS;
    Commit(Door::kCloudWatch, 2 + i, "default", JoinObserver::kPerSecondMax);
  }
  const auto deliveries = observer_.Take(0);
  ASSERT_EQ(deliveries.size(), kBatches + 1);  // one note for the whole gap
  EXPECT_NE(deliveries.back().gap_ns, 0);
  EXPECT_TRUE(deliveries.back().candidates.empty());
  EXPECT_EQ(observer_.dropped(), 5u);
  now_ns_ += kNsPerS;
  Commit(Door::kCloudWatch, 99);
  EXPECT_EQ(observer_.Take(0).at(0).candidates.lines.size(), 1u);
}

TEST_F(ObserverTest, CloseEndsTheWait) {
  observer_.Close();
  EXPECT_TRUE(observer_.Take(3'600'000).empty());
}

}  // namespace
}  // namespace skep::join
