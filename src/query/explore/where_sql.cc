// SPDX-License-Identifier: Apache-2.0
#include "query/explore/where_sql.h"

#include "query/explore/filter_sql.h"

namespace skep {
namespace {

constexpr Relation kRelations[] = {Relation::kRoot, Relation::kParent, Relation::kChild,
                                   Relation::kAny,  Relation::kAny2,   Relation::kAny3,
                                   Relation::kNone};

bool IsEmpty(const TimeRange& range) { return range.to_ns <= range.from_ns; }

void AppendTimes(const RowScope& scope, SqlWriter* sql) {
  if (scope.reaching_in) {
    const bool compares = !IsEmpty(scope.compare_range);
    const int64_t from_ns = compares ? scope.compare_range.from_ns : scope.range.from_ns;
    sql->Sql("project = ").Bind(scope.project).Sql(" AND time < ").BindTime(scope.range.to_ns);
    sql->Sql(" AND (time >= ").BindTime(from_ns);
    sql->Sql(
        " OR signal = 'span' AND toUnixTimestamp64Nano(time) + toInt64(least(duration_ns, "
        "1000000000000000000)) > ");
    sql->Bind(from_ns).Sql(")");
    return;
  }
  if (IsEmpty(scope.compare_range)) return AppendProjectAndTime(scope.project, scope.range, sql);
  AppendProjectAndTimes(scope.project, {scope.compare_range, scope.range}, sql);
}

class Related {
 public:
  Related(const std::string& project, const Fields& fields, SqlWriter* sql)
      : project_(project), fields_(fields), sql_(*sql) {}

  void Append(Relation relation, const std::vector<SpecFilter>& filters) {
    switch (relation) {
      case Relation::kSelf:
        return;
      case Relation::kRoot:
        sql_.Sql("trace_id IN ");
        return Select(relation, filters, "trace_id", ")");
      case Relation::kParent:
        sql_.Sql("(trace_id, parent_id) IN ");
        return Select(relation, filters, "trace_id, span_id", ")");
      case Relation::kChild:
        sql_.Sql("(trace_id, span_id) IN ");
        return Select(relation, filters, "trace_id, parent_id", ")");
      case Relation::kAny:
      case Relation::kAny2:
      case Relation::kAny3:
        return AppendAnother(relation, filters);
      case Relation::kNone:
        sql_.Sql("trace_id != toFixedString('', 16) AND trace_id NOT IN ");
        return Select(relation, filters, "trace_id", ")");
    }
  }

 private:
  void Select(Relation relation, const std::vector<SpecFilter>& filters, SqlText what,
              SqlText end) {
    sql_.Sql("(SELECT ").Sql(what).Sql("\nFROM events\nWHERE ");
    AppendRelatedWhere(relation, project_, filters, fields_, &sql_);
    sql_.Sql(end);
  }

  // Another span than the row itself: where the row matches too, there must be two.
  void AppendAnother(Relation relation, const std::vector<SpecFilter>& filters) {
    sql_.Sql("(trace_id IN ");
    Select(relation, filters, "trace_id", "\nGROUP BY trace_id\nHAVING count() > 1)");
    sql_.Sql("\nOR (NOT ifNull(signal = 'span' AND ");
    AppendFilters(filters, false, fields_, &sql_);
    sql_.Sql(", false) AND trace_id IN ");
    Select(relation, filters, "trace_id", "))");
    sql_.Sql(")");
  }

  const std::string& project_;
  const Fields& fields_;
  SqlWriter& sql_;
};

}  // namespace

bool HasRelations(const std::vector<SpecFilter>& filters) {
  for (const SpecFilter& filter : filters) {
    if (filter.kind == SpecFilter::Kind::kCondition) {
      if (SplitRelation(filter.column).relation != Relation::kSelf) return true;
    } else if (HasRelations(filter.parts)) {
      return true;
    }
  }
  return false;
}

bool LooksAtTraces(const QuerySpec& spec) {
  for (const std::string& breakdown : spec.breakdowns)
    if (SplitRelation(breakdown).relation != Relation::kSelf) return true;
  return HasRelations(spec.filters);
}

std::vector<SpecFilter> FiltersOf(Relation relation, const std::vector<SpecFilter>& filters) {
  std::vector<SpecFilter> of;
  for (const SpecFilter& filter : filters) {
    const bool condition = filter.kind == SpecFilter::Kind::kCondition;
    const RelatedName related = condition ? SplitRelation(filter.column) : RelatedName{};
    if (related.relation != relation) continue;
    of.push_back(filter);
    if (condition) of.back().column = std::string(related.name);
  }
  return of;
}

void AppendRelatedWhere(Relation relation, const std::string& project,
                        const std::vector<SpecFilter>& filters, const Fields& fields,
                        SqlWriter* sql) {
  sql->Sql("project = ").Bind(project);
  sql->Sql(" AND signal = 'span' AND trace_id != toFixedString('', 16)");
  if (relation == Relation::kRoot) sql->Sql(" AND parent_id = toFixedString('', 8)");
  if (relation == Relation::kChild) sql->Sql(" AND parent_id != toFixedString('', 8)");
  if (filters.empty()) return;
  sql->Sql(" AND ");
  AppendFilters(filters, false, fields, sql);
}

void AppendOwnWhere(const RowScope& scope, const QuerySpec& spec, const Fields& fields,
                    SqlWriter* sql) {
  AppendTimes(scope, sql);
  sql->Sql("\nAND signal NOT IN ('join', 'open_span', 'repeat')");
  const std::string& dataset = scope.dataset.empty() ? fields.dataset() : scope.dataset;
  if (dataset != kAllDatasets) sql->Sql("\nAND dataset = ").Bind(dataset);
  const std::vector<SpecFilter> own = FiltersOf(Relation::kSelf, spec.filters);
  if (!own.empty()) {
    sql->Sql("\nAND ");
    AppendFilters(own, spec.any_filter, fields, sql);
  }
}

void AppendWhere(const RowScope& scope, const QuerySpec& spec, const Fields& fields,
                 SqlWriter* sql) {
  AppendOwnWhere(scope, spec, fields, sql);
  for (const Relation relation : kRelations) {
    const std::vector<SpecFilter> filters = FiltersOf(relation, spec.filters);
    if (filters.empty()) continue;
    sql->Sql("\nAND ");
    Related(scope.project, fields, sql).Append(relation, filters);
  }
}

}  // namespace skep
