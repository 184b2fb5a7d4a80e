// SPDX-License-Identifier: Apache-2.0
#include "query/explore/known_fields.h"

#include <array>

namespace skep {
namespace {

constexpr auto kText = ValueType::kString;

constexpr std::array kFields = {
    KnownField{"timestamp", kText, false, true, "concat(replaceOne(toString(time), ' ', 'T'), 'Z')",
               "toUnixTimestamp64Nano(time) / 1000000000"},
    KnownField{"duration_ms", ValueType::kFloat64, true, true,
               "if(signal = 'span', duration_ns / 1000000, NULL)", ""},
    KnownField{"name", kText, true, false, "nullIf(name, '')", ""},
    KnownField{"service.name", kText, false, false, "nullIf(dataset, '')", ""},
    KnownField{"dataset", kText, false, false, "nullIf(dataset, '')", ""},
    KnownField{"trace.trace_id", kText, true, true,
               "if(trace_id = toFixedString('', 16), NULL, lower(hex(trace_id)))", ""},
    KnownField{"trace.span_id", kText, true, true,
               "if(span_id = toFixedString('', 8), NULL, lower(hex(span_id)))", ""},
    KnownField{"trace.parent_id", kText, true, true,
               "if(parent_id = toFixedString('', 8), NULL, lower(hex(parent_id)))", ""},
    KnownField{"span.kind", kText, true, false, "nullIf(toString(kind), 'none')", ""},
    KnownField{"status_code", ValueType::kInt64, true, false, "toInt64(status)", ""},
    KnownField{"error", ValueType::kBool, true, false, "if(status = 'error', true, NULL)", ""},
    KnownField{"meta.signal_type", kText, true, false,
               "if(signal IN ('span', 'span_event', 'span_link'), 'trace', toString(signal))", ""},
    KnownField{"meta.annotation_type", kText, true, false,
               "multiIf(signal = 'span_event', 'span_event', signal = 'span_link', 'link', NULL)",
               ""},
    KnownField{"body", kText, true, true, "nullIf(body, '')", ""},
    KnownField{"severity", ValueType::kInt64, true, false, "nullIf(toInt64(severity), 0)", ""},
    KnownField{"severity_text", kText, true, false,
               "multiIf(severity = 0, NULL, severity < 5, 'trace', severity < 9, 'debug', "
               "severity < 13, 'info', severity < 17, 'warn', severity < 21, 'error', 'fatal')",
               ""},
    KnownField{"signal", kText, false, false, "toString(signal)", ""},
    KnownField{"door", kText, false, false, "toString(door)", ""},
    KnownField{"item", kText, false, false, "nullIf(toString(item), '0')", ""},
    KnownField{"sample_rate", ValueType::kFloat64, false, false, "sample_rate", ""},
};

}  // namespace

std::span<const KnownField> KnownFields() { return kFields; }

const KnownField* FindKnownField(std::string_view name) {
  for (const KnownField& field : kFields)
    if (field.name == name) return &field;
  return nullptr;
}

}  // namespace skep
