// SPDX-License-Identifier: Apache-2.0
#include "query/field_scan.h"

#include <optional>

#include "base/clock.h"
#include "query/sql_writer.h"

namespace skep {
namespace {

constexpr int64_t kDeadlineMs = 3'600'000;
constexpr uint64_t kMemoryBytesMax = 1024ull << 20;

std::optional<ValueType> TypeOf(std::string_view name) {
  if (name == "Int64") return ValueType::kInt64;
  if (name == "Float64") return ValueType::kFloat64;
  if (name == "Bool") return ValueType::kBool;
  if (name == "String") return ValueType::kString;
  return std::nullopt;
}

void AppendRows(int64_t before_ns, SqlWriter* sql) {
  sql->Sql(" FROM events WHERE signal != 'join' AND ingest_time < ").BindTime(before_ns);
}

}  // namespace

// Open spans come again finished, so they are rows of no count, as in the catalogue.
Statement PlanDatasetScan(int64_t before_ns) {
  SqlWriter sql;
  sql.Sql(
      "SELECT project, dataset, countIf(signal != 'open_span'), max(sample_rate != 1), "
      "min(ingest_time), max(ingest_time)");
  AppendRows(before_ns, &sql);
  sql.Sql(" GROUP BY project, dataset");
  return sql.Take();
}

Statement PlanFieldScan(int64_t before_ns) {
  SqlWriter sql;
  sql.Sql(
      "SELECT project, dataset, field.1, field.2, countIf(signal != 'open_span'), "
      "min(ingest_time), max(ingest_time) FROM (SELECT project, dataset, signal, ingest_time, "
      "arrayJoin(CAST(JSONAllPathsWithTypes(attributes), 'Array(Tuple(String, String))')) AS "
      "field");
  AppendRows(before_ns, &sql);
  sql.Sql(") GROUP BY project, dataset, field");
  return sql.Take();
}

Result<FieldScan> ScanFields(Reader& reader, int64_t before_ns, const CancelToken& cancel) {
  QueryOptions options;
  options.deadline_ms = kDeadlineMs;
  options.memory_bytes_max = kMemoryBytesMax;
  FieldScan scan;
  SKEP_ASSIGN(const ResultTable datasets, reader.Run(PlanDatasetScan(before_ns), options, cancel));
  for (size_t i = 0; i < datasets.rows; ++i) {
    scan.datasets.push_back({std::string(datasets.column(0).Text(i)),
                             std::string(datasets.column(1).Text(i)), datasets.column(2).UInt(i),
                             datasets.column(3).UInt(i) != 0, datasets.column(4).Int(i),
                             datasets.column(5).Int(i)});
  }
  SKEP_ASSIGN(const ResultTable fields, reader.Run(PlanFieldScan(before_ns), options, cancel));
  for (size_t i = 0; i < fields.rows; ++i) {
    const auto type = TypeOf(fields.column(3).Text(i));
    // Another type was written by no version of ours.
    if (!type)
      return Error(Code::kDataLoss, "a field has a type that is unknown here",
                   std::string(fields.column(3).Text(i)));
    scan.fields.push_back({std::string(fields.column(0).Text(i)),
                           std::string(fields.column(1).Text(i)),
                           std::string(fields.column(2).Text(i)), *type, fields.column(4).UInt(i),
                           fields.column(5).Int(i), fields.column(6).Int(i)});
  }
  return scan;
}

}  // namespace skep
