// SPDX-License-Identifier: Apache-2.0
// For tests of this folder: traces made by hand or by chance. Only tests use it.
#pragma once

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "query/trace/trace_view.h"
#include "query/trace_assembly.h"

namespace skep::testing {

inline SpanId SpanNumber(uint32_t n) {
  SpanId id;
  for (size_t i = 0; i < 4; ++i) id.bytes[7 - i] = static_cast<uint8_t>(n >> (8 * i));
  return id;
}

inline TraceId TraceNumber(uint8_t n) {
  TraceId id;
  id.bytes[0] = 0xab;
  id.bytes[15] = n;
  return id;
}

// Times in ns from 0, so that expectations are short.
inline EventRow SpanRow(uint32_t span, uint32_t parent, std::string name, int64_t from,
                        int64_t to) {
  EventRow row;
  row.signal = Signal::kSpan;
  row.door = Door::kOtlp;
  row.kind = parent == 0 ? SpanKind::kServer : SpanKind::kInternal;
  row.trace_id = TraceNumber(1);
  row.span_id = SpanNumber(span);
  row.parent_id = SpanNumber(parent);
  row.dataset = "shop";
  row.name = std::move(name);
  row.time_ns = from;
  row.duration_ns = static_cast<uint64_t>(to - from);
  row.attributes = "{}";
  return row;
}

inline TraceTree TreeOf(std::vector<EventRow> rows) {
  TraceMaterial material;
  material.trace_id = TraceNumber(1);
  material.rows = std::move(rows);
  return TraceTree(AssembleTrace(std::move(material)));
}

// Any graph: parents that never came, rings, a span as its own parent, the same span twice, lines,
// failed and open spans, children outside their parents.
inline std::vector<EventRow> RandomRows(std::mt19937* random, uint32_t spans) {
  const auto below = [&](uint32_t n) { return static_cast<uint32_t>((*random)() % n); };
  std::vector<EventRow> rows;
  for (uint32_t n = 1; n <= spans; ++n) {
    uint32_t parent = n == 1 ? 0 : 1 + below(n - 1);
    if (below(12) == 0) parent = 1 + below(spans);      // perhaps a ring
    if (below(25) == 0) parent = spans + 1 + below(5);  // never came
    const auto from = static_cast<int64_t>(below(1000));
    const auto to = from + static_cast<int64_t>(below(500));
    EventRow row = SpanRow(n, parent, "name" + std::to_string(below(3)), from, to);
    row.dataset = "service" + std::to_string(below(3));
    if (below(10) == 0) row.status = SpanStatus::kError;
    if (below(15) == 0) row.signal = Signal::kOpenSpan;
    if (row.signal == Signal::kOpenSpan) row.duration_ns = 0;
    if (below(8) == 0) row.door = Door::kXRay;
    rows.push_back(row);
    if (below(20) == 0) rows.push_back(row);
    if (below(6) == 0) {
      EventRow line = SpanRow(n, 0, "", from, from);
      line.signal = Signal::kLog;
      line.body = "line";
      line.event_id = n;
      rows.push_back(line);
    }
  }
  return rows;
}

}  // namespace skep::testing
