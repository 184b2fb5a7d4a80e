// SPDX-License-Identifier: Apache-2.0
// A statement that runs for long says how far it is, and ends when it is cancelled.
#include <gtest/gtest.h>

#include <thread>

#include "store/testing.h"

namespace skep {
namespace {

TEST(ProgressTest, IsSeenWhileTheStatementRuns) {
  SKEP_OPEN_TEST_STORE(store);
  QueryOptions options;
  options.deadline_ms = 600'000;
  options.progress = std::make_shared<QueryProgress>();
  const CancelToken cancel;
  Result<ResultTable> answer;
  std::jthread asking([&] {
    answer = store->Query(Statement("SELECT sum(sleepEachRow(0.01)) FROM numbers(100000) SETTINGS "
                                    "max_block_size = 1"),
                          options, cancel);
  });
  while (options.progress->rows_read.load() == 0) std::this_thread::yield();
  EXPECT_EQ(options.progress->rows_total.load(), 100'000u);
  cancel.Cancel();
  asking.join();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::kCancelled);
}

}  // namespace
}  // namespace skep
