// SPDX-License-Identifier: Apache-2.0
// The engine's merged parts outlive power loss, as the blocks do that they are made of.
#include <gtest/gtest.h>

#include "store/conformance.h"

namespace skep::testing {
namespace {

uint64_t FilesSynced(Store& store) {
  const auto table =
      store.Query(Statement("SELECT sum(value) FROM system.events WHERE event = 'FileSync'"));
  EXPECT_TRUE(table);
  return table ? table->column(0).UInt(0) : 0;
}

TEST(MergedPartsTest, AreSyncedBeforeTheirSourcesGo) {
  SKEP_OPEN_TEST_STORE(store);
  ASSERT_TRUE(store->Insert(NumberedBlock("x", 10), "a"));
  ASSERT_TRUE(store->Insert(NumberedBlock("y", 10), "b"));
  const uint64_t before = FilesSynced(*store);
  ASSERT_TRUE(store->Query(Statement("OPTIMIZE TABLE events FINAL")));
  EXPECT_GT(FilesSynced(*store), before);
}

}  // namespace
}  // namespace skep::testing
