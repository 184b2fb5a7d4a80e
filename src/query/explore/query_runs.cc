// SPDX-License-Identifier: Apache-2.0
#include "query/explore/query_runs.h"

#include <utility>
#include <variant>

namespace skep {
namespace {

uint64_t BytesOf(const Measures& measures) {
  uint64_t bytes = sizeof(Measures) + measures.size() * sizeof(Measure);
  for (const Measure& measure : measures)
    if (const auto* heatmap = std::get_if<Heatmap>(&measure.value))
      bytes += heatmap->size() * sizeof(HeatmapCell);
  return bytes;
}

// About what an answer holds in memory.
uint64_t BytesOf(const QueryResult& result) {
  uint64_t bytes = sizeof(QueryResult) + BytesOf(result.total) + BytesOf(result.other);
  for (const ResultRow& row : result.rows) {
    bytes += BytesOf(row.measures);
    for (const SpecValue& value : row.group) {
      bytes += sizeof(SpecValue);
      if (const auto* text = std::get_if<std::string>(&value)) bytes += text->size();
    }
  }
  for (const SeriesPoint& point : result.series) bytes += sizeof(point) + BytesOf(point.measures);
  for (const TotalPoint& point : result.total_series) bytes += BytesOf(point.measures);
  for (const TotalPoint& point : result.other_series) bytes += BytesOf(point.measures);
  return bytes + (result.compare ? BytesOf(*result.compare) : 0);
}

}  // namespace

QueryRuns::QueryRuns(Reader* reader, const FieldTypes* types, Options options)
    : types_(types),
      runs_({[reader, types](const QueryRequest& request, const CancelToken& cancel,
                             const std::shared_ptr<QueryProgress>& progress, const auto&) {
               return RunQuery(*reader, request, *types, cancel, progress);
             },
             [](const QueryResult& result) { return BytesOf(result); }},
            options) {}

Result<std::string> QueryRuns::Start(QueryRequest request) {
  if (const SpecErrors errors = CheckQuery(request, *types_); !errors.empty())
    return ErrorOf(errors);
  return runs_.Start(std::move(request));
}

Result<RunStatus> QueryRuns::Look(const std::string& id, int64_t wait_ms) {
  SKEP_ASSIGN(RunStatus run, runs_.Look(id, wait_ms));
  if (run.result) run.rows_read = run.rows_total = run.result->rows_read;
  return run;
}

}  // namespace skep
