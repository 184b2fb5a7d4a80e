// SPDX-License-Identifier: Apache-2.0
#include "query/explore/row_select.h"

#include <algorithm>

#include "base/clock.h"
#include "query/explore/numbered.h"
#include "query/explore/where_sql.h"

namespace skep {
namespace {

constexpr int64_t kSmallBucketsMax = 256;

// The relations that a query groups by, each a join of its own: `j1`, `j2`…
class RelatedJoins {
 public:
  RelatedJoins(const QueryShape& shape, const Fields& fields) : shape_(shape), fields_(fields) {
    for (const std::string& breakdown : shape.spec.breakdowns) {
      const Relation relation = SplitRelation(breakdown).relation;
      if (relation != Relation::kSelf &&
          std::find(relations_.begin(), relations_.end(), relation) == relations_.end())
        relations_.push_back(relation);
    }
  }

  // The text of a breakdown, or whether it is no text.
  void AppendValue(const std::string& breakdown, bool no_text, SqlWriter* sql) const {
    const RelatedName related = SplitRelation(breakdown);
    const size_t join = IndexOf(related.relation);
    const std::vector<std::string_view> names = NamesOf(related.relation);
    const auto name =
        static_cast<size_t>(std::find(names.begin(), names.end(), related.name) - names.begin());
    sql->Sql("tupleElement(");
    if (IsAnother(related.relation))
      // What is no span bears the id of the one that it happened in, which is another one.
      sql->Sql("arrayFirst(x -> signal != 'span' OR tupleElement(x, 2) != span_id, ")
          .Identifier(Numbered('j', join))
          .Sql(")");
    else
      sql->Identifier(Numbered('j', join));
    const size_t before = IsAnother(related.relation) ? 3 : 1;
    sql->Sql(", ").Bind(uint64_t{2 * name + (no_text ? 1 : 0) + before}).Sql(")");
  }

  void AppendJoins(SqlWriter* sql) const {
    for (size_t i = 0; i < relations_.size(); ++i) AppendJoin(i, sql);
  }

 private:
  static bool IsAnother(Relation relation) {
    return relation == Relation::kAny || relation == Relation::kAny2 || relation == Relation::kAny3;
  }
  size_t IndexOf(Relation relation) const {
    return static_cast<size_t>(std::find(relations_.begin(), relations_.end(), relation) -
                               relations_.begin());
  }
  std::vector<std::string_view> NamesOf(Relation relation) const {
    std::vector<std::string_view> names;
    for (const std::string& breakdown : shape_.spec.breakdowns)
      if (const RelatedName related = SplitRelation(breakdown); related.relation == relation)
        names.push_back(related.name);
    return names;
  }

  // Of several spans that fit, the earliest; for another span than the row's own, two of them. Only
  // those of the rows' traces take memory.
  void AppendJoin(size_t i, SqlWriter* sql) const {
    const Relation relation = relations_[i];
    const bool by_span = relation == Relation::kParent || relation == Relation::kChild;
    const std::string trace = Numbered('t', i);
    const std::string span = Numbered('s', i);
    sql->Sql("\nLEFT ANY JOIN (SELECT trace_id AS ").Identifier(trace);
    if (by_span)
      sql->Sql(relation == Relation::kParent ? SqlText(", span_id AS ")
                                             : SqlText(", parent_id AS "))
          .Identifier(span);
    sql->Sql(IsAnother(relation) ? SqlText(", arraySlice(arraySort(x -> (tupleElement(x, 1), "
                                           "tupleElement(x, 2)), groupArray((time, span_id")
                                 : SqlText(", argMin(("));
    bool first = !IsAnother(relation);
    for (const std::string_view name : NamesOf(relation)) {
      if (!first) sql->Sql(", ");
      first = false;
      // Where there is no such span, a column that every row has is null too.
      sql->Sql("toNullable(");
      fields_.Append(name, Reading::kText, sql);
      sql->Sql("), ");
      fields_.AppendTyped(name, ValueType::kString, sql);
      sql->Sql(" IS NULL");
    }
    sql->Sql(IsAnother(relation) ? SqlText("))), 1, 2)") : SqlText("), (time, span_id))"));
    sql->Sql(" AS ").Identifier(Numbered('j', i)).Sql("\nFROM events\nWHERE ");
    AppendRelatedWhere(relation, shape_.project, FiltersOf(relation, shape_.spec.filters), fields_,
                       sql);
    sql->Sql("\nAND trace_id IN (SELECT trace_id\nFROM events\nWHERE ");
    AppendOwnWhere(ScopeOf(shape_), shape_.spec, fields_, sql);
    sql->Sql(")\nGROUP BY ").Identifier(trace);
    if (by_span) sql->Sql(", ").Identifier(span);
    sql->Sql(") AS ").Identifier(Numbered('r', i)).Sql(" ON trace_id = ").Identifier(trace);
    if (!by_span) return;
    sql->Sql(relation == Relation::kParent ? SqlText(" AND parent_id = ")
                                           : SqlText(" AND span_id = "));
    sql->Identifier(span);
  }

  const QueryShape& shape_;
  const Fields& fields_;
  std::vector<Relation> relations_;
};

class RowSelect {
 public:
  RowSelect(const QueryShape& shape, const Fields& fields, const MeasurePlan& measures,
            SqlWriter* sql)
      : shape_(shape), fields_(fields), measures_(measures), joins_(shape, fields), sql_(*sql) {}

  void Append() {
    sql_.Sql("SELECT ");
    if (measures_.concurrent())
      AppendCoveredBuckets();
    else
      AppendBucket();
    AppendGroup();
    if (measures_.sampled()) sql_.Sql(",\nsample_rate AS w");
    measures_.AppendInputs(&sql_);
    sql_.Sql("\nFROM events");
    joins_.AppendJoins(&sql_);
    sql_.Sql("\nWHERE ");
    AppendWhere(ScopeOf(shape_), shape_.spec, fields_, &sql_);
  }

