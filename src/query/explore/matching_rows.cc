// SPDX-License-Identifier: Apache-2.0
#include "query/explore/matching_rows.h"

#include "query/explore/query_shape.h"
#include "query/explore/query_window.h"
#include "query/explore/where_sql.h"

namespace skep {

Statement PlanMatchingRows(const MatchingRowsQuestion& question, const Fields& fields) {
  const QueryRequest& query = question.query;
  RowScope scope;
  scope.project = query.project;
  scope.dataset = query.dataset;
  scope.range = WindowOf(query.spec, query.now_ns).range();
  SqlWriter sql;
  sql.Sql("SELECT ");
  AppendEventColumns(RowDetail::kEntry, &sql);
  sql.Sql(" FROM events WHERE ");
  AppendWhere(scope, query.spec, fields, &sql);
  sql.Sql(" ORDER BY ");
  if (question.order.empty()) {
    sql.Sql("time");
  } else {
    fields.Append(question.order, Reading::kNumber, &sql);
  }
  sql.Sql(" DESC NULLS LAST LIMIT ").Bind(uint64_t{question.limit});
  return sql.Take();
}

Result<std::vector<EventRow>> ReadMatchingRows(Reader& reader, const MatchingRowsQuestion& question,
                                               const FieldTypes& types, const CancelToken& cancel) {
  const QueryRequest& query = question.query;
  if (const SpecErrors errors = CheckQuery(query, types); !errors.empty()) return ErrorOf(errors);
  SKEP_TRY(reader.Refresh(query.freshness, query.deadline_ms));
  const Fields fields = NamesOf(query, types);
  QueryOptions options;
  options.deadline_ms = query.deadline_ms;
  options.memory_bytes_max = query.memory_bytes_max;
  SKEP_ASSIGN(const ResultTable table,
              reader.Run(PlanMatchingRows(question, fields), options, cancel));
  return ReadEventRows(table);
}

}  // namespace skep
