// SPDX-License-Identifier: Apache-2.0
#include "base/error.h"

#include <array>
#include <cstddef>

namespace skep {
namespace {

constexpr std::array<CodeReply, 16> kReplies = {{
    {Code::kCancelled, "CANCELLED", 1, 499, "OperationAbortedException", "InvalidRequestException",
     400},
    {Code::kUnknown, "UNKNOWN", 2, 500, "ServiceUnavailableException",
     "ServiceUnavailableException", 500},
    {Code::kInvalidArgument, "INVALID_ARGUMENT", 3, 400, "InvalidParameterException",
     "InvalidRequestException", 400},
    {Code::kDeadlineExceeded, "DEADLINE_EXCEEDED", 4, 504, "ServiceUnavailableException",
     "ServiceUnavailableException", 503},
    {Code::kNotFound, "NOT_FOUND", 5, 404, "ResourceNotFoundException", "ResourceNotFoundException",
     404},
    {Code::kAlreadyExists, "ALREADY_EXISTS", 6, 409, "ResourceAlreadyExistsException",
     "InvalidRequestException", 400},
    {Code::kPermissionDenied, "PERMISSION_DENIED", 7, 403, "AccessDeniedException",
     "AccessDeniedException", 403},
    {Code::kResourceExhausted, "RESOURCE_EXHAUSTED", 8, 429, "ThrottlingException",
     "ThrottledException", 429},
    {Code::kFailedPrecondition, "FAILED_PRECONDITION", 9, 422, "InvalidOperationException",
     "InvalidRequestException", 400},
    {Code::kAborted, "ABORTED", 10, 409, "OperationAbortedException", "InvalidRequestException",
     400},
    {Code::kOutOfRange, "OUT_OF_RANGE", 11, 400, "InvalidParameterException",
     "InvalidRequestException", 400},
    {Code::kUnimplemented, "UNIMPLEMENTED", 12, 501, "UnknownOperationException",
     "UnknownOperationException", 404},
    {Code::kInternal, "INTERNAL", 13, 500, "ServiceUnavailableException",
     "ServiceUnavailableException", 500},
    {Code::kUnavailable, "UNAVAILABLE", 14, 503, "ServiceUnavailableException",
     "ServiceUnavailableException", 503},
    {Code::kDataLoss, "DATA_LOSS", 15, 500, "ServiceUnavailableException",
     "ServiceUnavailableException", 500},
    {Code::kUnauthenticated, "UNAUTHENTICATED", 16, 401, "UnrecognizedClientException",
     "UnrecognizedClientException", 403},
}};

}  // namespace

const CodeReply& ReplyFor(Code code) { return kReplies[static_cast<size_t>(code) - 1]; }

}  // namespace skep
