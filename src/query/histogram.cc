// SPDX-License-Identifier: Apache-2.0
#include "query/histogram.h"

#include <algorithm>

#include "base/check.h"
#include "query/entry_fields.h"

namespace skep {
namespace {

// Requests whose routes are looked at.
constexpr size_t kRouteSample = 10'000;

// Whether the filter holds for the row at hand: decided for each, asked of the entry.
Status AppendMatch(const RequestsQuestion& question, SqlWriter* sql, size_t* error_position) {
  FilterScope scope;
  scope.project = question.project;
  scope.range = question.range;
  scope.by_evidence = question.by_evidence;
  sql->Sql("(1");
  SKEP_TRY(AppendFilter(question.filter, scope, sql, error_position));
  sql->Sql(")");
  return {};
}

}  // namespace

Result<Statement> PlanHistogram(const RequestsQuestion& question, int64_t bucket_ns,
                                size_t* error_position) {
  SqlWriter sql;
  sql.Sql(
      "SELECT GROUPING(bucket) AS whole, bucket, sum(weight) AS n, sumIf(weight, failed) AS bad, "
      "quantileExactWeighted(0.95)(duration, toUInt64(greatest(1, round(weight)))) AS p95 FROM "
      "(SELECT intDiv(toUnixTimestamp64Nano(time) - ");
  sql.Bind(question.range.from_ns).Sql(", ").Bind(bucket_ns);
  sql.Sql(
      ") AS bucket, duration_ns AS duration, status = 'error' AS failed, sample_rate AS weight, ");
  SKEP_TRY(AppendMatch(question, &sql, error_position));
  sql.Sql(" AS matches FROM events WHERE ");
  AppendMayBeRequests(question, &sql);
  sql.Sql(" ORDER BY ");
  AppendEntryRank(&sql);
  sql.Sql(
      " LIMIT 1 BY trace_id) WHERE matches GROUP BY GROUPING SETS ((bucket), ()) "
      "ORDER BY whole, bucket");
  return sql.Take();
}

Result<Statement> PlanRouteDurations(const RequestsQuestion& question, size_t* error_position) {
  SqlWriter sql;
  sql.Sql(
      "SELECT method, route, quantileExactWeighted(0.95)(duration_ns, weight) AS p95 "
      "FROM (SELECT ");
  AppendMethod(&sql);
  sql.Sql(" AS method, ");
  AppendRoute(&sql);
  sql.Sql(
      " AS route, duration_ns, toUInt64(greatest(1, round(sample_rate))) AS weight FROM events "
      "WHERE ");
  AppendMayBeRequests(question, &sql);
  sql.Sql(" AND ");
  SKEP_TRY(AppendMatch(question, &sql, error_position));
  sql.Sql(
      " ORDER BY time DESC LIMIT 10000) GROUP BY method, route "
      "ORDER BY sum(weight) DESC, route, method LIMIT 50");
  return sql.Take();
}

Result<RequestHistogram> CountRequests(Reader& reader, const RequestsQuestion& question,
                                       size_t buckets, const CancelToken& cancel,
                                       size_t* error_position) {
  SKEP_CHECK(buckets > 0 && question.range.to_ns > question.range.from_ns);
  const int64_t length = question.range.to_ns - question.range.from_ns;
  const auto n = static_cast<int64_t>(buckets);
  RequestHistogram histogram;
  histogram.range = question.range;
  histogram.bucket_ns = length / n + (length % n != 0 ? 1 : 0);
  histogram.counts.resize(buckets);
  histogram.errors.resize(buckets);

  SKEP_ASSIGN(const Statement counts, PlanHistogram(question, histogram.bucket_ns, error_position));
  SKEP_ASSIGN(const ResultTable table, reader.Run(counts, {}, cancel));
  for (size_t i = 0; i < table.rows; ++i) {
    if (table.column(0).UInt(i) != 0) {
      histogram.total = table.column(2).Float(i);
      histogram.total_errors = table.column(3).Float(i);
      histogram.p95_ns = table.column(4).UInt(i);
      continue;
    }
    const uint64_t bucket = table.column(1).UInt(i);
    if (bucket >= buckets) continue;
    histogram.counts[bucket] = table.column(2).Float(i);
    histogram.errors[bucket] = table.column(3).Float(i);
  }

  if (histogram.total == 0) return histogram;
  // Only so far back as the newest ones reach, so that their attributes alone are read.
  SKEP_ASSIGN(const Statement floor, PlanEntryFloor(question, kRouteSample, error_position));
  SKEP_ASSIGN(const ResultTable found, reader.Run(floor, {}, cancel));
  if (found.rows == 0 || found.column(1).UInt(0) == 0) return histogram;
  RequestsQuestion newest = question;
  newest.range.from_ns = found.column(0).Int(0);
  SKEP_ASSIGN(const Statement routes, PlanRouteDurations(newest, error_position));
  SKEP_ASSIGN(const ResultTable slow, reader.Run(routes, {}, cancel));
  for (size_t i = 0; i < slow.rows; ++i)
    histogram.routes.push_back({std::string(slow.column(0).Text(i)),
                                std::string(slow.column(1).Text(i)), slow.column(2).UInt(i)});
  return histogram;
}

}  // namespace skep
