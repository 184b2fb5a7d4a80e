// SPDX-License-Identifier: Apache-2.0
// UnixTime: UNIX_TIMESTAMP's reading of a time as RFC 3339 writes it, between the years 1901 and
// 2259, which are what the engine counts in nanoseconds. Pure.
#pragma once

#include <optional>
#include <string_view>

namespace skep {

// Seconds, with their fraction; nothing for what is no such time.
std::optional<double> UnixTime(std::string_view text);

// The same as a regular expression whose one group is the whole text; the 30th of February passes.
inline constexpr std::string_view kUnixTimePattern =
    "^((?:19(?:0[1-9]|[1-9][0-9])|2[01][0-9]{2}|22[0-5][0-9])-(?:0[1-9]|1[0-2])-"
    "(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,9})?"
    "(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9]))$";

}  // namespace skep
