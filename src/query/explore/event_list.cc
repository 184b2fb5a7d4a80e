// SPDX-License-Identifier: Apache-2.0
#include "query/explore/event_list.h"

#include "query/explore/query_shape.h"

namespace skep {
namespace {

// The time of the last row of a newest-first page. Sorted by time alone and with nothing else to
// read, the engine stops early.
Statement PlanFloor(const RowScope& scope, const QuerySpec& spec, const Fields& fields,
                    uint32_t limit) {
  SqlWriter sql;
  sql.Sql("SELECT min(time), count()\nFROM (SELECT time\nFROM events\nWHERE ");
  AppendWhere(scope, spec, fields, &sql);
  sql.Sql("\nORDER BY time DESC\nLIMIT ").Bind(uint64_t{limit}).Sql(")");
  return sql.Take();
}

Statement PlanRows(const RowScope& scope, const EventsQuestion& question, const Fields& fields) {
  SqlWriter sql;
  sql.Sql("SELECT ");
  AppendEventColumns(RowDetail::kEntry, &sql);
  sql.Sql("\nFROM events\nWHERE ");
  AppendWhere(scope, question.request.spec, fields, &sql);
  sql.Sql("\nORDER BY ");
  if (!question.order.empty()) {
    fields.Append(question.order, Reading::kNumber, &sql);
    sql.Sql(" DESC NULLS LAST, ");
  }
  sql.Sql("time DESC, event_id DESC\nLIMIT ").Bind(uint64_t{question.limit});
  return sql.Take();
}

}  // namespace

Result<std::vector<EventRow>> ListEvents(Reader& reader, const EventsQuestion& question,
                                         const FieldTypes& types, const CancelToken& cancel) {
  const QueryRequest& request = question.request;
  if (const SpecErrors errors = CheckQuery(request, types); !errors.empty()) return ErrorOf(errors);
  SKEP_TRY(reader.Refresh(request.freshness, request.deadline_ms));
  const Fields fields = NamesOf(request, types);
  const QueryOptions options = OptionsOf(request);
  RowScope scope = ScopeOf(ShapeOf(request));
  scope.reaching_in = false;
  scope.compare_range = {};
  if (question.order.empty()) {
    SKEP_ASSIGN(
        const ResultTable floor,
        reader.Run(PlanFloor(scope, request.spec, fields, question.limit), options, cancel));
    if (floor.rows == 0 || floor.column(1).UInt(0) == 0) return std::vector<EventRow>();
    scope.range.from_ns = floor.column(0).Int(0);
  }
  SKEP_ASSIGN(const ResultTable table,
              reader.Run(PlanRows(scope, question, fields), options, cancel));
  return ReadEventRows(table);
}

}  // namespace skep
