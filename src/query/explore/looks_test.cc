// SPDX-License-Identifier: Apache-2.0
// One look at the rows or two: the answer is the same.
#include <gtest/gtest.h>

#include "query/explore/query_answer.h"
#include "query/explore/query_plan.h"
#include "query/explore/result_json.h"
#include "query/explore/spec_json.h"
#include "query/testing.h"
#include "store/testing.h"

namespace skep {
namespace {

using testing::TestRecord;
using testing::TestWorld;

std::string AnswerOf(Store& store, const QueryRequest& request, Looks looks) {
  const FieldTypes& types = FieldTypes::All();
  const auto table = store.Query(StatementOf(request, types, false, looks));
  if (!table) return table.error().message + ": " + table.error().detail;
  JsonWriter json;
  RenderQueryResult(
      AssembleAnswer(ShapeOf(request), NamesOf(request, types), FormulasOf(request), *table),
      &json);
  return json.Take();
}

// A group without the field that is shown does not bring the group of the empty text with it.
TEST(LooksTest, NoFieldIsNotTheEmptyText) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  for (uint8_t trace = 1; trace <= 3; ++trace) {
    TestRecord made = TestRecord::Span(Door::kOtlp, trace, trace, 0, "GET /").At(trace * 100);
    if (trace == 3) made.With("user", "");
    world.Add(made);
  }
  world.Commit();
  SpecErrors errors;
  QueryRequest request;
  request.spec = *ParseQuerySpec(R"({"start_time":1795521600,"time_range":60,"granularity":20,
      "breakdowns":["user"],"limit":1})",
                                 &errors);
  const std::string once = AnswerOf(*store, request, Looks::kOnce);
  EXPECT_NE(once.find(R"("other_by_aggregate":{"data":{"COUNT":1}})"), std::string::npos) << once;
  EXPECT_EQ(AnswerOf(*store, request, Looks::kTwice), once);
}

}  // namespace
}  // namespace skep
