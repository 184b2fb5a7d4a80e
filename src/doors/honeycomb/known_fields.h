// SPDX-License-Identifier: Apache-2.0
// The fields of an event that mean something: ids, times, names, as libhoney, the beelines, husky
// and the Zipkin-like proxies write them. Their numbers are the keys of the batch's first names, so
// that a field is recognised by its number.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace skep::honeycomb {

enum Known : uint32_t {
  kTraceId,
  kSpanId,
  kParentId,
  kName,
  kDurationMs,
  kError,
  kStatusCode,
  kSpanKind,
  kType,
  kMetaType,
  kSignalType,
  kAnnotationType,
  kBody,
  kSeverity,
  kSeverityText,
  kSeverityCode,
  kZipkinTraceId,
  kZipkinId,
  kZipkinParentId,
  kZipkinDurationMs,
  kKnownCount,
};

inline constexpr std::array<std::string_view, kKnownCount> kKnownNames = {
    "trace.trace_id", "trace.span_id",    "trace.parent_id",
    "name",           "duration_ms",      "error",
    "status_code",    "span.kind",        "type",
    "meta.type",      "meta.signal_type", "meta.annotation_type",
    "body",           "severity",         "severity_text",
    "severity_code",  "traceId",          "id",
    "parentId",       "durationMs"};

}  // namespace skep::honeycomb
