// SPDX-License-Identifier: Apache-2.0
#include "errors/items_observer.h"

#include <gtest/gtest.h>

#include "errors/grouping.h"

namespace skep {
namespace {

class ItemsObserverTest : public ::testing::Test {
 protected:
  ItemsObserverTest() {
    auto opened = Database::Open({":memory:"});
    EXPECT_TRUE(opened.has_value()) << opened.error().detail;
    database_ = std::move(*opened);
    items_ = std::make_unique<Items>(database_.get());
    observer_ = std::make_unique<ItemsObserver>(items_.get());
  }

  static void AddError(RecordBatch& batch, uint64_t item, std::string_view person) {
    Record& record = batch.BeginRecord({});
    record.signal = Signal::kError;
    record.item = item;
    record.name = "KeyError: 'x'";
    record.time_ns = 1000;
    batch.Add(error_attributes::kEnvironment, Value::String("production"));
    batch.Add(error_attributes::kLevel, Value::String("critical"));
    batch.Add(error_attributes::kFingerprint, Value::String("f"));
    batch.Add(error_attributes::kExceptionType, Value::String("KeyError"));
    if (!person.empty()) batch.Add(error_attributes::kPersonId, Value::String(person));
    batch.EndRecord();
  }
  std::unique_ptr<CommitEffect> Extract(const RecordBatch& batch) {
    RequestInfo request;
    request.project = "default";
    request.door = Door::kRollbar;
    request.ingest_time_ns = 2000;
    return observer_->Extract(batch, request);
  }

  std::unique_ptr<Database> database_;
  std::unique_ptr<Items> items_;
  std::unique_ptr<ItemsObserver> observer_;
};

TEST_F(ItemsObserverTest, CountsOccurrencesAfterTheCommitOnly) {
  RecordBatch batch;
  AddError(batch, 7, "worf");
  AddError(batch, 7, "garek");
  AddError(batch, 7, "worf");
  auto effect = Extract(batch);
  ASSERT_NE(effect, nullptr);
  EXPECT_TRUE(observer_->Settle());
  EXPECT_FALSE(items_->GetItem(7).has_value());
  effect->Apply(41);
  EXPECT_TRUE(observer_->Settle());
  const auto item = items_->GetItem(7);
  ASSERT_TRUE(item.has_value());
  EXPECT_EQ(item->total_occurrences, 3);
  EXPECT_EQ(item->people, 2);
  EXPECT_EQ(item->title, "KeyError: 'x'");
  EXPECT_EQ(item->level, ItemLevel::kCritical);
  EXPECT_EQ(item->environment, "production");
  EXPECT_EQ(item->exception_class, "KeyError");
  EXPECT_EQ(item->fingerprint, "f");
  EXPECT_EQ(item->first_occurrence_id, EventId(41, 0));
  EXPECT_EQ(item->last_occurrence_id, EventId(41, 2));
}

TEST_F(ItemsObserverTest, AReplayCountsNothingTwice) {
  for (int start = 0; start < 2; ++start) {
    for (uint64_t sequence = 1; sequence <= 3; ++sequence) {
      RecordBatch batch;
      AddError(batch, 7, "");
      Extract(batch)->Apply(sequence);
    }
    EXPECT_TRUE(observer_->Settle());
  }
  EXPECT_EQ(items_->GetItem(7)->total_occurrences, 3);
  EXPECT_EQ(items_->GetItem(7)->people, 0);
}

TEST_F(ItemsObserverTest, LeavesOtherRecordsAlone) {
  RecordBatch batch;
  batch.BeginRecord({}).signal = Signal::kSpan;
  batch.EndRecord();
  batch.BeginRecord({}).signal = Signal::kError;  // an error that no door has grouped
  batch.EndRecord();
  EXPECT_EQ(Extract(batch), nullptr);
}

TEST_F(ItemsObserverTest, KeepsWhatItCouldNotWrite) {
  RecordBatch batch;
  AddError(batch, 7, "");
  Extract(batch)->Apply(1);
  ASSERT_TRUE(database_->Execute("ALTER TABLE items RENAME TO items_away").has_value());
  EXPECT_FALSE(observer_->Settle());
  ASSERT_TRUE(database_->Execute("ALTER TABLE items_away RENAME TO items").has_value());
  EXPECT_FALSE(items_->GetItem(7).has_value());
  EXPECT_TRUE(observer_->Settle());
  EXPECT_EQ(items_->GetItem(7)->total_occurrences, 1);
}

}  // namespace
}  // namespace skep
