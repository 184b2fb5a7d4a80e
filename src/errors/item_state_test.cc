// SPDX-License-Identifier: Apache-2.0
#include "errors/item_state.h"

#include <gtest/gtest.h>

#include "errors/versions.h"

namespace skep {
namespace {

ItemOccurrence Occurrence(int64_t received_ns, std::string version = {}) {
  ItemOccurrence occurrence;
  occurrence.title = "t";
  occurrence.level = ItemLevel::kWarning;
  occurrence.time_ns = received_ns - 5;
  occurrence.received_ns = received_ns;
  occurrence.occurrence_id = static_cast<uint64_t>(received_ns);
  occurrence.code_version = std::move(version);
  return occurrence;
}

Item NewItem() {
  Item item;
  AddOccurrence(item, Occurrence(100));
  return item;
}

TEST(ItemState, TheFirstOccurrenceMakesIt) {
  const Item item = NewItem();
  EXPECT_EQ(item.status, ItemStatus::kActive);
  EXPECT_EQ(item.title, "t");
  EXPECT_EQ(item.level, ItemLevel::kWarning);
  EXPECT_EQ(item.total_occurrences, 1);
  EXPECT_EQ(item.first_occurrence_ns, 95);
  EXPECT_EQ(item.activating_occurrence_id, 100u);
}

TEST(ItemState, FirstAndLastGoByTimeNotByArrival) {
  Item item = NewItem();
  AddOccurrence(item, Occurrence(300));
  AddOccurrence(item, Occurrence(50));
  EXPECT_EQ(item.first_occurrence_id, 50u);
  EXPECT_EQ(item.last_occurrence_id, 300u);
  EXPECT_EQ(item.total_occurrences, 3);
}

TEST(ItemState, AnOccurrenceWakesAResolvedItem) {
  Item item = NewItem();
  ASSERT_TRUE(SetItemStatus(item, ItemStatus::kResolved, 200));
  EXPECT_EQ(item.occurrences_since_resolved, 0);
  AddOccurrence(item, Occurrence(300));
  EXPECT_EQ(item.status, ItemStatus::kActive);
  EXPECT_EQ(item.activating_occurrence_id, 300u);
  EXPECT_EQ(item.last_activated_ns, 300);
  EXPECT_EQ(item.total_occurrences, 2);
  EXPECT_EQ(item.occurrences_since_resolved, 1);
}

TEST(ItemState, WhatArrivedBeforeItWasResolvedDoesNot) {
  Item item = NewItem();
  ASSERT_TRUE(SetItemStatus(item, ItemStatus::kResolved, 200));
  AddOccurrence(item, Occurrence(150));
  EXPECT_EQ(item.status, ItemStatus::kResolved);
  EXPECT_EQ(item.total_occurrences, 2);
}

TEST(ItemState, AnOlderVersionDoesNotWakeIt) {
  const struct {
    const char* version;
    ItemStatus expected;
  } cases[] = {{"1.9.9", ItemStatus::kResolved}, {"2.0.0-rc.1", ItemStatus::kResolved},
               {"2.0.0", ItemStatus::kActive},   {"10.0", ItemStatus::kActive},
               {"", ItemStatus::kActive},        {"9f2c1ab", ItemStatus::kActive}};
  for (const auto& c : cases) {
    Item item = NewItem();
    ASSERT_TRUE(SetItemStatus(item, ItemStatus::kResolved, 200, "2.0.0"));
    AddOccurrence(item, Occurrence(300, c.version));
    EXPECT_EQ(item.status, c.expected) << c.version;
  }
}

TEST(ItemState, MutedStaysMutedAndCounts) {
  Item item = NewItem();
  ASSERT_TRUE(SetItemStatus(item, ItemStatus::kMuted, 200));
  AddOccurrence(item, Occurrence(300));
  EXPECT_EQ(item.status, ItemStatus::kMuted);
  EXPECT_EQ(item.total_occurrences, 2);
  EXPECT_EQ(item.last_muted_ns, 200);
}

TEST(ItemState, RefusesWhatNoStateAllows) {
  Item item = NewItem();
  const Item before = item;
  EXPECT_FALSE(SetItemStatus(item, ItemStatus::kArchived, 1));
  EXPECT_FALSE(SetItemStatus(item, ItemStatus::kResolved, 1, std::string(41, '1')));
  EXPECT_EQ(item.status, before.status);
  EXPECT_EQ(item.last_resolved_ns, 0);
  item.status = ItemStatus::kArchived;
  EXPECT_FALSE(SetItemStatus(item, ItemStatus::kActive, 1));
  AddOccurrence(item, Occurrence(300));
  EXPECT_EQ(item.status, ItemStatus::kArchived);
}

TEST(Versions, AreOrderedAsSemverSays) {
  const char* ordered[] = {"1.0.0-alpha",
                           "1.0.0-alpha.1",
                           "1.0.0-alpha.beta",
                           "1.0.0-beta.2",
                           "1.0.0-beta.11",
                           "1.0.0",
                           "1.0.1",
                           "1.10",
                           "v2",
                           "20"};
  for (size_t i = 0; i + 1 < std::size(ordered); ++i) {
    EXPECT_EQ(CompareVersions(ordered[i], ordered[i + 1]), std::strong_ordering::less)
        << ordered[i];
    EXPECT_EQ(CompareVersions(ordered[i + 1], ordered[i]), std::strong_ordering::greater)
        << ordered[i];
  }
  EXPECT_EQ(CompareVersions("1.0+a", "1.0.0+b"), std::strong_ordering::equal);
  EXPECT_EQ(CompareVersions("9f2c1ab", "1.0"), std::nullopt);
  EXPECT_EQ(CompareVersions("1..0", "1.0"), std::nullopt);
  EXPECT_EQ(CompareVersions("9f2c1ab", "9f2c1ab"), std::strong_ordering::equal);
}

}  // namespace
}  // namespace skep
