// SPDX-License-Identifier: Apache-2.0
#include "store/newest_spans.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "store/block_builder.h"
#include "store/schema.h"

namespace skep {
namespace {

// A row that is no span, and its identity: those of one request and span stand one behind the
// other.
struct Part {
  size_t row;
  uint64_t event_id;
  auto Copy(const std::vector<StoredSpan>& spans) const {
    return std::tie(spans[row].trace_id, spans[row].span_id);
  }
  uint64_t Sequence() const { return event_id >> kEventIdRowBits; }
};

void NumberParts(std::vector<Part> parts, std::vector<StoredSpan>* spans) {
  std::sort(parts.begin(), parts.end(), [&](const Part& a, const Part& b) {
    return std::tuple(a.Copy(*spans), a.event_id) < std::tuple(b.Copy(*spans), b.event_id);
  });
  uint32_t place = 0;
  for (size_t i = 0; i < parts.size(); ++i) {
    const bool same = i > 0 && parts[i].Sequence() == parts[i - 1].Sequence() &&
                      parts[i].Copy(*spans) == parts[i - 1].Copy(*spans);
    place = same ? place + 1 : 0;
    (*spans)[parts[i].row].place = place;
  }
}

}  // namespace

Statement NewestSpansStatement(size_t rows_max) {
  Statement statement(fmt::format(
      "WITH (SELECT max(ingest_time) FROM {0}) AS newest "
      "SELECT signal, project, dataset, trace_id, if(signal = 'span', span_id, parent_id), kind, "
      "time, name, event_id FROM {0} "
      "WHERE time >= newest - INTERVAL 1 DAY AND ingest_time >= newest - INTERVAL 10 MINUTE "
      "AND signal IN ('span', 'span_event', 'span_link') "
      "ORDER BY ingest_time DESC LIMIT {{rows_max:UInt64}}",
      kEventsTable));
  statement.Bind("rows_max", static_cast<int64_t>(rows_max));
  return statement;
}

Result<std::vector<StoredSpan>> NewestSpans(Store& store, size_t rows_max) {
  SKEP_ASSIGN(const ResultTable table, store.Query(NewestSpansStatement(rows_max)));
  std::vector<StoredSpan> spans;
  std::vector<Part> parts;
  spans.reserve(table.rows);
  for (size_t row = 0; row < table.rows; ++row) {
    StoredSpan& span = spans.emplace_back();
    span.signal = static_cast<Signal>(table.column(0).Int(row));
    span.project = table.column(1).Text(row);
    span.dataset = table.column(2).Text(row);
    span.trace_id = TraceId::FromRaw(table.column(3).Text(row)).value_or(TraceId());
    span.span_id = SpanId::FromRaw(table.column(4).Text(row)).value_or(SpanId());
    span.kind = static_cast<SpanKind>(table.column(5).Int(row));
    if (span.signal == Signal::kSpan) continue;
    span.time_ns = table.column(6).Int(row);
    span.name = table.column(7).Text(row);
    parts.push_back({row, table.column(8).UInt(row)});
  }
  NumberParts(std::move(parts), &spans);
  return spans;
}

}  // namespace skep
