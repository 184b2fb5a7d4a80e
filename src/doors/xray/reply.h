// SPDX-License-Identifier: Apache-2.0
// Replies of X-Ray's API: JSON with the headers that its clients read, and errors in its own shape:
// the code in `x-amzn-ErrorType`, the text in `Message`. Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "doors/xray/segment_decoder.h"
#include "net/http.h"

namespace skep::xray {

// SDKs print it, and copy it into the segments of their callers. Made from the request, so that the
// same one gives the same.
std::string RequestId(const net::Request& request);

net::Response JsonReply(std::string_view request_id, std::string body);
// The answer of PutTraceSegments.
std::string UnprocessedSegments(const std::vector<Refusal>& refusals);

// By the table of base/error.h; kFailedPrecondition is a body that cannot be read
// (SerializationException), kOutOfRange one that is too large.
net::Response ErrorReply(std::string_view request_id, const Error& error);

}  // namespace skep::xray
