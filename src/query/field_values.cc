// SPDX-License-Identifier: Apache-2.0
#include "query/field_values.h"

#include "query/entry_fields.h"

namespace skep {
namespace {

// What a longer value is, no filter line can show.
constexpr uint64_t kValueBytesMax = 200;

// A String, or null; empty where the row has none.
void AppendValue(std::string_view field, SqlWriter* sql) {
  if (field == "service") {
    sql->Sql("toString(dataset)");
  } else if (field == "route") {
    AppendRoute(sql);
  } else if (field == "method") {
    AppendMethod(sql);
  } else if (field == "user") {
    AppendUser(sql);
  } else if (field == "door") {
    sql->Sql("toString(door)");
  } else if (field == "error") {
    sql->Sql("if(status = 'error', 'true', 'false')");
  } else if (field == "status") {
    sql->Sql("nullIf(toString(");
    AppendStatusCode(sql);
    sql->Sql("), '0')");
  } else {
    sql->Sql("toString(").Attribute(field).Sql(")");
  }
}

}  // namespace

Statement PlanFieldValues(const RequestsQuestion& question, std::string_view field) {
  SqlWriter sql;
  sql.Sql(
      "SELECT GROUPING(value) AS whole, value, sum(weight) AS n, uniq(value) FROM (SELECT "
      "ifNull(");
  AppendValue(field, &sql);
  sql.Sql(", '') AS value, sample_rate AS weight FROM events WHERE ");
  AppendMayBeRequests(question, &sql);
  sql.Sql(" ORDER BY ");
  AppendEntryRank(&sql);
  sql.Sql(" LIMIT 1 BY trace_id) WHERE value != '' AND length(value) <= ").Bind(kValueBytesMax);
  sql.Sql(" GROUP BY GROUPING SETS ((value), ()) ORDER BY whole DESC, n DESC, value LIMIT ");
  sql.Bind(uint64_t{question.limit} + 1);
  return sql.Take();
}

Result<FieldValues> ReadFieldValues(Reader& reader, const RequestsQuestion& question,
                                    std::string_view field, const CancelToken& cancel) {
  FieldValues found;
  if (field == "duration_ms") return found;
  SKEP_ASSIGN(const ResultTable table, reader.Run(PlanFieldValues(question, field), {}, cancel));
  for (size_t i = 0; i < table.rows; ++i) {
    if (table.column(0).UInt(i) != 0) {
      found.total = table.column(2).Float(i);
      found.distinct = table.column(3).UInt(i);
    } else {
      found.values.push_back({std::string(table.column(1).Text(i)), table.column(2).Float(i)});
    }
  }
  return found;
}

}  // namespace skep
