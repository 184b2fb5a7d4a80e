// SPDX-License-Identifier: Apache-2.0
#include "query/explore/query_shape.h"

#include <algorithm>

#include "query/explore/calculated_fields.h"
#include "query/explore/known_fields.h"
#include "query/explore/query_plan.h"

namespace skep {
namespace {

constexpr uint64_t kResultRowsMax = 2'000'000;

// Measured over 10M spans: by number in two looks, groups of one breakdown cost two thirds of what
// they cost by text in one, if the rows are cheap to find.
constexpr uint64_t kStatesWorthOneLook = 200'000;
constexpr uint64_t kHiddenForEachShown = 4;
constexpr uint64_t kGroupsMax = 1'000'000'000;

// Whether rows are found by what every row has, or by the very field that is grouped by.
bool AreCheap(const std::vector<SpecFilter>& filters, const std::string& breakdown) {
  return std::all_of(filters.begin(), filters.end(), [&](const SpecFilter& filter) {
    if (filter.kind != SpecFilter::Kind::kCondition) return AreCheap(filter.parts, breakdown);
    return filter.column == breakdown || FindKnownField(filter.column) != nullptr;
  });
}

bool MeetMost(const std::vector<SpecFilter>& filters, const std::vector<std::string>& breakdowns) {
  return std::all_of(filters.begin(), filters.end(), [&](const SpecFilter& filter) {
    if (filter.kind != SpecFilter::Kind::kCondition) return false;
    if (filter.op == SpecFilterOp::kExists)
      return std::find(breakdowns.begin(), breakdowns.end(), filter.column) != breakdowns.end();
    return filter.op == SpecFilterOp::kEqual && filter.column == "meta.signal_type";
  });
}

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

// Steps between buckets are only known when all of them are kept.
bool CanLookTwice(const QueryShape& shape) {
  return !shape.spec.breakdowns.empty() && !HasRate(shape.spec);
}

Looks LooksFor(const QueryShape& shape, const Fields& fields) {
  if (!CanLookTwice(shape) || !shape.series) return Looks::kOnce;
  const std::vector<std::string>& breakdowns = shape.spec.breakdowns;
  const bool related = LooksAtTraces(shape.spec);
  if (breakdowns.size() == 1 && !related && AreCheap(shape.spec.filters, breakdowns[0]))
    return Looks::kTwice;
  uint64_t groups = 1;
  for (const std::string& name : breakdowns)
    groups = std::min(groups * std::max<uint64_t>(1, fields.DistinctOf(name)), kGroupsMax);
  const auto buckets = static_cast<uint64_t>(shape.window.length_s() / shape.window.granularity_s);
  const bool mostly_hidden = groups > kHiddenForEachShown * shape.limit;
  return mostly_hidden && groups * buckets > kStatesWorthOneLook ? Looks::kTwice : Looks::kOnce;
}

bool MeetsMostRows(const QueryShape& shape) {
  const QuerySpec& spec = shape.spec;
  const auto is_column = [](const std::string& name) { return FindKnownField(name) != nullptr; };
  const bool only_columns =
      std::all_of(spec.calculations.begin(), spec.calculations.end(), [&](const Calculation& each) {
        return each.filters.empty() && (!each.column || is_column(*each.column));
      });
  const bool one_attribute = spec.breakdowns.size() == 1 ||
                             std::all_of(spec.breakdowns.begin(), spec.breakdowns.end(), is_column);
  return only_columns && one_attribute && shape.dataset == kAllDatasets && !LooksAtTraces(spec) &&
         MeetMost(spec.filters, spec.breakdowns);
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
  return FieldsOf(request.spec, std::move(dataset), types, &none);
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
