// SPDX-License-Identifier: Apache-2.0
#include "query/explore/run_query.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/clock.h"
#include "query/explore/query_answer.h"
#include "query/explore/query_plan.h"
#include "query/explore/where_sql.h"

namespace skep {
namespace {

constexpr uint64_t kResultRowsMax = 5'000'000;

QueryShape ShapeOf(const QueryRequest& request) {
  QueryShape shape;
  shape.spec = request.spec;
  shape.project = request.project;
  shape.window = WindowOf(request.spec, request.now_ns);
  shape.limit = request.limit.value_or(request.spec.limit.value_or(QuerySpec::kDefaultLimit));
  shape.series = request.series;
  shape.total = request.total;
  shape.other = request.other;
  return shape;
}

Error Explained(Error error, uint64_t memory_bytes_max) {
  if (error.code == Code::kResourceExhausted)
    error.message = fmt::format(
        "The query needs more than its {} MB of memory. A shorter time range, more filters or "
        "fewer "
        "groups need less.",
        memory_bytes_max >> 20);
  return error;
}

}  // namespace

SpecErrors CheckQuery(const QueryRequest&, const FieldTypes&) { return {}; }

Result<QueryResult> RunQuery(Reader& reader, const QueryRequest& request, const FieldTypes& types,
                             const CancelToken& cancel,
                             const std::shared_ptr<QueryProgress>& progress) {
  const int64_t begin_ns = MonotonicNs();
  if (const SpecErrors errors = CheckQuery(request, types); !errors.empty()) return ErrorOf(errors);
  SKEP_TRY(reader.Refresh(request.freshness, request.deadline_ms));
  QueryShape shape = ShapeOf(request);
  const Fields fields(request.dataset, &types);
  QueryOptions options;
  options.deadline_ms = request.deadline_ms;
  options.rows_max = kResultRowsMax;
  options.memory_bytes_max = request.memory_bytes_max;

  shape.sampled = !request.spec.usage_mode && types.MayBeSampled(request.dataset);
  if (shape.sampled) {
    auto probe = reader.Run(PlanSampledProbe(shape, fields), options, cancel);
    if (!probe) return Explained(std::move(probe.error()), request.memory_bytes_max);
    shape.sampled = probe->rows > 0;
  }
  options.deadline_ms =
      std::max<int64_t>(1, request.deadline_ms - (MonotonicNs() - begin_ns) / kNsPerMs);
  options.progress = progress;
  auto table = reader.Run(PlanQuery(shape, fields), options, cancel);
  if (!table) return Explained(std::move(table.error()), request.memory_bytes_max);
  QueryResult result = AssembleAnswer(shape, fields, *table);
  result.elapsed_ns = MonotonicNs() - begin_ns;
  return result;
}

}  // namespace skep
