// SPDX-License-Identifier: Apache-2.0
// What queries may take, how they end, and what values are bound to them.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/clock.h"
#include "store/conformance.h"

namespace skep::testing {
namespace {

class QueriesTest : public ConformanceTest {
 protected:
  static constexpr const char* kEndless =
      "SELECT count() FROM numbers(1000000000000) WHERE number * number % 7 = 3";

  // Ends when the query `mark` runs, or when it has ended.
  void WaitUntilItRuns(const std::string& mark, const std::atomic<bool>& ended) {
    Statement statement(
        "SELECT count() FROM system.processes WHERE query LIKE {like:String} "
        "AND query NOT LIKE '%system.processes%'");
    statement.Bind("like", "%" + mark + "%");
    while (!ended) {
      const auto table = store_->Query(statement);
      ASSERT_TRUE(table) << table.error().detail;
      if (table->column(0).Int(0) > 0) return;
    }
  }
};
SKEP_CONFORMANCE(QueriesTest);

TEST_P(QueriesTest, ValuesAreBoundAsTheyAre) {
  const std::string text = std::string("a'b\\c\td\ne\rf\0g`\"{x:String}", 24);
  const ResultTable table = Query(
      Statement("SELECT {text:String}, {n:Int64}, {u:UInt64}, {f:Float64}, {texts:Array(String)}, "
                "{numbers:Array(UInt64)}")
          .Bind("text", text)
          .Bind("n", int64_t{-5})
          .Bind("u", "18446744073709551615")
          .Bind("f", "1.5")
          .Bind("texts", R"(['a\'b','c\\d'])")
          .Bind("numbers", "[1,2]"));
  ASSERT_EQ(table.rows, 1u);
  EXPECT_EQ(table.column(0).Text(0), text);
  EXPECT_EQ(table.column(1).Int(0), -5);
  EXPECT_EQ(table.column(2).UInt(0), UINT64_MAX);
  EXPECT_EQ(table.column(3).Float(0), 1.5);
  EXPECT_EQ(table.column(4).Array().offsets, std::vector<uint64_t>{2});
  EXPECT_EQ(table.column(4).Array().elements->Text(0), "a'b");
  EXPECT_EQ(table.column(4).Array().elements->Text(1), "c\\d");
  EXPECT_EQ(table.column(5).Array().elements->UInt(1), 2u);
}

TEST_P(QueriesTest, ManyValues) {
  std::string ids = "[";
  for (int i = 0; i < 2000; ++i) ids += "'0123456789abcdef0123456789abcdef',";
  ids.back() = ']';
  const ResultTable table = Query(Statement("SELECT length({ids:Array(String)})").Bind("ids", ids));
  ASSERT_EQ(table.rows, 1u);
  EXPECT_EQ(table.column(0).Int(0), 2000);
}

TEST_P(QueriesTest, TypesOfAnswers) {
  const ResultTable table = Query(
      "SELECT toInt8(-1), toUInt16(65535), toFloat32(0.5), true, toDate('2026-01-02'), "
      "toDateTime64('2026-01-02 00:00:00.5', 3, 'UTC'), toFixedString('ab', 3), "
      "CAST('b', 'Enum8(\\'a\\' = 1, \\'b\\' = -2)'), toLowCardinality('low'), "
      "CAST(NULL, 'Nullable(UInt8)'), CAST('x', 'LowCardinality(Nullable(String))'), "
      "CAST(NULL, 'LowCardinality(Nullable(String))'), [toNullable('x'), NULL], [[1, 2], [3]], "
      "NULL, [], toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'), toIntervalDay(3), "
      "[toLowCardinality('a'), 'b'], CAST([], 'Array(LowCardinality(String))'), 7 SETTINGS "
      "allow_suspicious_low_cardinality_types = 1");
  ASSERT_EQ(table.rows, 1u);
  EXPECT_EQ(table.column(0).Int(0), -1);
  EXPECT_EQ(table.column(1).UInt(0), 65535u);
  EXPECT_EQ(table.column(2).Float(0), 0.5);
  EXPECT_EQ(table.column(3).UInt(0), 1u);
  EXPECT_EQ(table.column(4).Int(0), 20455);
  EXPECT_EQ(table.column(5).Int(0), 1767312000500);
  EXPECT_EQ(table.column(6).Text(0), std::string_view("ab\0", 3));
  EXPECT_EQ(table.column(7).Int(0), -2);
  EXPECT_EQ(table.column(8).Text(0), "low");
  EXPECT_TRUE(table.column(9).IsNull(0));
  EXPECT_EQ(table.column(10).Text(0), "x");
  EXPECT_FALSE(table.column(10).IsNull(0));
  EXPECT_TRUE(table.column(11).IsNull(0));
  EXPECT_EQ(table.column(12).Array().elements->Text(0), "x");
  EXPECT_TRUE(table.column(12).Array().elements->IsNull(1));
  EXPECT_EQ(table.column(13).Array().elements->Array().offsets, (std::vector<uint64_t>{2, 3}));
  EXPECT_EQ(table.column(13).Array().elements->Array().elements->UInt(2), 3u);
  EXPECT_TRUE(table.column(14).IsNull(0));
  EXPECT_EQ(table.column(15).Array().offsets, std::vector<uint64_t>{0});
  EXPECT_EQ(table.column(16).Text(0), "61f0c404-5cb3-11e7-907b-a6006ad3dba0");
  EXPECT_EQ(table.column(17).Int(0), 3);
  EXPECT_EQ(table.column(18).Array().elements->Text(1), "b");
  EXPECT_EQ(table.column(19).Array().offsets, std::vector<uint64_t>{0});
  EXPECT_EQ(table.column(20).UInt(0), 7u);
}

TEST_P(QueriesTest, AnswersOfManyBlocks) {
  const ResultTable table = Query(
      "SELECT number, toString(number), toLowCardinality(toString(number % 3)), [number, number] "
      "FROM numbers(200000) ORDER BY number SETTINGS max_block_size = 1000");
  ASSERT_EQ(table.rows, 200'000u);
  EXPECT_EQ(table.column(0).UInt(199'999), 199'999u);
  EXPECT_EQ(table.column(1).Text(150'000), "150000");
  EXPECT_EQ(table.column(2).Text(150'001), "1");
  EXPECT_EQ(table.column(3).Array().offsets[100'000], 200'002u);
  EXPECT_EQ(table.column(3).Array().elements->UInt(200'001), 100'000u);
}

TEST_P(QueriesTest, AnAnswerWithoutRows) {
  EXPECT_EQ(Query("SELECT name FROM events").rows, 0u);
  EXPECT_EQ(Query("SELECT count() FROM events").column(0).Int(0), 0);
}

TEST_P(QueriesTest, WhatWasRead) {
  Insert(NumberedBlock("x", 1000), "t");
  const ResultTable table = Query("SELECT sum(duration_ns) FROM events WHERE name = 'x'");
  EXPECT_EQ(table.rows_read, 1000u);
  EXPECT_GT(table.bytes_read, 0u);
  EXPECT_GT(table.elapsed_ns, 0);
}

TEST_P(QueriesTest, TooManyRowsAreAnError) {
  QueryOptions options;
  options.rows_max = 10;
  EXPECT_EQ(Query(Statement("SELECT number FROM numbers(10)"), options).rows, 10u);
  EXPECT_EQ(ErrorOf(Statement("SELECT number FROM numbers(11)"), options),
            Code::kResourceExhausted);
}

TEST_P(QueriesTest, TooMuchMemoryIsAnError) {
  QueryOptions options;
  options.memory_bytes_max = 20u << 20;
  EXPECT_EQ(ErrorOf(Statement("SELECT length(groupArray(number)) FROM numbers(20000000)"), options),
            Code::kResourceExhausted);
  EXPECT_EQ(ErrorOf(Statement("SELECT repeat('x', 1000000) FROM numbers(50)"), options),
            Code::kResourceExhausted);
  EXPECT_EQ(Query(Statement("SELECT 1"), options).rows, 1u);
}

TEST_P(QueriesTest, ADeadlineEndsAQuery) {
  QueryOptions options;
  options.deadline_ms = 50;
  EXPECT_EQ(ErrorOf(Statement(kEndless), options), Code::kDeadlineExceeded);
  EXPECT_EQ(Query("SELECT 1").rows, 1u);
}

TEST_P(QueriesTest, CancellingEndsAQuery) {
  CancelToken cancel;
  std::atomic<bool> ended = false;
  std::jthread canceller([&] {
    WaitUntilItRuns("cancelled-one", ended);
    cancel.Cancel();
  });
  QueryOptions options;
  options.deadline_ms = 600'000;
  EXPECT_EQ(
      ErrorOf(Statement(std::string(kEndless) + " AND 'cancelled-one' != ''"), options, cancel),
      Code::kCancelled);
  ended = true;
  EXPECT_EQ(Query("SELECT 1").rows, 1u);
}

TEST_P(QueriesTest, ACancelledQueryEndsInTheEngine) {
  CancelToken cancel;
  QueryOptions options;
  options.deadline_ms = 600'000;
  options.progress = std::make_shared<QueryProgress>();
  Result<ResultTable> answer;
  std::jthread asking([&] {
    answer = store_->Query(Statement("SELECT 'killed-one', sleepEachRow(0.01) FROM "
                                     "numbers(100000) SETTINGS max_block_size = 1"),
                           options, cancel);
  });
  while (options.progress->rows_read.load() == 0) std::this_thread::yield();
  cancel.Cancel();
  asking.join();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::kCancelled);
  // The engine itself says so: it was told.
  EXPECT_NE(answer.error().detail.find("QUERY_WAS_CANCELLED"), std::string::npos)
      << answer.error().detail;
  Statement running(
      "SELECT count() FROM system.processes WHERE query LIKE '%killed-one%' AND "
      "query NOT LIKE '%system.processes%'");
  while (Query(running).column(0).Int(0) != 0) std::this_thread::yield();
}

TEST_P(QueriesTest, ProgressIsSeenWhileTheStatementRuns) {
  QueryOptions options;
  options.deadline_ms = 600'000;
  options.progress = std::make_shared<QueryProgress>();
  const CancelToken cancel;
  Result<ResultTable> answer;
  std::jthread asking([&] {
    answer = store_->Query(Statement("SELECT sum(sleepEachRow(0.01)) FROM numbers(100000) SETTINGS "
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

TEST_P(QueriesTest, CancelledBeforeItBegins) {
  CancelToken cancel;
  cancel.Cancel();
  EXPECT_EQ(ErrorOf(Statement(kEndless), {}, cancel), Code::kCancelled);
}

TEST_P(QueriesTest, ErrorsOfQuestions) {
  EXPECT_EQ(ErrorOf(Statement("SELEC 1")), Code::kInvalidArgument);
  EXPECT_EQ(ErrorOf(Statement("SELECT nothing FROM events")), Code::kInvalidArgument);
  EXPECT_EQ(ErrorOf(Statement("SELECT 1 FROM nowhere")), Code::kInvalidArgument);
  EXPECT_EQ(ErrorOf(Statement("SELECT {x:UInt8}").Bind("x", "many")), Code::kInvalidArgument);
  EXPECT_EQ(ErrorOf(Statement("SELECT {x:UInt8}")), Code::kInvalidArgument);
  EXPECT_EQ(ErrorOf(Statement("SELECT tuple(1, 'a')")), Code::kUnimplemented);
  EXPECT_EQ(ErrorOf(Statement("SELECT * FROM file('/etc/passwd', 'LineAsString')")),
            Code::kPermissionDenied);
}

TEST_P(QueriesTest, TheMessageSaysWhatIsWrongAndNoMore) {
  const auto failed = store_->Query(Statement("SELECT nothing FROM events"));
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().message.find("nothing"), std::string::npos);
  EXPECT_EQ(failed.error().message.find("DB::Exception"), std::string::npos);
  EXPECT_NE(failed.error().detail.find("Code: 47"), std::string::npos);
}

TEST_P(QueriesTest, SideBySide) {
  std::atomic<int> good = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&, i] {
        for (int n = 0; n < 20; ++n) {
          const auto table =
              store_->Query(Statement("SELECT {x:Int64} + 1").Bind("x", int64_t{i * 1000 + n}));
          if (table && table->column(0).Int(0) == i * 1000 + n + 1) ++good;
        }
      });
    }
  }
  EXPECT_EQ(good, 160);
}

}  // namespace
}  // namespace skep::testing
