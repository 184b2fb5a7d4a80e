// SPDX-License-Identifier: Apache-2.0
// Replies of the Logs API: AWS JSON 1.1 with the headers that its clients read, and errors as
// `__type` and `message`. Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "net/http.h"

namespace skep::cloudwatch {

inline constexpr std::string_view kContentType = "application/x-amz-json-1.1";

// An empty body for operations without output.
net::Response SuccessReply(std::string_view request_id, std::string body);

// `type` instead of the one that base/error.h has for the error's code, where it is not empty.
net::Response ErrorReply(std::string_view request_id, const Error& error,
                         std::string_view type = {});

}  // namespace skep::cloudwatch
