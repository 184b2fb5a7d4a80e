// SPDX-License-Identifier: Apache-2.0
#include "query/places.h"

#include "query/entry_fields.h"
#include "query/requests_plan.h"

namespace skep {
namespace {

constexpr size_t kPrefixMin = 6;
constexpr size_t kTraceIdDigits = 32;
constexpr size_t kNamesSample = 5000;

TraceId Padded(std::string_view prefix, char digit) {
  std::string text(prefix);
  text.resize(kTraceIdDigits, digit);
  return TraceId::FromHex(text).value_or(TraceId());
}

}  // namespace

std::string TraceIdPrefix(std::string_view text) {
  if (text.starts_with("1-")) text.remove_prefix(2);
  std::string digits;
  for (const char c : text) {
    if (c == '-') continue;
    const int digit = HexDigit(c);
    if (digit < 0) return {};
    digits += kHexDigits[digit];
  }
  return digits.size() < kPrefixMin || digits.size() > kTraceIdDigits ? std::string() : digits;
}

Statement PlanTracePlaces(std::string_view project, const TimeRange& range,
                          std::string_view prefix) {
  SqlWriter sql;
  sql.Sql(
      "SELECT trace_id, min(time) AS first, toString(argMin(dataset, time)), "
      "toString(argMin(name, time)) FROM events WHERE ");
  AppendProjectAndTime(project, range, &sql);
  // Only the whole id is looked up in the index.
  if (prefix.size() == kTraceIdDigits) {
    sql.Sql(" AND trace_id = ").Bind(Padded(prefix, '0'));
  } else {
    sql.Sql(" AND trace_id >= ").Bind(Padded(prefix, '0'));
    sql.Sql(" AND trace_id <= ").Bind(Padded(prefix, 'f'));
  }
  sql.Sql(" AND signal IN ('span', 'open_span') GROUP BY trace_id ORDER BY first DESC LIMIT 8");
  return sql.Take();
}

Statement PlanNamedPlaces(std::string_view project, const TimeRange& range, PlaceKind kind,
                          std::string_view part) {
  SqlWriter sql;
  sql.Sql("SELECT place, count() AS n FROM (SELECT ");
  kind == PlaceKind::kRoute ? AppendRoute(&sql) : AppendUser(&sql);
  sql.Sql(" AS place FROM events WHERE ");
  AppendProjectAndTime(project, range, &sql);
  sql.Sql(" AND ");
  AppendMayBeEntry(&sql);
  sql.Sql(" ORDER BY time DESC LIMIT 5000) WHERE positionCaseInsensitiveUTF8(place, ");
  sql.Bind(part).Sql(") > 0 GROUP BY place ORDER BY n DESC, place LIMIT 8");
  return sql.Take();
}

Result<std::vector<TracePlace>> FindTracePlaces(Reader& reader, const std::string& project,
                                                const TimeRange& range, std::string_view prefix,
                                                const CancelToken& cancel) {
  SKEP_ASSIGN(const ResultTable table,
              reader.Run(PlanTracePlaces(project, range, prefix), {}, cancel));
  std::vector<TracePlace> places;
  for (size_t i = 0; i < table.rows; ++i)
    places.push_back({TraceId::FromRaw(table.column(0).Text(i)).value_or(TraceId()),
                      table.column(1).Int(i), std::string(table.column(2).Text(i)),
                      std::string(table.column(3).Text(i))});
  return places;
}

Result<std::vector<NamedPlace>> FindNamedPlaces(Reader& reader, const std::string& project,
                                                const TimeRange& range, PlaceKind kind,
                                                std::string_view part, const CancelToken& cancel) {
  std::vector<NamedPlace> places;
  // Only so far back as the newest ones reach, so that their attributes alone are read.
  RequestsQuestion newest;
  newest.project = project;
  newest.range = range;
  SKEP_ASSIGN(const Statement floor, PlanEntryFloor(newest, kNamesSample, nullptr));
  SKEP_ASSIGN(const ResultTable found, reader.Run(floor, {}, cancel));
  if (found.rows == 0 || found.column(1).UInt(0) == 0) return places;
  const TimeRange near = {found.column(0).Int(0), range.to_ns};
  SKEP_ASSIGN(const ResultTable table,
              reader.Run(PlanNamedPlaces(project, near, kind, part), {}, cancel));
  for (size_t i = 0; i < table.rows; ++i)
    places.push_back({std::string(table.column(0).Text(i)), table.column(1).UInt(i)});
  return places;
}

}  // namespace skep
