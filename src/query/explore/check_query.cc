// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "query/explore/calculated_fields.h"
#include "query/explore/formulas.h"
#include "query/explore/query_shape.h"

namespace skep {
namespace {

constexpr int64_t kPointsMax = 1'250'000;

void Fail(std::string field, std::string why, SpecErrors* errors) {
  errors->push_back({std::move(field), SpecErrorCode::kInvalid, std::move(why), std::nullopt});
}

// Prefixes speak of one other span, so they stand in `filters` themselves, all of which must hold.
void CheckRelations(const QuerySpec& spec, SpecErrors* errors) {
  for (size_t i = 0; i < spec.filters.size(); ++i) {
    const std::string field = fmt::format("filters[{}]", i);
    if (spec.filters[i].kind != SpecFilter::Kind::kCondition) {
      if (HasRelations(spec.filters[i].parts))
        Fail(field, "relational fields cannot stand within and, or and not", errors);
    } else if (spec.any_filter && HasRelations({spec.filters[i]})) {
      Fail("filter_combination", "must be AND where filters have relational fields", errors);
    }
  }
  for (size_t i = 0; i < spec.calculations.size(); ++i) {
    const Calculation& calculation = spec.calculations[i];
    const std::string column = calculation.column.value_or("");
    if (SplitRelation(column).relation != Relation::kSelf)
      Fail(fmt::format("calculations[{}].column", i), "cannot be a relational field", errors);
    if (HasRelations(calculation.filters))
      Fail(fmt::format("calculations[{}].filters", i), "cannot have relational fields", errors);
  }
  for (size_t i = 0; i < spec.breakdowns.size(); ++i)
    if (SplitRelation(spec.breakdowns[i]).relation == Relation::kNone)
      Fail(fmt::format("breakdowns[{}]", i), "none. cannot be grouped by", errors);
}

// An answer is held in memory and sent whole.
void CheckSize(const QueryRequest& request, SpecErrors* errors) {
  const QueryShape shape = ShapeOf(request);
  if (!shape.series || shape.spec.breakdowns.empty()) return;
  const int64_t buckets = shape.window.length_s() / shape.window.granularity_s + 1;
  const int64_t periods = shape.window.compare_offset_s != 0 ? 2 : 1;
  if (buckets * periods * int64_t{shape.limit} <= kPointsMax) return;
  Fail("limit",
       fmt::format(
           "{} groups in {} buckets are more than {} points; ask for fewer groups, a coarser "
           "granularity or no series",
           shape.limit, buckets * periods, kPointsMax),
       errors);
}

}  // namespace

SpecErrors CheckQuery(const QueryRequest& request, const FieldTypes& types) {
  SpecErrors errors;
  CheckRelations(request.spec, &errors);
  CheckSize(request, &errors);
  (void)FieldsOf(request.spec, request.dataset, types, &errors);
  (void)Formulas(request.spec, &errors);
  return errors;
}

}  // namespace skep
