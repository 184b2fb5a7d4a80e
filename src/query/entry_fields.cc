// SPDX-License-Identifier: Apache-2.0
#include "query/entry_fields.h"

#include <array>

namespace skep {
namespace {

// OpenTelemetry's new and old names, and those of Honeycomb's beelines.
constexpr std::array<std::string_view, 3> kMethodNames = {"http.request.method", "http.method",
                                                          "request.method"};
constexpr std::array<std::string_view, 3> kStatusNames = {
    "http.response.status_code", "http.status_code", "response.status_code"};
constexpr std::array<std::string_view, 2> kRouteNames = {"http.route", "request.route"};
constexpr std::array<std::string_view, 2> kPathNames = {"url.path", "request.path"};
constexpr std::array<std::string_view, 5> kUserNames = {"enduser.id", "user.id", "user.name",
                                                        "app.user_handle", "app.user_id"};

template <size_t kNames>
std::string FirstText(const AttributeSet& attributes,
                      const std::array<std::string_view, kNames>& names) {
  for (const std::string_view name : names)
    if (std::string text = attributes.Text(name); !text.empty()) return text;
  return {};
}

// What stands between the authority and the query of an absolute URL.
std::string PathOfUrl(std::string_view url) {
  const size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  const size_t begin = url.find('/', scheme + 3);
  if (begin == std::string_view::npos) return {};
  return std::string(url.substr(begin, url.find_first_of("?#", begin) - begin));
}

std::string RouteOf(const EventRow& row, const AttributeSet& attributes) {
  if (std::string route = FirstText(attributes, kRouteNames); !route.empty()) return route;
  if (std::string path = FirstText(attributes, kPathNames); !path.empty()) return path;
  const std::string target = attributes.Text("http.target");
  if (!target.empty()) return target.substr(0, target.find_first_of("?#"));
  for (const std::string_view name : {"url.full", "http.url"})
    if (std::string path = PathOfUrl(attributes.Text(name)); !path.empty()) return path;
  return row.name;
}

// nullIf(toString(...), ''): absent and empty are one.
void AppendText(std::string_view path, SqlWriter* sql) {
  sql->Sql("nullIf(toString(").Attribute(path).Sql("), '')");
}

template <size_t kNames>
void AppendFirstText(const std::array<std::string_view, kNames>& names, SqlWriter* sql) {
  sql->Sql("coalesce(");
  for (const std::string_view name : names) {
    AppendText(name, sql);
    sql->Sql(", ");
  }
  sql->Sql("'')");
}

constexpr uint64_t kNotOpenTelemetry = 1ull << 63;
constexpr uint64_t kNotRoot = 1ull << 62;

}  // namespace

EntryFields FieldsOfEntry(const EventRow& row, const AttributeSet& attributes) {
  EntryFields fields;
  fields.method = FirstText(attributes, kMethodNames);
  fields.route = RouteOf(row, attributes);
  for (const std::string_view name : kStatusNames)
    if (fields.status_code == 0) fields.status_code = attributes.Int(name);
  fields.user = FirstText(attributes, kUserNames);
  fields.error = row.status == SpanStatus::kError;
  return fields;
}

void AppendMethod(SqlWriter* sql) { AppendFirstText(kMethodNames, sql); }

void AppendRoute(SqlWriter* sql) {
  sql->Sql("coalesce(");
  for (const auto& names : {kRouteNames, kPathNames}) {
    for (const std::string_view name : names) {
      AppendText(name, sql);
      sql->Sql(", ");
    }
  }
  sql->Sql("nullIf(cutQueryStringAndFragment(ifNull(toString(")
      .Attribute("http.target")
      .Sql("), '')), '')");
  for (const std::string_view name : {"url.full", "http.url"})
    sql->Sql(", nullIf(path(ifNull(toString(").Attribute(name).Sql("), '')), '')");
  sql->Sql(", toString(name))");
}

void AppendStatusCode(SqlWriter* sql) {
  sql->Sql("coalesce(");
  for (const std::string_view name : kStatusNames)
    sql->Attribute(name, ValueType::kInt64).Sql(", ");
  sql->Sql("0)");
}

void AppendUser(SqlWriter* sql) { AppendFirstText(kUserNames, sql); }

void AppendMayBeEntry(SqlWriter* sql) {
  sql->Sql(
      "signal IN ('span', 'open_span') AND (parent_id = toFixedString('', 8) OR kind = 'server')");
}

void AppendEntryRank(SqlWriter* sql) {
  sql->Sql(
      "toUInt64(toUnixTimestamp64Nano(time)) + if(door = 'xray', 9223372036854775808, 0) + "
      "if(parent_id = toFixedString('', 8), 0, 4611686018427387904) + (signal = 'open_span')");
}

uint64_t EntryRank(const EventRow& row) {
  uint64_t rank = static_cast<uint64_t>(row.time_ns);
  if (row.door == Door::kXRay) rank += kNotOpenTelemetry;
  if (!row.parent_id.empty()) rank += kNotRoot;
  if (row.signal == Signal::kOpenSpan) rank += 1;
  return rank;
}

}  // namespace skep
