// SPDX-License-Identifier: Apache-2.0
// What a receiver's answer to an OTLP/HTTP export means (opentelemetry.io/docs/specs/otlp,
// "OTLP/HTTP Response"): success, partial success, try again later (429, 502, 503, 504, no answer
// at all), or never.
#pragma once

#include "delivery/delivery.h"
#include "delivery/http_client.h"

namespace skep::sdk::otlp {

// Of an ExportTraceServiceResponse or ExportLogsServiceResponse; both have the same fields.
struct PartialSuccess {
  int64_t rejected = 0;
  std::string message;
};
// Nothing if the bytes are no such message. No partial success in it is {0, ""}.
std::optional<PartialSuccess> DecodeResponse(std::string_view bytes);
// The message of a google.rpc.Status; nothing if the bytes are none.
std::optional<std::string> DecodeStatusMessage(std::string_view bytes);

Attempt Judge(const HttpResponse& response, int64_t now_unix_ns);

}  // namespace skep::sdk::otlp
