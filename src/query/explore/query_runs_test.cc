// SPDX-License-Identifier: Apache-2.0
#include "query/explore/query_runs.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "query/testing.h"

namespace skep {
namespace {

// Answers when it is let go on, or ends when it is cancelled.
class SlowStore : public Store {
 public:
  Status Migrate() override { return {}; }
  Status Insert(const NativeBlock&, std::string_view) override { return {}; }
  Result<StoreStats> Stats() override { return StoreStats(); }
  Result<ResultTable> Query(const Statement&, const QueryOptions& options,
                            const CancelToken& cancel) override {
    if (options.progress) {
      options.progress->rows_read = 5;
      options.progress->rows_total = 10;
    }
    begun.store(true);
    begun.notify_all();
    while (!going_on.load()) {
      if (cancel.cancelled()) return Error(Code::kCancelled, "cancelled");
      std::this_thread::yield();
    }
    return ResultTable();
  }

  std::atomic<bool> begun = false;
  std::atomic<bool> going_on = false;
};

class NeverSampled : public FieldTypes {
 public:
  TypeSet TypesOf(std::string_view, std::string_view) const override { return TypeSet::All(); }
  bool MayBeSampled(std::string_view) const override { return false; }
};

struct World {
  SlowStore store;
  testing::IdleSink sink;
  Reader reader{&store, &sink};
  NeverSampled types;
  QueryRuns runs;

  explicit World(QueryRuns::Options options) : runs(&reader, &types, options) {}
  RunStatus Look(const std::string& id, int64_t wait_ms = 0) {
    const auto status = runs.Look(id, wait_ms);
    EXPECT_TRUE(status);
    return status ? *status : RunStatus();
  }
};

constexpr int64_t kLongMs = 60'000;

TEST(QueryRunsTest, RunsAndAnswers) {
  World world({.running_max = 1, .waiting_max = 1});
  const auto id = world.runs.Start({});
  ASSERT_TRUE(id);
  world.store.begun.wait(false);
  const RunStatus running = world.Look(*id);
  EXPECT_EQ(running.state, RunState::kRunning);
  EXPECT_EQ(running.rows_read, 5u);
  EXPECT_EQ(running.rows_total, 10u);
  world.store.going_on = true;
  const RunStatus done = world.Look(*id, kLongMs);
  ASSERT_EQ(done.state, RunState::kDone);
  ASSERT_EQ(done.result->rows.size(), 1u);
  EXPECT_EQ(done.result->rows[0].measures[0].Number(), 0);
  EXPECT_TRUE(world.runs.Cancel(*id));
  EXPECT_EQ(world.Look(*id).state, RunState::kDone);
}

TEST(QueryRunsTest, CancelsWhatRunsAndWhatWaits) {
  World world({.running_max = 1, .waiting_max = 1});
  const auto running = world.runs.Start({});
  ASSERT_TRUE(running);
  world.store.begun.wait(false);
  const auto waiting = world.runs.Start({});
  ASSERT_TRUE(waiting);
  EXPECT_EQ(world.Look(*waiting).state, RunState::kWaiting);
  const auto refused = world.runs.Start({});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kResourceExhausted);
  ASSERT_TRUE(world.runs.Cancel(*waiting));
  EXPECT_EQ(world.Look(*waiting).error->code, Code::kCancelled);
  ASSERT_TRUE(world.runs.Cancel(*running));
  EXPECT_EQ(world.Look(*running, kLongMs).error->code, Code::kCancelled);
}

TEST(QueryRunsTest, KeepsTheNewestAnswers) {
  World world({.running_max = 1, .waiting_max = 8, .kept_max = 2});
  world.store.going_on = true;
  std::vector<std::string> ids;
  for (int i = 0; i < 4; ++i) {
    const auto id = world.runs.Start({});
    ASSERT_TRUE(id);
    ids.push_back(*id);
    EXPECT_EQ(world.Look(*id, kLongMs).state, RunState::kDone);
  }
  EXPECT_EQ(world.runs.Look(ids[1]).error().code, Code::kNotFound);
  EXPECT_EQ(world.Look(ids[2]).state, RunState::kDone);
  EXPECT_EQ(world.runs.Cancel(ids[0]).error().code, Code::kNotFound);
}

}  // namespace
}  // namespace skep
