// SPDX-License-Identifier: Apache-2.0
// CarriedIds: trace and span ids that a program wrote into the text or the fields of a line, error
// or event, for SDKs that send none. A wrong join is worse than none: 32 hex digits count only with
// a name such as trace_id beside them; a traceparent and X-Ray's 1-8-24 by their shape; and two
// different ids of one kind in the same record give none. Pure; thread-compatible.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "model/ids.h"

namespace skep {

struct CarriedIds {
  TraceId trace_id;  // zeros: none
  SpanId span_id;    // zeros: none; never without a trace id
  bool operator==(const CarriedIds&) const = default;
};

// Gathers what one record carries. Add what there is, in any order, then ask.
class CarriedIdsFinder {
 public:
  // Text for people: `trace_id=..`, `"traceId": ".."`, `span.id=..`, traceparents, `Root=1-..`.
  void AddText(std::string_view text);
  // A field by its name, nested ones joined by dots: trace_id, traceId, trace.id, otelTraceID,
  // span_id, traceparent, x-amzn-trace-id, ... The text of a message field is read as text.
  void AddField(std::string_view name, std::string_view value);

  // A named id wins over a traceparent, that over X-Ray's.
  CarriedIds ids() const;
  void Clear() { *this = {}; }

 private:
  enum Kind : uint8_t { kNamed, kTraceParent, kXRay };
  struct Found {
    TraceId trace_id;
    SpanId span_id;  // said together with it
    bool ambiguous = false;
  };

  void Add(Kind kind, const TraceId& trace_id, const SpanId& span_id);
  void AddSpan(const SpanId& span_id);
  // An id in text[begin, end), a whole run of hex digits, if it is one.
  void AddRun(std::string_view text, size_t begin, size_t end);
  bool AddXRay(std::string_view text, size_t begin, size_t end);
  bool AddTraceParent(std::string_view text, size_t begin, size_t end);
  void AddSpansOfText(std::string_view text);

  std::array<Found, 3> found_;
  SpanId span_id_;  // by its own name
  bool spans_ambiguous_ = false;
};

inline CarriedIds FindCarriedIds(std::string_view text) {
  CarriedIdsFinder finder;
  finder.AddText(text);
  return finder.ids();
}

}  // namespace skep
