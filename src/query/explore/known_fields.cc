// SPDX-License-Identifier: Apache-2.0
#include "query/explore/known_fields.h"

#include <array>

namespace skep {
namespace {

constexpr auto kText = ValueType::kString;

constexpr std::array kErrorWords = {KnownWord{"true", "status = 'error'"}};
constexpr std::array kSignalTypeWords = {
    KnownWord{"trace", "signal IN ('span', 'span_event', 'span_link')"},
    KnownWord{"log", "signal = 'log'"},
    KnownWord{"error", "signal = 'error'"},
    KnownWord{"event", "signal = 'event'"},
    KnownWord{"metric", "signal = 'metric'"},
    KnownWord{"open_span", "signal = 'open_span'"},
    KnownWord{"join", "signal = 'join'"},
};
constexpr std::array kAnnotationWords = {
    KnownWord{"span_event", "signal = 'span_event'"},
    KnownWord{"link", "signal = 'span_link'"},
};
constexpr std::array kSeverityWords = {
    KnownWord{"trace", "severity BETWEEN 1 AND 4"},
    KnownWord{"debug", "severity BETWEEN 5 AND 8"},
    KnownWord{"info", "severity BETWEEN 9 AND 12"},
    KnownWord{"warn", "severity BETWEEN 13 AND 16"},
    KnownWord{"error", "severity BETWEEN 17 AND 20"},
    KnownWord{"fatal", "severity >= 21"},
};
constexpr std::array kKindWords = {
    KnownWord{"internal", "kind = 'internal'"}, KnownWord{"server", "kind = 'server'"},
    KnownWord{"client", "kind = 'client'"},     KnownWord{"producer", "kind = 'producer'"},
    KnownWord{"consumer", "kind = 'consumer'"},
};
constexpr std::array kSignalWords = {
    KnownWord{"span", "signal = 'span'"},
    KnownWord{"span_event", "signal = 'span_event'"},
    KnownWord{"span_link", "signal = 'span_link'"},
    KnownWord{"log", "signal = 'log'"},
    KnownWord{"error", "signal = 'error'"},
    KnownWord{"event", "signal = 'event'"},
    KnownWord{"metric", "signal = 'metric'"},
    KnownWord{"open_span", "signal = 'open_span'"},
    KnownWord{"join", "signal = 'join'"},
};
constexpr std::array kDoorWords = {
    KnownWord{"otlp", "door = 'otlp'"},
    KnownWord{"xray", "door = 'xray'"},
    KnownWord{"cloudwatch", "door = 'cloudwatch'"},
    KnownWord{"rollbar", "door = 'rollbar'"},
    KnownWord{"honeycomb", "door = 'honeycomb'"},
    KnownWord{"skep", "door = 'skep'"},
};

constexpr std::array kFields = {
    KnownField{"timestamp", kText, false, true, "concat(replaceOne(toString(time), ' ', 'T'), 'Z')",
               "toUnixTimestamp64Nano(time) / 1000000000", "true"},
    KnownField{"duration_ms", ValueType::kFloat64, true, true,
               "if(signal = 'span', duration_ns / 1000000, NULL)", "", "signal = 'span'"},
    KnownField{"name", kText, true, false, "nullIf(name, '')", "", "name != ''"},
    KnownField{"service.name", kText, false, false, "nullIf(dataset, '')", "", "dataset != ''"},
    KnownField{"dataset", kText, false, false, "nullIf(dataset, '')", "", "dataset != ''"},
    KnownField{"trace.trace_id", kText, true, true,
               "if(trace_id = toFixedString('', 16), NULL, lower(hex(trace_id)))", "",
               "trace_id != toFixedString('', 16)"},
    KnownField{"trace.span_id", kText, true, true,
               "if(span_id = toFixedString('', 8), NULL, lower(hex(span_id)))", "",
               "span_id != toFixedString('', 8)"},
    KnownField{"trace.parent_id", kText, true, true,
               "if(parent_id = toFixedString('', 8), NULL, lower(hex(parent_id)))", "",
               "parent_id != toFixedString('', 8)"},
    KnownField{"span.kind", kText, true, false, "nullIf(toString(kind), 'none')", "",
               "kind != 'none'", kKindWords},
    KnownField{"status_code", ValueType::kInt64, true, false, "toInt64(status)", "", "true"},
    KnownField{"error", ValueType::kBool, true, false, "if(status = 'error', true, NULL)", "",
               "status = 'error'", kErrorWords},
    KnownField{"meta.signal_type", kText, true, false,
               "if(signal IN ('span', 'span_event', 'span_link'), 'trace', toString(signal))", "",
               "true", kSignalTypeWords},
    KnownField{"meta.annotation_type", kText, true, false,
               "multiIf(signal = 'span_event', 'span_event', signal = 'span_link', 'link', NULL)",
               "", "signal IN ('span_event', 'span_link')", kAnnotationWords},
    KnownField{"body", kText, true, true, "nullIf(body, '')", "", "body != ''"},
    KnownField{"severity", ValueType::kInt64, true, false, "nullIf(toInt64(severity), 0)", "",
               "severity != 0"},
    KnownField{"severity_text", kText, true, false,
               "multiIf(severity = 0, NULL, severity < 5, 'trace', severity < 9, 'debug', "
               "severity < 13, 'info', severity < 17, 'warn', severity < 21, 'error', 'fatal')",
               "", "severity != 0", kSeverityWords},
    KnownField{"signal", kText, false, false, "toString(signal)", "", "true", kSignalWords},
    KnownField{"door", kText, false, false, "toString(door)", "", "true", kDoorWords},
    KnownField{"item", kText, false, false, "nullIf(toString(item), '0')", "", "item != 0"},
    KnownField{"sample_rate", ValueType::kFloat64, false, false, "sample_rate", "", "true"},
};

}  // namespace

std::span<const KnownField> KnownFields() { return kFields; }

const KnownField* FindKnownField(std::string_view name) {
  for (const KnownField& field : kFields)
    if (field.name == name) return &field;
  return nullptr;
}

}  // namespace skep
