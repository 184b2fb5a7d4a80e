// SPDX-License-Identifier: Apache-2.0
// What the conformance tests share: each runs with the embedded store and with the cluster store
// over HTTP against the embedded one in another process.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/block_builder.h"
#include "store/cluster/cluster_store.h"
#include "store/sql_testd_process.h"
#include "store/testing.h"

namespace skep::testing {

enum class Backend { kEmbedded, kCluster };

class TempFolder {
 public:
  TempFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "skep-store-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline constexpr int64_t kTimeNs = 1'795'521'600'000'000'000;

// One record a call of `fill`, which gets the batch with the record begun.
using Fill = std::function<void(RecordBatch& batch, Record& record)>;

inline void AddRow(RecordBatch& batch, const Fill& fill) {
  Record& record = batch.BeginRecord({});
  record.time_ns = kTimeNs;
  record.signal = Signal::kLog;
  fill(batch, record);
  batch.EndRecord();
}

inline NativeBlock MakeBlock(const RecordBatch& batch, uint64_t sequence = 1) {
  BlockBuilder builder;
  builder.Append(batch, {"default", Door::kOtlp, sequence, kTimeNs});
  return builder.Encode();
}

inline NativeBlock MakeBlock(const std::vector<Fill>& fills, uint64_t sequence = 1) {
  RecordBatch batch;
  for (const Fill& fill : fills) AddRow(batch, fill);
  return MakeBlock(batch, sequence);
}

// `rows` records whose names are `name`, told apart by duration_ns.
inline NativeBlock NumberedBlock(std::string_view name, size_t rows) {
  RecordBatch batch;
  for (size_t i = 0; i < rows; ++i) {
    AddRow(batch, [&](RecordBatch& b, Record& record) {
      record.name = name;
      record.duration_ns = i;
      b.Add("n", Value::Int(static_cast<int64_t>(i)));
    });
  }
  return MakeBlock(batch);
}

// One server for all tests of the program; each gets a database of its own.
class ClusterServer final : public ::testing::Environment {
 public:
  void TearDown() override {
    process_ = nullptr;
    folder_ = nullptr;
  }
  Result<std::unique_ptr<Store>> Open() {
    if (process_ == nullptr) {
      folder_ = std::make_unique<TempFolder>();
      process_ = std::make_unique<SqlTestd>(folder_->path());
    }
    if (!process_->serves()) return Error(Code::kUnavailable, "skep_sql_testd does not start");
    ClusterOptions options;
    options.url = process_->url();
    options.database = "cluster_" + std::to_string(++opened_);
    SKEP_ASSIGN(auto store, OpenClusterStore(options));
    SKEP_TRY(store->Migrate());
    return store;
  }

 private:
  std::unique_ptr<TempFolder> folder_;
  std::unique_ptr<SqlTestd> process_;
  int opened_ = 0;
};

inline ClusterServer* const kClusterServer =
    static_cast<ClusterServer*>(::testing::AddGlobalTestEnvironment(new ClusterServer));

class ConformanceTest : public ::testing::TestWithParam<Backend> {
 protected:
  void SetUp() override {
    // Without the library neither can be had.
    auto embedded = OpenTestStore();
    if (!embedded) GTEST_SKIP() << embedded.error().message << ": " << embedded.error().detail;
    if (GetParam() == Backend::kEmbedded) {
      store_ = std::move(*embedded);
      return;
    }
    auto opened = kClusterServer->Open();
    ASSERT_TRUE(opened) << opened.error().message << ": " << opened.error().detail;
    store_ = std::move(*opened);
  }

  void Insert(const NativeBlock& block, std::string_view token) {
    const auto inserted = store_->Insert(block, token);
    ASSERT_TRUE(inserted) << inserted.error().message << ": " << inserted.error().detail;
  }
  ResultTable Query(Statement statement, QueryOptions options = {}) {
    auto table = store_->Query(statement, options, {});
    EXPECT_TRUE(table) << statement.sql << ": " << table.error().message << ": "
                       << table.error().detail;
    return table ? std::move(*table) : ResultTable();
  }
  ResultTable Query(std::string sql) { return Query(Statement(std::move(sql))); }
  int64_t Count(const std::string& where = "1") {
    const ResultTable table = Query("SELECT count() FROM events WHERE " + where);
    return table.rows == 1 ? table.column(0).Int(0) : -1;
  }
  Code ErrorOf(Statement statement, QueryOptions options = {}, const CancelToken& cancel = {}) {
    const auto table = store_->Query(statement, options, cancel);
    EXPECT_FALSE(table) << statement.sql;
    return table ? Code::kUnknown : table.error().code;
  }

  std::unique_ptr<Store> store_;
};

}  // namespace skep::testing

// Once a test file.
#define SKEP_CONFORMANCE(suite)                                                                   \
  INSTANTIATE_TEST_SUITE_P(                                                                       \
      Stores, suite,                                                                              \
      ::testing::Values(::skep::testing::Backend::kEmbedded, ::skep::testing::Backend::kCluster), \
      [](const auto& backend) {                                                                   \
        return backend.param == ::skep::testing::Backend::kEmbedded ? std::string("Embedded")     \
                                                                    : std::string("Cluster");     \
      })
