// SPDX-License-Identifier: Apache-2.0
// Event times, in every form in which clients of Honeycomb send them: RFC 3339 with any fraction
// and zone, or the time since 1970 in seconds, milliseconds, microseconds or nanoseconds, whole or
// not. The unit of a number is told by its size: a time of today fits one only. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace skep::honeycomb {

// Nanoseconds since 1970; empty for what is no time.
std::optional<int64_t> ParseEventTime(std::string_view text);
std::optional<int64_t> EventTimeOf(int64_t number);
// To the microsecond: a double holds no more of a time of today in seconds.
std::optional<int64_t> EventTimeOf(double number);

}  // namespace skep::honeycomb
