// SPDX-License-Identifier: Apache-2.0
#include "catalog/database.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <thread>

#include "catalog/migrations.h"

namespace skep {
namespace {

class DatabaseTest : public ::testing::Test {
 protected:
  DatabaseTest() {
    directory_ = std::filesystem::temp_directory_path() /
                 ("skep-db-" + std::to_string(::testing::UnitTest::GetInstance()->random_seed()) +
                  "-" + std::to_string(reinterpret_cast<uintptr_t>(this)));
    std::filesystem::create_directories(directory_);
  }
  ~DatabaseTest() override { std::filesystem::remove_all(directory_); }

  std::unique_ptr<Database> Open() {
    auto opened = Database::Open({Path()});
    EXPECT_TRUE(opened.has_value()) << opened.error().detail;
    return std::move(*opened);
  }
  std::string Path() const { return (directory_ / "cat alog.db").string(); }

  std::filesystem::path directory_;
};

TEST_F(DatabaseTest, KeepsEveryTypeAndNullAcrossReopening) {
  const std::string odd = "q'uote \" \xc3\xa9 ; DROP TABLE t --";
  {
    auto db = Open();
    ASSERT_TRUE(db->Execute("CREATE TABLE t (i BIGINT, f DOUBLE PRECISION, s TEXT, n TEXT)"));
    auto inserted = db->Execute("INSERT INTO t VALUES (:i, :f, :s, :n)",
                                {std::numeric_limits<int64_t>::min(), 0.1, odd, DbValue{}});
    ASSERT_TRUE(inserted.has_value()) << inserted.error().detail;
    EXPECT_EQ(*inserted, 1);
  }
  auto db = Open();
  auto rows = db->Query("SELECT i, f, s, n FROM t WHERE s = :s", {odd},
                        {DbType::kInt, DbType::kFloat, DbType::kText, DbType::kText});
  ASSERT_TRUE(rows.has_value()) << rows.error().detail;
  ASSERT_EQ(rows->size(), 1u);
  const DbRow& row = rows->front();
  EXPECT_EQ(row.Int(0), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(row.Float(1), 0.1);
  EXPECT_EQ(row.Text(2), odd);
  EXPECT_TRUE(row.IsNull(3));
  EXPECT_EQ(row.Text(3), "");
}

TEST_F(DatabaseTest, ExpressionsKeepAll64Bits) {
  auto db = Open();
  auto rows = db->Query("SELECT max(9223372036854775807, 1), :u", {DbBits(~uint64_t{0})},
                        {DbType::kInt, DbType::kInt});
  ASSERT_TRUE(rows.has_value()) << rows.error().detail;
  EXPECT_EQ(rows->front().Int(0), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(rows->front().UInt(1), ~uint64_t{0});
}

TEST_F(DatabaseTest, FailedTransactionLeavesNothing) {
  auto db = Open();
  ASSERT_TRUE(db->Execute("CREATE TABLE t (i BIGINT PRIMARY KEY)"));
  const Status failed = db->Transaction([](DbSession& session) -> Status {
    SKEP_TRY(session.Execute("INSERT INTO t VALUES (:i)", {int64_t{1}}));
    SKEP_TRY(session.Execute("INSERT INTO t VALUES (:i)", {int64_t{1}}));
    return {};
  });
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().code, Code::kAlreadyExists);
  auto rows = db->Query("SELECT count(*) FROM t", {}, {DbType::kInt});
  ASSERT_TRUE(rows.has_value());
  EXPECT_EQ(rows->front().Int(0), 0);
  // And the connection is still good for another one.
  EXPECT_TRUE(db->Transaction([](DbSession& session) -> Status {
    SKEP_TRY(session.Execute("INSERT INTO t VALUES (:i)", {int64_t{2}}));
    return {};
  }));
}

TEST_F(DatabaseTest, BadSqlIsAnErrorWhoseReasonStaysInTheDetail) {
  auto db = Open();
  auto executed = db->Execute("INSERT INTO nowhere VALUES (1)");
  ASSERT_FALSE(executed.has_value());
  EXPECT_EQ(executed.error().code, Code::kInternal);
  EXPECT_EQ(executed.error().message.find("nowhere"), std::string::npos);
  EXPECT_NE(executed.error().detail.find("nowhere"), std::string::npos);
  auto queried = db->Query("SELEC 1", {}, {DbType::kInt});
  EXPECT_FALSE(queried.has_value());
}

TEST_F(DatabaseTest, TooManyRowsAreAnErrorNotACut) {
  auto db = Open();
  ASSERT_TRUE(db->Execute("CREATE TABLE t (i BIGINT)"));
  for (int64_t i = 0; i < 3; ++i) ASSERT_TRUE(db->Execute("INSERT INTO t VALUES (:i)", {i}));
  EXPECT_TRUE(db->Query("SELECT i FROM t", {}, {DbType::kInt}, 3).has_value());
  auto rows = db->Query("SELECT i FROM t", {}, {DbType::kInt}, 2);
  ASSERT_FALSE(rows.has_value());
  EXPECT_EQ(rows.error().code, Code::kResourceExhausted);
}

TEST_F(DatabaseTest, RefusesADamagedFileAndAnImpossiblePath) {
  std::ofstream(Path()) << std::string(4096, 'x');
  auto damaged = Database::Open({Path()});
  ASSERT_FALSE(damaged.has_value());
  EXPECT_EQ(damaged.error().code, Code::kDataLoss) << damaged.error().detail;
  EXPECT_FALSE(Database::Open({(directory_ / "absent" / "x.db").string()}).has_value());
  EXPECT_FALSE(Database::Open({"a\"b"}).has_value());
  EXPECT_FALSE(Database::Open({""}).has_value());
}

TEST_F(DatabaseTest, RefusesACatalogOfANewerVersion) {
  {
    auto db = Open();
    ASSERT_TRUE(db->Execute("INSERT INTO schema_migrations VALUES ('future_1', 0)"));
  }
  auto opened = Database::Open({Path()});
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, Code::kFailedPrecondition);
}

TEST_F(DatabaseTest, AMigrationRunsOnceAndWhole) {
  auto db = Open();
  const std::vector<Migration> good = {{"t_1", {"CREATE TABLE t (i BIGINT)"}}};
  std::vector<Migration> all = CatalogMigrations();
  all.insert(all.end(), good.begin(), good.end());
  for (int i = 0; i < 2; ++i) {
    const Status applied =
        db->Transaction([&](DbSession& session) { return ApplyMigrations(session, all); });
    EXPECT_TRUE(applied.has_value()) << applied.error().detail;
  }
  all.push_back({"t_2", {"CREATE TABLE u (i BIGINT)", "CREATE TABLE t (i BIGINT)"}});
  EXPECT_FALSE(db->Transaction([&](DbSession& session) { return ApplyMigrations(session, all); }));
  EXPECT_FALSE(db->Query("SELECT i FROM u", {}, {DbType::kInt}).has_value());
}

TEST_F(DatabaseTest, CallersFromSeveralThreadsTakeTurns) {
  auto db = Open();
  ASSERT_TRUE(db->Execute("CREATE TABLE t (i BIGINT)"));
  ASSERT_TRUE(db->Execute("INSERT INTO t VALUES (0)"));
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 25; ++i) {
        const Status added = db->Transaction([](DbSession& session) -> Status {
          SKEP_ASSIGN(const DbRows rows, session.Query("SELECT i FROM t", {}, {DbType::kInt}));
          SKEP_TRY(session.Execute("UPDATE t SET i = :i", {rows.front().Int(0) + 1}));
          return {};
        });
        EXPECT_TRUE(added.has_value());
      }
    });
  }
  threads.clear();
  EXPECT_EQ(db->Query("SELECT i FROM t", {}, {DbType::kInt})->front().Int(0), 100);
}

}  // namespace
}  // namespace skep
