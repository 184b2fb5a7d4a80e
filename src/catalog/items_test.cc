// SPDX-License-Identifier: Apache-2.0
#include "catalog/items.h"

#include <gtest/gtest.h>

namespace skep {
namespace {

// The smallest transition: counts, and keeps the last time and what the occurrence says.
void Count(Item& item, const ItemOccurrence& occurrence) {
  if (item.total_occurrences == 0) {
    item.title = occurrence.title;
    item.level = occurrence.level;
  }
  item.last_occurrence_ns = occurrence.time_ns;
  ++item.total_occurrences;
}

class ItemsTest : public ::testing::Test {
 protected:
  ItemsTest() {
    auto opened = Database::Open({":memory:"});
    EXPECT_TRUE(opened.has_value()) << opened.error().detail;
    database_ = std::move(*opened);
    items_ = std::make_unique<Items>(database_.get());
  }

  static ItemOccurrence Occurrence(uint64_t item, std::string title, int64_t time_ns) {
    ItemOccurrence occurrence;
    occurrence.item = item;
    occurrence.project = "default";
    occurrence.environment = item % 2 == 0 ? "staging" : "production";
    occurrence.title = std::move(title);
    occurrence.level = item % 2 == 0 ? ItemLevel::kInfo : ItemLevel::kError;
    occurrence.time_ns = time_ns;
    return occurrence;
  }
  void Add(uint64_t sequence, std::vector<ItemOccurrence> occurrences) {
    const Status applied = items_->Apply({{sequence, std::move(occurrences)}}, Count);
    EXPECT_TRUE(applied.has_value()) << applied.error().detail;
  }
  std::vector<int64_t> Counters(const ItemFilter& filter, const ItemPaging& paging = {}) {
    std::vector<int64_t> counters;
    const auto page = items_->ListItems(filter, paging);
    EXPECT_TRUE(page.has_value()) << page.error().detail;
    for (const Item& item : page->items) counters.push_back(item.counter);
    return counters;
  }

  std::unique_ptr<Database> database_;
  std::unique_ptr<Items> items_;
};

using Ints = std::vector<int64_t>;

TEST_F(ItemsTest, KeepsIdsOfAll64BitsAndCountsPerProject) {
  const uint64_t id = 0xfedcba9876543210u;
  Add(1, {Occurrence(id, "a", 10), Occurrence(id, "b", 20)});
  ItemOccurrence other = Occurrence(5, "c", 30);
  other.project = "other";
  Add(2, {other});
  const auto item = items_->GetItem(id);
  ASSERT_TRUE(item.has_value());
  EXPECT_EQ(item->id, id);
  EXPECT_EQ(item->title, "a");
  EXPECT_EQ(item->total_occurrences, 2);
  EXPECT_EQ(item->counter, 1);
  EXPECT_EQ(items_->GetItem(5)->counter, 1);
  EXPECT_EQ(items_->GetItemByCounter("other", 1)->id, 5u);
}

TEST_F(ItemsTest, ABatchAppliedBeforeChangesNothing) {
  Add(7, {Occurrence(1, "a", 10)});
  Add(7, {Occurrence(1, "a", 10)});
  Add(6, {Occurrence(1, "a", 10)});
  EXPECT_EQ(items_->GetItem(1)->total_occurrences, 1);
  Add(8, {Occurrence(1, "a", 10)});
  EXPECT_EQ(items_->GetItem(1)->total_occurrences, 2);
}

TEST_F(ItemsTest, ListsByFilterAndOrder) {
  Add(1, {Occurrence(1, "KeyError: 100%", 50), Occurrence(2, "hello", 90),
          Occurrence(3, "Keyerror: x", 70), Occurrence(3, "", 60)});
  EXPECT_EQ(Counters({}), (Ints{2, 3, 1}));
  EXPECT_EQ(Counters({}, {.order = ItemOrder::kOccurrences}), (Ints{3, 2, 1}));
  EXPECT_EQ(Counters({}, {.order = ItemOrder::kLevel}), (Ints{3, 1, 2}));
  EXPECT_EQ(Counters({.environments = {"production", "nowhere"}}), (Ints{3, 1}));
  EXPECT_EQ(Counters({.level_min = ItemLevel::kWarning}), (Ints{3, 1}));
  EXPECT_EQ(Counters({.title_contains = "keyERROR"}), (Ints{3, 1}));
  EXPECT_EQ(Counters({.title_contains = "0%"}), (Ints{1}));
  EXPECT_EQ(Counters({.title_contains = "y_rror"}), Ints{});
  EXPECT_EQ(Counters({.title_contains = "'; DROP TABLE items; --"}), Ints{});
  EXPECT_EQ(Counters({.last_occurrence_from_ns = 60}), (Ints{2, 3}));
  EXPECT_EQ(Counters({.statuses = {ItemStatus::kMuted}}), Ints{});
  EXPECT_EQ(Counters({.statuses = {ItemStatus::kMuted, ItemStatus::kActive}}).size(), 3u);
  EXPECT_EQ(Counters({.project = "other"}), Ints{});
}

TEST_F(ItemsTest, PagesWithATotal) {
  for (uint64_t i = 1; i <= 5; ++i) Add(i, {Occurrence(i, "t", static_cast<int64_t>(i))});
  const auto page = items_->ListItems({}, {.limit = 2, .offset = 2});
  ASSERT_TRUE(page.has_value());
  EXPECT_EQ(page->total, 5u);
  ASSERT_EQ(page->items.size(), 2u);
  EXPECT_EQ(page->items[0].id, 3u);
  EXPECT_TRUE(items_->ListItems({}, {.limit = 2, .offset = 9})->items.empty());
  const auto huge = items_->ListItems({}, {.limit = Items::kPageMax + 1});
  ASSERT_FALSE(huge.has_value());
  EXPECT_EQ(huge.error().code, Code::kInvalidArgument);
}

TEST_F(ItemsTest, WhatIsNotThereIsNotFound) {
  EXPECT_EQ(items_->GetItem(1).error().code, Code::kNotFound);
  EXPECT_EQ(items_->GetItemByCounter("default", 1).error().code, Code::kNotFound);
  const auto modified = items_->Modify(1, [](Item&) -> Status { return {}; });
  EXPECT_EQ(modified.error().code, Code::kNotFound);
}

TEST_F(ItemsTest, ModifyKeepsAllOrNothing) {
  Add(1, {Occurrence(1, "t", 10)});
  const auto muted = items_->Modify(1, [](Item& item) -> Status {
    item.status = ItemStatus::kMuted;
    return {};
  });
  ASSERT_TRUE(muted.has_value());
  EXPECT_EQ(muted->status, ItemStatus::kMuted);
  const auto failed = items_->Modify(1, [](Item& item) -> Status {
    item.status = ItemStatus::kActive;
    return Error(Code::kFailedPrecondition, "no");
  });
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(items_->GetItem(1)->status, ItemStatus::kMuted);
}

TEST_F(ItemsTest, NamesGoBothWays) {
  for (const auto& entry : kItemStatusNames)
    EXPECT_EQ(ItemStatusFromName(NameOf(entry.status)), entry.status);
  for (const auto& entry : kItemLevelNames)
    EXPECT_EQ(ItemLevelFromName(NameOf(entry.level)), entry.level);
  EXPECT_EQ(ItemStatusFromName("Active"), std::nullopt);
  EXPECT_EQ(ItemLevelFromName(""), std::nullopt);
}

}  // namespace
}  // namespace skep
