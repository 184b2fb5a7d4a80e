// SPDX-License-Identifier: Apache-2.0
#include "query/explore/matching_rows.h"

#include <gtest/gtest.h>

#include "query/explore/spec_json.h"
#include "query/testing.h"
#include "store/testing.h"

namespace skep {
namespace {

using testing::kTestTimeNs;
using testing::TestRecord;
using testing::TestWorld;

std::vector<std::string> Names(TestWorld& world, const std::string& spec, const std::string& order,
                               size_t limit) {
  SpecErrors errors;
  const auto parsed = ParseQuerySpec(spec, &errors);
  EXPECT_TRUE(parsed) << ErrorOf(errors).message;
  MatchingRowsQuestion question;
  question.query.spec = *parsed;
  question.query.now_ns = kTestTimeNs + 60 * kNsPerS;
  question.order = order;
  question.limit = limit;
  const auto rows = ReadMatchingRows(world.reader(), question, FieldTypes::All(), {});
  EXPECT_TRUE(rows) << rows.error().detail;
  std::vector<std::string> names;
  for (const MatchingRow& row : *rows) names.push_back(row.event.name);
  return names;
}

TEST(MatchingRowsTest, NewestOrGreatestOfWhatMatches) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  world.Add(TestRecord::Span(Door::kOtlp, 1, 1, 0, "a").At(1000).For(30).With("user", "worf"));
  world.Add(TestRecord::Span(Door::kOtlp, 2, 2, 0, "b").At(2000).For(90).With("user", "worf"));
  world.Add(TestRecord::Span(Door::kOtlp, 3, 3, 0, "c").At(3000).For(60).With("user", "worf"));
  world.Add(TestRecord::Span(Door::kOtlp, 4, 4, 0, "d").At(4000).For(99).With("user", "kira"));
  world.Add(TestRecord::Line(Door::kOtlp, 4, 4, "no length").At(4100).With("user", "worf"));
  world.Commit();
  const std::string worf = R"({"filters":[{"column":"user","op":"=","value":"worf"}]})";
  const std::vector<std::string> newest = {"c", "b", "a"};
  const auto all = Names(world, worf, "", 10);
  EXPECT_EQ(std::vector<std::string>(all.begin() + 1, all.end()), newest);
  EXPECT_EQ(Names(world, worf, "duration_ms", 2), (std::vector<std::string>{"b", "c"}));
  EXPECT_EQ(Names(world, R"({"time_range":1})", "", 10), std::vector<std::string>{});
}

}  // namespace
}  // namespace skep
