// SPDX-License-Identifier: Apache-2.0
// Encode: spans, log records, scopes and resources as OTLP's protobuf messages (opentelemetry-proto
// 1.x: trace.proto, logs.proto, common.proto, resource.proto). What is text but not UTF-8 is sent
// as bytes where it is a value, as OpenTelemetry's "attribute type mapping" says, and with '?'
// elsewhere.
#pragma once

#include <string>

#include "skep/sdk/logger.h"
#include "skep/sdk/span_data.h"

namespace skep::sdk::otlp {

// More than Encode will write.
size_t EncodedBytesMax(const SpanData& span);
size_t EncodedBytesMax(const LogRecord& record);
// Field 2 of a ScopeSpans or ScopeLogs: writes the span or record with its header to `to` and
// returns the end of it.
char* Encode(const SpanData& span, char* to);
char* Encode(const LogRecord& record, char* to);

// Field 1 of a ScopeSpans or ScopeLogs.
std::string EncodeScope(const InstrumentationScope& scope);
// Field 1 of a ResourceSpans or ResourceLogs.
std::string EncodeResource(const Resource& resource);

}  // namespace skep::sdk::otlp
