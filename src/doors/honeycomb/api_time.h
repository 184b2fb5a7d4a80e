// SPDX-License-Identifier: Apache-2.0
// Times as the API says them. Pure.
#pragma once

#include <cstdint>
#include <string>

namespace skep::honeycomb {

// RFC 3339 in UTC with whole seconds: 2026-11-24T12:00:00Z.
std::string ApiTime(int64_t time_ns);
// As headers have it (RFC 9110 section 5.6.7): Tue, 24 Nov 2026 12:00:00 GMT.
std::string HttpDate(int64_t time_ns);

}  // namespace skep::honeycomb
