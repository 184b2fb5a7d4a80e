// SPDX-License-Identifier: Apache-2.0
// The one error type of Skep and the one table that maps its codes to what each protocol says.
// `message` is safe to show to a client; `detail` goes to the log only. Codes have gRPC's sixteen
// names, see https://grpc.github.io/grpc/core/md_doc_statuscodes.html. Values; thread-compatible.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace skep {

enum class Code : uint8_t {
  kCancelled = 1,
  kUnknown = 2,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kAlreadyExists = 6,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kAborted = 10,
  kOutOfRange = 11,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
  kDataLoss = 15,
  kUnauthenticated = 16,
};

struct Error {
  Code code = Code::kUnknown;
  std::string message;  // safe for clients
  std::string detail;   // for the log only

  Error() = default;
  Error(Code c, std::string m, std::string d = {})
      : code(c), message(std::move(m)), detail(std::move(d)) {}
};

// One row of the table: how a code is said in each protocol. A request that is too large has its
// own HTTP status (413) and is said by net, which knows the limit; the rows here are what a
// handler's Error becomes.
struct CodeReply {
  Code code;
  std::string_view name;  // gRPC's name, as in logs
  int grpc;               // grpc-status
  int http;               // HTTP status for OTLP, Honeycomb, Rollbar and the page
  std::string_view aws;   // CloudWatch Logs' __type (HTTP 400, or 500/503 for 5xx rows)
  std::string_view xray;  // X-Ray's x-amzn-ErrorType
  int xray_http;          // and its status
};

const CodeReply& ReplyFor(Code code);

}  // namespace skep
