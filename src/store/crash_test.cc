// SPDX-License-Identifier: Apache-2.0
// The store's process is killed while it stores, and started again over the same folder.
#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>

#include "store/conformance.h"

namespace skep::testing {
namespace {

std::unique_ptr<Store> OpenAt(const SqlTestd& server) {
  ClusterOptions options;
  options.url = server.url();
  auto store = OpenClusterStore(options);
  return store ? std::move(*store) : nullptr;
}

int64_t CountIn(Store& store) {
  const auto table = store.Query(Statement("SELECT count() FROM events"));
  return table ? table->column(0).Int(0) : -1;
}

class CrashTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto embedded = OpenTestStore();
    if (!embedded) GTEST_SKIP() << embedded.error().message;
  }
  TempFolder folder_;
};

TEST_F(CrashTest, ATokenIsKnownAfterARestart) {
  const NativeBlock block = NumberedBlock("x", 10);
  {
    SqlTestd server(folder_.path());
    ASSERT_TRUE(OpenAt(server)->Insert(block, "a"));
    EXPECT_EQ(server.Stop(), 0);
  }
  SqlTestd server(folder_.path());
  const auto store = OpenAt(server);
  EXPECT_EQ(CountIn(*store), 10);
  ASSERT_TRUE(store->Insert(block, "a"));
  EXPECT_EQ(CountIn(*store), 10);
}

TEST_F(CrashTest, KilledWhileItStores) {
  constexpr int kRounds = 8;
  constexpr int kRows = 500;
  const NativeBlock block = NumberedBlock("x", kRows);
  std::mt19937 random(1);
  int next = 0;  // the token that is not acknowledged yet
  for (int round = 0; round < kRounds; ++round) {
    SqlTestd server(folder_.path());
    ASSERT_TRUE(server.serves());
    const auto store = OpenAt(server);
    // What was acknowledged is there once; of the one that was on its way all or nothing.
    const int64_t found = CountIn(*store);
    EXPECT_TRUE(found == int64_t{next} * kRows || found == int64_t{next + 1} * kRows) << found;
    const int kill_after = static_cast<int>(random() % 20);
    std::atomic<int> stored = 0;
    std::jthread killer([&] {
      while (stored <= kill_after) std::this_thread::yield();
      server.Kill();
    });
    while (store->Insert(block, "token-" + std::to_string(next))) {
      ++next;
      ++stored;
    }
    stored = kill_after + 1;
  }
  SqlTestd server(folder_.path());
  const auto store = OpenAt(server);
  for (int token = 0; token <= next; ++token)
    ASSERT_TRUE(store->Insert(block, "token-" + std::to_string(token)));
  EXPECT_EQ(CountIn(*store), int64_t{next + 1} * kRows);
}

TEST_F(CrashTest, AFolderBelongsToOneProcess) {
  SqlTestd server(folder_.path());
  ASSERT_TRUE(server.serves());
  SqlTestd second(folder_.path());
  EXPECT_FALSE(second.serves());
}

TEST_F(CrashTest, WithoutAServer) {
  ClusterOptions options;
  {
    SqlTestd server(folder_.path());
    options.url = server.url();
  }
  const auto store = OpenClusterStore(options);
  ASSERT_TRUE(store);
  const auto table = (*store)->Query(Statement("SELECT 1"));
  ASSERT_FALSE(table);
  EXPECT_EQ(table.error().code, Code::kUnavailable);
  const auto inserted = (*store)->Insert(NumberedBlock("x", 1), "t");
  ASSERT_FALSE(inserted);
  EXPECT_EQ(inserted.error().code, Code::kUnavailable);
}

}  // namespace
}  // namespace skep::testing
