// SPDX-License-Identifier: Apache-2.0
#include "query/event_row.h"

#include <array>
#include <string_view>

#include "base/check.h"

namespace skep {
namespace {

constexpr std::array<std::string_view, 4> kLeanAttributes = {"host.name", "aws.xray.document",
                                                             "exception.message", "enduser.id"};

template <size_t kSize>
Id<kSize> IdAt(const ResultColumn& column, size_t row) {
  return Id<kSize>::FromRaw(column.Text(row)).value_or(Id<kSize>());
}

void AppendLeanColumns(SqlWriter* sql) {
  sql->Sql(
      "substringUTF8(body, 1, 300), '', if(signal IN ('join', 'span_link') OR signal IN ('span', "
      "'open_span', 'repeat') AND parent_id = toFixedString('', 8), toJSONString(attributes), "
      "toJSONString(map(");
  bool first = true;
  for (const std::string_view name : kLeanAttributes) {
    if (!first) sql->Sql(", ");
    first = false;
    sql->Bind(name).Sql(", ifNull(toString(").Attribute(name).Sql("), '')");
  }
  sql->Sql(")))");
}

}  // namespace

void AppendEventColumns(RowDetail detail, SqlWriter* sql) {
  sql->Sql(
      "time, duration_ns, signal, door, kind, status, severity, dataset, name, trace_id, span_id, "
      "parent_id, item, event_id, ingest_time, ");
  // Constants keep the shape of the answer, so that it is read in one way.
  switch (detail) {
    case RowDetail::kFixed:
      sql->Sql("'', '', ''");
      break;
    case RowDetail::kBrief:
      sql->Sql("substringUTF8(body, 1, 300), '', ''");
      break;
    case RowDetail::kLean:
      AppendLeanColumns(sql);
      break;
    case RowDetail::kEntry:
      sql->Sql("substringUTF8(body, 1, 300), '', toJSONString(attributes)");
      break;
    case RowDetail::kWhole:
      sql->Sql("body, raw, toJSONString(attributes)");
      break;
  }
}

std::vector<EventRow> ReadEventRows(const ResultTable& table) {
  std::vector<EventRow> rows(table.rows);
  if (table.rows == 0) return rows;
  SKEP_CHECK(table.columns.size() >= kEventColumns);
  for (size_t i = 0; i < table.rows; ++i) {
    EventRow& row = rows[i];
    size_t c = 0;
    row.time_ns = table.column(c++).Int(i);
    row.duration_ns = table.column(c++).UInt(i);
    row.signal = static_cast<Signal>(table.column(c++).Int(i));
    row.door = static_cast<Door>(table.column(c++).Int(i));
    row.kind = static_cast<SpanKind>(table.column(c++).Int(i));
    row.status = static_cast<SpanStatus>(table.column(c++).Int(i));
    row.severity = static_cast<Severity>(table.column(c++).UInt(i));
    row.dataset = table.column(c++).Text(i);
    row.name = table.column(c++).Text(i);
    row.trace_id = IdAt<16>(table.column(c++), i);
    row.span_id = IdAt<8>(table.column(c++), i);
    row.parent_id = IdAt<8>(table.column(c++), i);
    row.item = table.column(c++).UInt(i);
    row.event_id = table.column(c++).UInt(i);
    row.ingest_ns = table.column(c++).Int(i);
    if (row.signal == Signal::kRepeat && !row.span_id.empty()) row.signal = Signal::kSpan;
    row.body = table.column(c++).Text(i);
    row.raw = table.column(c++).Text(i);
    row.attributes = table.column(c++).Text(i);
  }
  return rows;
}

}  // namespace skep
