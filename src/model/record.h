// SPDX-License-Identifier: Apache-2.0
// Record: one wide event, the only kind of thing Skep stores: a span, span event, span link,
// segment, log line, error occurrence, metric point or join. The fixed fields are columns of the
// `events` table; every other field is a typed attribute. Views point into the RecordBatch that
// owns the record. See docs/adr for the table.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "model/ids.h"

namespace skep {

// The numbers below are stored: never change one, only add.
enum class Signal : int8_t {
  kSpan = 1,       // OTLP span, finished X-Ray segment or subsegment
  kSpanEvent = 2,  // trace_id and parent_id = the span's; no span_id
  kSpanLink = 3,   // the same; attributes trace.link.trace_id and trace.link.span_id
  kLog = 4,
  kError = 5,     // Rollbar occurrence
  kEvent = 6,     // Honeycomb event that is no span
  kMetric = 7,    // one data point
  kOpenSpan = 8,  // X-Ray segment in progress; hidden by a kSpan with the same trace_id and span_id
  kJoin = 9,      // says that two records belong together; see join/README.md
  kRepeat = 10,   // a kSpan that is there already, or an event or link of it: counts nowhere
};

enum class SpanKind : int8_t {
  kNone = 0,
  kInternal = 1,
  kServer = 2,
  kClient = 3,
  kProducer = 4,
  kConsumer = 5,
};

enum class SpanStatus : int8_t { kUnset = 0, kOk = 1, kError = 2 };

enum class Door : int8_t {
  kOtlp = 1,
  kXRay = 2,
  kCloudWatch = 3,
  kRollbar = 4,
  kHoneycomb = 5,
  kSkep = 6
};

struct DoorName {
  Door door;
  std::string_view name;
};
inline constexpr std::array<DoorName, 6> kDoorNames = {{{Door::kOtlp, "otlp"},
                                                        {Door::kXRay, "xray"},
                                                        {Door::kCloudWatch, "cloudwatch"},
                                                        {Door::kRollbar, "rollbar"},
                                                        {Door::kHoneycomb, "honeycomb"},
                                                        {Door::kSkep, "skep"}}};
inline std::string_view NameOf(Door door) { return kDoorNames[static_cast<size_t>(door) - 1].name; }

// OpenTelemetry's severity numbers: 1-4 trace, 5-8 debug, 9-12 info, 13-16 warn, 17-20 error, 21-24
// fatal; 0 none.
using Severity = uint8_t;

struct Record {
  int64_t time_ns = 0;  // start, since 1970 UTC
  uint64_t duration_ns = 0;
  Signal signal = Signal::kEvent;
  SpanKind kind = SpanKind::kNone;
  SpanStatus status = SpanStatus::kUnset;
  Severity severity = 0;
  TraceId trace_id;
  SpanId span_id;
  SpanId parent_id;
  std::string_view dataset;  // service.name; for CloudWatch the log group
  std::string_view name;     // span, event or metric name
  std::string_view body;     // message or log line
  std::string_view raw;      // the vendor's document, only where an API must give it back verbatim
  double sample_rate = 1;    // each record stands for this many
  uint64_t item = 0;         // error item: hash of project and fingerprint; 0 none

  // Its attributes in RecordBatch::attributes(): its own, and those it shares with its neighbours
  // (resource, scope).
  uint32_t own_begin = 0;
  uint32_t own_end = 0;
  uint32_t shared_begin = 0;
  uint32_t shared_end = 0;
};

}  // namespace skep
