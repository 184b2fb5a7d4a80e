// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/dedup_log.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "store/conformance.h"

namespace skep::testing {
namespace {

TEST(DedupLogTest, KeepsInsertionsThatHaveTheirPart) {
  const std::string log =
      "1\tall_1_1_0\tall_11_12\n1\tall_2_2_0\tall_21_22\n1\tall_7_7_0\tall_71_72\n";
  EXPECT_EQ(KnownInsertions(log, {"all_1_2_1", "all_7_7_0_9", "detached"}), log);
}

TEST(DedupLogTest, DropsInsertionsWithoutPart) {
  const std::string kept = "1\tall_1_1_0\tall_11_12\n";
  const std::string lost = "1\tall_2_2_0\tall_21_22\n";
  EXPECT_EQ(KnownInsertions(kept + lost, {"all_1_1_0", "tmp_insert_all_2_2_0", "all_3_3_0"}), kept);
  EXPECT_EQ(KnownInsertions(kept + lost, {"other_1_2_1"}), "");
}

TEST(DedupLogTest, CutsATornLine) {
  const std::string kept = "1\tall_1_1_0\tall_11_12\n";
  EXPECT_EQ(KnownInsertions(kept + "1\tall_2_2", {"all_1_1_0", "all_2_2_0"}), kept);
}

TEST(DedupLogTest, LeavesOtherLinesAlone) {
  const std::string log = "2\tall_1_1_0\tall_11_12\n1\tsomething\nelse\n\n";
  EXPECT_EQ(KnownInsertions(log, {}), log);
}

TEST(DedupLogTest, ARowIsNotLostWhenOnlyTheTokenWasWritten) {
  const auto embedded = OpenTestStore();
  if (!embedded) GTEST_SKIP() << embedded.error().message;
  const TempFolder folder;
  const NativeBlock block = NumberedBlock("x", 10);
  const auto open = [](const SqlTestd& server) {
    ClusterOptions options;
    options.url = server.url();
    return std::move(*OpenClusterStore(options));
  };
  {
    SqlTestd server(folder.path());
    const auto store = open(server);
    ASSERT_TRUE(store->Insert(block, "a"));
    ASSERT_TRUE(store->Insert(block, "b"));
    server.Kill();
  }
  // As if the process had been killed before the second part got its name.
  std::vector<std::filesystem::path> parts;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path()))
    if (entry.path().filename() == "all_2_2_0" &&
        std::filesystem::exists(entry.path().parent_path() / "deduplication_logs"))
      parts.push_back(entry.path());
  ASSERT_EQ(parts.size(), 1u);
  std::filesystem::remove_all(parts[0]);
  SqlTestd server(folder.path());
  const auto store = open(server);
  for (const char* token : {"a", "b"}) ASSERT_TRUE(store->Insert(block, token));
  const auto table = store->Query(Statement("SELECT count() FROM events"));
  ASSERT_TRUE(table) << table.error().detail;
  EXPECT_EQ(table->column(0).Int(0), 20);
}

}  // namespace
}  // namespace skep::testing
