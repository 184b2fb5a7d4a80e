// SPDX-License-Identifier: Apache-2.0
// OTLP inside X-Ray's protocol: AWS's distribution of OpenTelemetry sends spans to the daemon's
// port as `T1S` and the base64 of an ExportTraceServiceRequest, and the daemon passes such
// documents on in PutTraceSegments. They are the OTLP door's to decode, whose decoder comes by the
// door's options. Pure; thread-safe.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "ingest/sink.h"

namespace skep::xray {

// Sampled spans. `T1U` (unsampled ones, for metrics) and `M1` (metrics) are not taken.
bool IsOtlpTraces(std::string_view document);

// What to give to the sink for such a document. kInvalidArgument when it is no base64 or no such
// message.
Result<Submission> OtlpSubmission(std::string_view document, const DecodeFunction& decode,
                                  int64_t receive_time_ns);

}  // namespace skep::xray
