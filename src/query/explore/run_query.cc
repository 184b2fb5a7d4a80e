// SPDX-License-Identifier: Apache-2.0
#include "query/explore/run_query.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/clock.h"
#include "query/explore/calculated_fields.h"
#include "query/explore/query_answer.h"
#include "query/explore/query_plan.h"
#include "query/explore/where_sql.h"

namespace skep {
namespace {

void DropSeries(QueryResult* result) {
  result->series.clear();
  result->total_series.clear();
  result->other_series.clear();
  if (result->compare == nullptr) return;
  auto compared = std::make_shared<QueryResult>(*result->compare);
  DropSeries(compared.get());
  result->compare = std::move(compared);
}

Error Explained(Error error, uint64_t memory_bytes_max) {
  if (error.code == Code::kResourceExhausted)
    error.message = fmt::format(
        "The query needs more than its {} MB of memory. A shorter time range, more filters or "
        "fewer groups need less.",
        memory_bytes_max >> 20);
  return error;
}

}  // namespace

Result<QueryResult> RunQuery(Reader& reader, const QueryRequest& request, const FieldTypes& types,
                             const CancelToken& cancel,
                             const std::shared_ptr<QueryProgress>& progress) {
  const int64_t begin_ns = MonotonicNs();
  if (const SpecErrors errors = CheckQuery(request, types); !errors.empty()) return ErrorOf(errors);
  SKEP_TRY(reader.Refresh(request.freshness, request.deadline_ms));
  QueryShape shape = ShapeOf(request);
  const Fields fields = NamesOf(request, types);
  const Formulas formulas = FormulasOf(request);
  QueryOptions options = OptionsOf(request);
  const auto left_ms = [&] {
    return std::max<int64_t>(1, request.deadline_ms - (MonotonicNs() - begin_ns) / kNsPerMs);
  };

  shape.sampled = !request.spec.usage_mode && types.MayBeSampled(request.dataset);
  if (shape.sampled) {
    auto probe = reader.Run(PlanSampledProbe(shape, fields), options, cancel);
    if (!probe) return Explained(std::move(probe.error()), request.memory_bytes_max);
    shape.sampled = probe->rows > 0;
  }
  shape.looks = LooksFor(shape, fields);
  options.deadline_ms = left_ms();
  options.progress = progress;
  if (shape.looks == Looks::kTwice) options.group_bytes_max = request.memory_bytes_max / 2;
  auto table = reader.Run(PlanQuery(shape, fields, formulas), options, cancel);
  const bool too_large = !table && table.error().code == Code::kResourceExhausted;
  if (too_large && CanLookTwice(shape)) {
    shape.looks = Looks::kTwice;
    options.group_bytes_max = request.memory_bytes_max / 5;
    options.deadline_ms = left_ms();
    table = reader.Run(PlanQuery(shape, fields, formulas), options, cancel);
  }
  if (!table) return Explained(std::move(table.error()), request.memory_bytes_max);
  QueryResult result = AssembleAnswer(shape, fields, formulas, *table);
  if (!request.series) DropSeries(&result);
  result.elapsed_ns = MonotonicNs() - begin_ns;
  return result;
}

}  // namespace skep
