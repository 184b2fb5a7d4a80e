// SPDX-License-Identifier: Apache-2.0
#include "query/explore/query_shape.h"

#include "query/explore/calculated_fields.h"
#include "query/explore/query_plan.h"

namespace skep {
namespace {

constexpr uint64_t kResultRowsMax = 2'000'000;

}  // namespace

QueryShape ShapeOf(const QueryRequest& request) {
  QueryShape shape;
  shape.spec = request.spec;
  shape.project = request.project;
  shape.dataset = request.dataset;
  shape.window = WindowOf(request.spec, request.now_ns);
  shape.limit = request.limit.value_or(request.spec.limit.value_or(QuerySpec::kDefaultLimit));
  shape.series = request.series || HasRate(request.spec);
  shape.total = request.total;
  shape.other = request.other;
  return shape;
}

RowScope ScopeOf(const QueryShape& shape) {
  RowScope scope;
  scope.project = shape.project;
  scope.dataset = shape.dataset;
  scope.range = shape.window.range();
  scope.compare_range = shape.window.compare_range();
  for (const Calculation& calculation : shape.spec.calculations)
    scope.reaching_in = scope.reaching_in || calculation.op == CalculationOp::kConcurrency;
  return scope;
}

Fields NamesOf(const QueryRequest& request, const FieldTypes& types) {
  SpecErrors none;
  // Other spans of a trace may be of other datasets, where a field may have other types.
  std::string dataset = LooksAtTraces(request.spec) ? std::string(kAllDatasets) : request.dataset;
  return FieldsOf(request.spec, request.calculated_fields, std::move(dataset), types, &none);
}

Formulas FormulasOf(const QueryRequest& request) {
  SpecErrors none;
  return {request.spec, &none};
}

QueryOptions OptionsOf(const QueryRequest& request) {
  QueryOptions options;
  options.deadline_ms = request.deadline_ms;
  options.rows_max = kResultRowsMax;
  options.memory_bytes_max = request.memory_bytes_max;
  return options;
}

}  // namespace skep
