// SPDX-License-Identifier: Apache-2.0
#include "doors/otlp/schema.h"

#include <iterator>

namespace skep::otlp {
namespace {

constexpr bool kRepeated = true;
using enum FieldKind;

// AnyValue holds itself, through lists.
extern const Message kAnyValue;

constexpr Field kKeyValueFields[] = {{"key", 1, kString},
                                     {"value", 2, kMessage, false, &kAnyValue}};
constexpr Message kKeyValue = {"KeyValue", kKeyValueFields};
constexpr Field kArrayValueFields[] = {{"values", 1, kMessage, kRepeated, &kAnyValue}};
constexpr Message kArrayValue = {"ArrayValue", kArrayValueFields};
constexpr Field kKeyValueListFields[] = {{"values", 1, kMessage, kRepeated, &kKeyValue}};
constexpr Message kKeyValueList = {"KeyValueList", kKeyValueListFields};
constexpr Field kAnyValueFields[] = {{"stringValue", 1, kString},
                                     {"boolValue", 2, kBool},
                                     {"intValue", 3, kInt64},
                                     {"doubleValue", 4, kDouble},
                                     {"arrayValue", 5, kMessage, false, &kArrayValue},
                                     {"kvlistValue", 6, kMessage, false, &kKeyValueList},
                                     {"bytesValue", 7, kBytes}};
constexpr Message kAnyValue = {"AnyValue", kAnyValueFields};

constexpr Field kResourceFields[] = {{"attributes", 1, kMessage, kRepeated, &kKeyValue}};
constexpr Message kResource = {"Resource", kResourceFields};
constexpr Field kScopeFields[] = {{"name", 1, kString},
                                  {"version", 2, kString},
                                  {"attributes", 3, kMessage, kRepeated, &kKeyValue}};
constexpr Message kScope = {"InstrumentationScope", kScopeFields};

constexpr Field kEventFields[] = {{"timeUnixNano", 1, kFixed64},
                                  {"name", 2, kString},
                                  {"attributes", 3, kMessage, kRepeated, &kKeyValue}};
constexpr Message kEvent = {"Event", kEventFields};
constexpr Field kLinkFields[] = {{"traceId", 1, kId},
                                 {"spanId", 2, kId},
                                 {"traceState", 3, kString},
                                 {"attributes", 4, kMessage, kRepeated, &kKeyValue}};
constexpr Message kLink = {"Link", kLinkFields};
constexpr Field kStatusFields[] = {{"message", 2, kString}, {"code", 3, kEnum}};
constexpr Message kStatus = {"Status", kStatusFields};
constexpr Field kSpanFields[] = {{"traceId", 1, kId},
                                 {"spanId", 2, kId},
                                 {"traceState", 3, kString},
                                 {"parentSpanId", 4, kId},
                                 {"name", 5, kString},
                                 {"kind", 6, kEnum},
                                 {"startTimeUnixNano", 7, kFixed64},
                                 {"endTimeUnixNano", 8, kFixed64},
                                 {"attributes", 9, kMessage, kRepeated, &kKeyValue},
                                 {"events", 11, kMessage, kRepeated, &kEvent},
                                 {"links", 13, kMessage, kRepeated, &kLink},
                                 {"status", 15, kMessage, false, &kStatus}};
constexpr Message kSpan = {"Span", kSpanFields};

constexpr Field kLogRecordFields[] = {{"timeUnixNano", 1, kFixed64},
                                      {"severityNumber", 2, kEnum},
                                      {"severityText", 3, kString},
                                      {"body", 5, kMessage, false, &kAnyValue},
                                      {"attributes", 6, kMessage, kRepeated, &kKeyValue},
                                      {"traceId", 9, kId},
                                      {"spanId", 10, kId},
                                      {"observedTimeUnixNano", 11, kFixed64},
                                      {"eventName", 12, kString}};
constexpr Message kLogRecord = {"LogRecord", kLogRecordFields};

constexpr Field kNumberPointFields[] = {{"startTimeUnixNano", 2, kFixed64},
                                        {"timeUnixNano", 3, kFixed64},
                                        {"asDouble", 4, kDouble},
                                        {"asInt", 6, kSFixed64},
                                        {"attributes", 7, kMessage, kRepeated, &kKeyValue},
                                        {"flags", 8, kUInt32}};
constexpr Message kNumberPoint = {"NumberDataPoint", kNumberPointFields};
constexpr Field kHistogramPointFields[] = {{"startTimeUnixNano", 2, kFixed64},
                                           {"timeUnixNano", 3, kFixed64},
                                           {"count", 4, kFixed64},
                                           {"sum", 5, kDouble},
                                           {"bucketCounts", 6, kFixed64, kRepeated},
                                           {"explicitBounds", 7, kDouble, kRepeated},
                                           {"attributes", 9, kMessage, kRepeated, &kKeyValue},
                                           {"flags", 10, kUInt32},
                                           {"min", 11, kDouble},
                                           {"max", 12, kDouble}};
constexpr Message kHistogramPoint = {"HistogramDataPoint", kHistogramPointFields};
constexpr Field kBucketsFields[] = {{"offset", 1, kSInt32},
                                    {"bucketCounts", 2, kUInt64, kRepeated}};
constexpr Message kBuckets = {"Buckets", kBucketsFields};
constexpr Field kExponentialPointFields[] = {{"attributes", 1, kMessage, kRepeated, &kKeyValue},
                                             {"startTimeUnixNano", 2, kFixed64},
                                             {"timeUnixNano", 3, kFixed64},
                                             {"count", 4, kFixed64},
                                             {"sum", 5, kDouble},
                                             {"scale", 6, kSInt32},
                                             {"zeroCount", 7, kFixed64},
                                             {"positive", 8, kMessage, false, &kBuckets},
                                             {"negative", 9, kMessage, false, &kBuckets},
                                             {"flags", 10, kUInt32},
                                             {"min", 12, kDouble},
                                             {"max", 13, kDouble},
                                             {"zeroThreshold", 14, kDouble}};
constexpr Message kExponentialPoint = {"ExponentialHistogramDataPoint", kExponentialPointFields};
constexpr Field kQuantileFields[] = {{"quantile", 1, kDouble}, {"value", 2, kDouble}};
constexpr Message kQuantile = {"ValueAtQuantile", kQuantileFields};
constexpr Field kSummaryPointFields[] = {{"startTimeUnixNano", 2, kFixed64},
                                         {"timeUnixNano", 3, kFixed64},
                                         {"count", 4, kFixed64},
                                         {"sum", 5, kDouble},
                                         {"quantileValues", 6, kMessage, kRepeated, &kQuantile},
                                         {"attributes", 7, kMessage, kRepeated, &kKeyValue},
                                         {"flags", 8, kUInt32}};
constexpr Message kSummaryPoint = {"SummaryDataPoint", kSummaryPointFields};

constexpr Field kGaugeFields[] = {{"dataPoints", 1, kMessage, kRepeated, &kNumberPoint}};
constexpr Message kGauge = {"Gauge", kGaugeFields};
constexpr Field kSumFields[] = {{"dataPoints", 1, kMessage, kRepeated, &kNumberPoint},
                                {"aggregationTemporality", 2, kEnum},
                                {"isMonotonic", 3, kBool}};
constexpr Message kSum = {"Sum", kSumFields};
constexpr Field kHistogramFields[] = {{"dataPoints", 1, kMessage, kRepeated, &kHistogramPoint},
                                      {"aggregationTemporality", 2, kEnum}};
constexpr Message kHistogram = {"Histogram", kHistogramFields};
constexpr Field kExponentialFields[] = {{"dataPoints", 1, kMessage, kRepeated, &kExponentialPoint},
                                        {"aggregationTemporality", 2, kEnum}};
constexpr Message kExponential = {"ExponentialHistogram", kExponentialFields};
constexpr Field kSummaryFields[] = {{"dataPoints", 1, kMessage, kRepeated, &kSummaryPoint}};
constexpr Message kSummary = {"Summary", kSummaryFields};
constexpr Field kMetricFields[] = {{"name", 1, kString},
                                   {"unit", 3, kString},
                                   {"gauge", 5, kMessage, false, &kGauge},
                                   {"sum", 7, kMessage, false, &kSum},
                                   {"histogram", 9, kMessage, false, &kHistogram},
                                   {"exponentialHistogram", 10, kMessage, false, &kExponential},
                                   {"summary", 11, kMessage, false, &kSummary}};
constexpr Message kMetric = {"Metric", kMetricFields};

constexpr Field kScopeSpansFields[] = {{"scope", 1, kMessage, false, &kScope},
                                       {"spans", 2, kMessage, kRepeated, &kSpan},
                                       {"schemaUrl", 3, kString}};
constexpr Message kScopeSpans = {"ScopeSpans", kScopeSpansFields};
constexpr Field kScopeLogsFields[] = {{"scope", 1, kMessage, false, &kScope},
                                      {"logRecords", 2, kMessage, kRepeated, &kLogRecord},
                                      {"schemaUrl", 3, kString}};
constexpr Message kScopeLogs = {"ScopeLogs", kScopeLogsFields};
constexpr Field kScopeMetricsFields[] = {{"scope", 1, kMessage, false, &kScope},
                                         {"metrics", 2, kMessage, kRepeated, &kMetric},
                                         {"schemaUrl", 3, kString}};
constexpr Message kScopeMetrics = {"ScopeMetrics", kScopeMetricsFields};

constexpr Field kResourceSpansFields[] = {{"resource", 1, kMessage, false, &kResource},
                                          {"scopeSpans", 2, kMessage, kRepeated, &kScopeSpans},
                                          {"schemaUrl", 3, kString}};
constexpr Message kResourceSpans = {"ResourceSpans", kResourceSpansFields};
constexpr Field kResourceLogsFields[] = {{"resource", 1, kMessage, false, &kResource},
                                         {"scopeLogs", 2, kMessage, kRepeated, &kScopeLogs},
                                         {"schemaUrl", 3, kString}};
constexpr Message kResourceLogs = {"ResourceLogs", kResourceLogsFields};
constexpr Field kResourceMetricsFields[] = {
    {"resource", 1, kMessage, false, &kResource},
    {"scopeMetrics", 2, kMessage, kRepeated, &kScopeMetrics},
    {"schemaUrl", 3, kString}};
constexpr Message kResourceMetrics = {"ResourceMetrics", kResourceMetricsFields};

constexpr Field kTracesFields[] = {{"resourceSpans", 1, kMessage, kRepeated, &kResourceSpans}};
constexpr Field kLogsFields[] = {{"resourceLogs", 1, kMessage, kRepeated, &kResourceLogs}};
constexpr Field kMetricsFields[] = {{"resourceMetrics", 1, kMessage, kRepeated, &kResourceMetrics}};

}  // namespace

const Message kTracesRequest = {"ExportTraceServiceRequest", kTracesFields};
const Message kLogsRequest = {"ExportLogsServiceRequest", kLogsFields};
const Message kMetricsRequest = {"ExportMetricsServiceRequest", kMetricsFields};

}  // namespace skep::otlp
