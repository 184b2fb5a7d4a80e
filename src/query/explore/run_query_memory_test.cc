// SPDX-License-Identifier: Apache-2.0
// What RunQuery does when the engine has not memory enough.
#include <gtest/gtest.h>

#include "query/explore/run_query.h"
#include "query/explore/spec_json.h"
#include "query/testing.h"

namespace skep {
namespace {

constexpr uint64_t kMemory = 1000ull << 20;

class NoAttributes final : public FieldTypes {
 public:
  TypeSet TypesOf(std::string_view, std::string_view) const override { return {}; }
  bool MayBeSampled(std::string_view) const override { return false; }
};

// Has too little memory so many times.
class FullStore final : public Store {
 public:
  explicit FullStore(int failures) : failures_(failures) {}
  Status Migrate() override { return {}; }
  Status Insert(const NativeBlock&, std::string_view) override { return {}; }
  Result<ResultTable> Query(const Statement&, const QueryOptions& options,
                            const CancelToken&) override {
    EXPECT_EQ(options.memory_bytes_max, kMemory);
    group_bytes.push_back(options.group_bytes_max);
    if (failures_-- > 0) return Error(Code::kResourceExhausted, "the engine is full");
    return ResultTable();
  }
  Result<StoreStats> Stats() override { return StoreStats(); }

  std::vector<uint64_t> group_bytes;  // of each statement

 private:
  int failures_;
};

// "done" or the error, and how much memory groups had each time.
std::string Ask(int failures, std::string_view json) {
  FullStore store(failures);
  testing::IdleSink sink;
  Reader reader(&store, &sink);
  SpecErrors errors;
  QueryRequest request;
  request.spec = *ParseQuerySpec(json, &errors);
  request.now_ns = testing::kTestTimeNs;
  request.memory_bytes_max = kMemory;
  const auto result = RunQuery(reader, request, NoAttributes(), {});
  std::string said = result ? "done" : result.error().message;
  for (const uint64_t bytes : store.group_bytes) said += " " + std::to_string(bytes >> 20);
  return said;
}

constexpr std::string_view kTooMuch =
    "The query needs more than its 1000 MB of memory. A shorter time range, more filters or fewer "
    "groups need less.";

TEST(RunQueryMemoryTest, GroupsGoToDiskEarlierTheSecondTime) {
  EXPECT_EQ(Ask(0, R"({"breakdowns":["name"]})"), "done 500");
  EXPECT_EQ(Ask(1, R"({"breakdowns":["name"]})"), "done 500 200");
  EXPECT_EQ(Ask(2, R"({"breakdowns":["name"]})"), std::string(kTooMuch) + " 500 200");
  EXPECT_EQ(Ask(0, R"({"breakdowns":["name","error"]})"), "done 0");
  EXPECT_EQ(Ask(1, R"({"breakdowns":["name","error"]})"), "done 0 200");
}

TEST(RunQueryMemoryTest, WithoutGroupsNothingElseIsTried) {
  EXPECT_EQ(Ask(1, R"({"calculations":[{"op":"P99","column":"duration_ms"}]})"),
            std::string(kTooMuch) + " 0");
}

}  // namespace
}  // namespace skep