 private:
  bool compares() const { return shape_.window.compare_offset_s != 0; }
  int64_t bucket_ns() const { return shape_.window.granularity_s * kNsPerS; }

  void AppendBucket() {
    if (compares()) sql_.Sql("time_s < ").Bind(shape_.window.start_s).Sql(" AS p, ");
    if (!shape_.series) {
      sql_.Sql("0 AS b");
      return;
    }
    // Numbered from the first one: the smaller the keys, the faster rows are grouped by them.
    sql_.Sql(shape_.window.buckets() <= kSmallBucketsMax ? SqlText("toUInt8(")
                                                         : SqlText("toUInt16("));
    sql_.Sql("intDiv(time_s");
    if (compares()) sql_.Sql(" + p * ").Bind(shape_.window.compare_offset_s);
    sql_.Sql(", ").Bind(shape_.window.granularity_s).Sql(") - ");
    sql_.Bind(shape_.window.first_bucket()).Sql(") AS b");
  }

  // A row for each bucket that a span covers, with how much of it; the one in which it `begins` is
  // the row of all other calculations. Each period sees a span that reaches into it.
  void AppendCoveredBuckets() {
    const TimeRange range = shape_.window.range();
    if (compares()) sql_.Sql("arrayJoin([0, 1]) AS p,\n");
    sql_.Sql("toUnixTimestamp64Nano(time)");
    if (compares()) sql_.Sql(" + p * ").Bind(shape_.window.compare_offset_s * kNsPerS);
    sql_.Sql(
        " AS begin_ns,\nbegin_ns + if(signal = 'span', toInt64(least(duration_ns, "
        "1000000000000000000)), "
        "0) AS end_ns,\n");
    const auto clipped = [&](SqlText of, int64_t last_ns) {
      sql_.Sql("least(greatest(").Sql(of).Sql(", ").Bind(range.from_ns).Sql("), ");
      sql_.Bind(last_ns).Sql(")");
    };
    const auto in_range = [&] {
      sql_.Sql("begin_ns >= ").Bind(range.from_ns).Sql(" AND begin_ns < ").Bind(range.to_ns);
    };
    const auto reaches_in = [&] {
      sql_.Sql("begin_ns < ").Bind(range.to_ns).Sql(" AND (begin_ns >= ").Bind(range.from_ns);
      sql_.Sql(" OR end_ns > ").Bind(range.from_ns).Sql(")");
    };
    if (!shape_.series) {
      sql_.Sql("arrayJoin(range(0, if(");
      reaches_in();
      sql_.Sql(", 1, 0))) AS b,\n");
      clipped("end_ns", range.to_ns);
      sql_.Sql(" - ");
      clipped("begin_ns", range.to_ns);
      sql_.Sql(" AS overlap,\n");
      in_range();
      sql_.Sql(" AS begins");
      return;
    }
    const auto bucket = [&](SqlText of) {
      sql_.Sql("intDiv(");
      clipped(of, range.to_ns - 1);
      sql_.Sql(", ").Bind(bucket_ns()).Sql(")");
    };
    // The end is not covered: a span that ends where a bucket begins is not in it. An empty one is
    // where it begins.
    sql_.Sql("arrayJoin(range(");
    bucket("begin_ns");
    sql_.Sql(", if(");
    reaches_in();
    sql_.Sql(", ");
    bucket("greatest(begin_ns, end_ns - 1)");
    sql_.Sql(" + 1, ");
    bucket("begin_ns");
    sql_.Sql("))) AS b,\ngreatest(0, least(");
    clipped("end_ns", range.to_ns);
    sql_.Sql(", (b + 1) * ").Bind(bucket_ns()).Sql(") - greatest(");
    clipped("begin_ns", range.to_ns);
    sql_.Sql(", b * ").Bind(bucket_ns()).Sql(")) AS overlap,\n");
    in_range();
    sql_.Sql(" AND b = intDiv(begin_ns, ").Bind(bucket_ns()).Sql(") AS begins");
  }

  void AppendGroup() {
    for (size_t i = 0; i < shape_.spec.breakdowns.size(); ++i) {
      const std::string& name = shape_.spec.breakdowns[i];
      const bool related = SplitRelation(name).relation != Relation::kSelf;
      sql_.Sql(",\n");
      if (related)
        joins_.AppendValue(name, false, &sql_);
      else
        fields_.Append(name, Reading::kText, &sql_);
      sql_.Sql(" AS ").Identifier(Numbered('k', i));
      if (!IsMixed(BreakdownTypes(name, fields_))) continue;
      sql_.Sql(",\n");
      if (related) {
        joins_.AppendValue(name, true, &sql_);
      } else {
        fields_.AppendTyped(name, ValueType::kString, &sql_);
        sql_.Sql(" IS NULL");
      }
      sql_.Sql(" AS ").Identifier(Numbered('m', i));
    }
  }

  const QueryShape& shape_;
  const Fields& fields_;
  const MeasurePlan& measures_;
  const RelatedJoins joins_;
  SqlWriter& sql_;
};

}  // namespace

TypeSet BreakdownTypes(const std::string& breakdown, const Fields& fields) {
  return fields.TypesOf(SplitRelation(breakdown).name);
}

bool IsMixed(TypeSet types) {
  return types.Has(ValueType::kString) && !types.Is(ValueType::kString);
}

void AppendRowSelect(const QueryShape& shape, const Fields& fields, const MeasurePlan& measures,
                     SqlWriter* sql) {
  RowSelect(shape, fields, measures, sql).Append();
}

}  // namespace skep
