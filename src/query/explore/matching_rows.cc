// SPDX-License-Identifier: Apache-2.0
#include "query/explore/matching_rows.h"

#include <utility>

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
  for (const std::string& column : question.columns) {
    sql.Sql(", ");
    fields.Append(column, Reading::kText, &sql);
  }
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

Result<std::vector<MatchingRow>> ReadMatchingRows(Reader& reader,
                                                  const MatchingRowsQuestion& question,
                                                  const FieldTypes& types,
                                                  const CancelToken& cancel) {
  const QueryRequest& query = question.query;
  if (const SpecErrors errors = CheckQuery(query, types); !errors.empty()) return ErrorOf(errors);
  SKEP_TRY(reader.Refresh(query.freshness, query.deadline_ms));
  const Fields fields = NamesOf(query, types);
  QueryOptions options;
  options.deadline_ms = query.deadline_ms;
  options.memory_bytes_max = query.memory_bytes_max;
  SKEP_ASSIGN(const ResultTable table,
              reader.Run(PlanMatchingRows(question, fields), options, cancel));
  std::vector<MatchingRow> rows;
  for (EventRow& event : ReadEventRows(table)) {
    MatchingRow& row = rows.emplace_back(MatchingRow{std::move(event), {}});
    for (size_t c = 0; c < question.columns.size(); ++c) {
      const ResultColumn& column = table.column(kEventColumns + c);
      const size_t at = rows.size() - 1;
      row.columns.emplace_back();
      if (!column.IsNull(at)) row.columns.back() = column.Text(at);
    }
  }
  return rows;
}

}  // namespace skep
