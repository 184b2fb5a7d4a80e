// SPDX-License-Identifier: Apache-2.0
// What AWS's own services put into every answer, and what their clients say about where they send
// to. Pure; thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace skep {

// A request id as AWS spells it (a UUID), made from when a request came and what tells it from
// others that came then: the same ones give the same.
std::string AwsRequestId(int64_t time_ns, uint64_t salt);

// The region of `Authorization: AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/aws4_request,
// ...`; empty for anything else.
std::string_view AwsRegionOf(std::string_view authorization);

}  // namespace skep
