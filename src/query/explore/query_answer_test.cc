// SPDX-License-Identifier: Apache-2.0
#include "query/explore/query_answer.h"

#include <gtest/gtest.h>

#include <bit>

#include "query/explore/result_json.h"

namespace skep {
namespace {

// As the statement numbers it.
int64_t CellNumber(double value) {
  const auto bits = std::bit_cast<int64_t>(value + 0.);
  return (bits ^ ((bits >> 63) & INT64_MAX)) >> 49;
}

TEST(QueryAnswerTest, EveryValueIsWithinItsCell) {
  for (const double value :
       {1e-300, 0.001, 1.0, 1.1, 2.0, 2.249, 2.25, 150.0, 1e9, 1e300, 1.7e308}) {
    const HeatmapCell above = HeatmapCellOf(CellNumber(value));
    EXPECT_LE(above.low, value);
    EXPECT_LT(value, above.high);
    EXPECT_LE(above.high / above.low, 1.125);
    const HeatmapCell below = HeatmapCellOf(CellNumber(-value));
    EXPECT_LT(below.low, -value);
    EXPECT_LE(-value, below.high);
  }
  EXPECT_EQ(HeatmapCellOf(CellNumber(0)).low, 0);
  EXPECT_EQ(HeatmapCellOf(CellNumber(-0.0)).low, 0);
  EXPECT_LT(CellNumber(-2), CellNumber(-1));
  EXPECT_LT(CellNumber(-1), CellNumber(0));
}

TEST(ResultJsonTest, AsHoneycombSaysIt) {
  QueryResult result;
  result.breakdowns = {"user"};
  result.keys = {"COUNT", "heat"};
  result.start_s = 60;
  result.end_s = 120;
  result.granularity_s = 30;
  const Measures measures = {{2.5, 0.5}, {Heatmap{{1, 1.125, 2.5}}, 0}};
  result.rows = {{{std::string("worf")}, measures}, {{SpecValue()}, {{0.0, 0}, {}}}};
  result.series = {{90, 0, measures}};
  result.total = measures;
  auto before = std::make_shared<QueryResult>(result);
  before->start_s = 0;
  before->series.clear();
  before->total.clear();
  result.compare = before;
  JsonWriter json;
  RenderQueryResult(result, &json);
  const std::string numbers =
      R"("COUNT":2.5,"heat":{"cells":[[1,1.125,2.5]]}},"standard_error":{"COUNT":0.5}})";
  const std::string entry = R"("data":{"user":"worf",)" + numbers;
  const std::string results =
      R"("results":[{)" + entry + R"(,{"data":{"user":null,"COUNT":0,"heat":null}}],)";
  EXPECT_EQ(json.text(), R"({"series":[{"time":"1970-01-01T00:01:30Z",)" + entry + "]," + results +
                             R"("total_by_aggregate":{"data":{)" + numbers +
                             R"(,"start_time":60,"end_time":120,"granularity":30,)"
                             R"("compare":{"offset_seconds":60,"series":[],)" +
                             results + R"("start_time":0,"end_time":120,"granularity":30}})");
}

}  // namespace
}  // namespace skep
