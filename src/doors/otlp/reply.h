// SPDX-License-Identifier: Apache-2.0
// Replies of the OTLP door: success, partial success and errors, each in the request's own
// encoding, over HTTP and gRPC (https://opentelemetry.io/docs/specs/otlp/#otlphttp-response). Pure;
// thread-safe.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "doors/otlp/decode.h"
#include "net/http.h"

namespace skep::otlp {

// How a request came: over gRPC (protobuf always) or HTTP.
struct Dialect {
  bool grpc = false;
  Encoding encoding = Encoding::kProtobuf;
  bool browser = false;  // has an Origin: the reply must let scripts of any site read it
};

// The encoding that a content type names, parameters ignored; empty for one that OTLP does not
// know.
std::optional<Encoding> EncodingOf(std::string_view content_type);

net::Response SuccessReply(const Dialect& dialect, SignalType signal, size_t rejected,
                           std::string_view reason);
// kResourceExhausted and kUnavailable ask to try again after `retry_after_s`; nothing else does.
net::Response ErrorReply(const Dialect& dialect, const Error& error, int retry_after_s);
net::Response TooLargeReply(const Dialect& dialect);
net::Response UnsupportedTypeReply(const Dialect& dialect);

}  // namespace skep::otlp
