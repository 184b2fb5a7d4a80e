// SPDX-License-Identifier: Apache-2.0
// The decimal number of seconds that X-Ray writes times with, to nanoseconds, digit by digit: a
// double holds today's epoch only to a quarter of a microsecond, which would move every start and
// end. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace skep::xray {

// `number` is a JSON number as it stands in the text: `1795478791.1935945`, `1.478293361271E9`.
// Digits beyond nanoseconds are cut. Empty for what is negative, no finite number, or past the
// year 2262.
std::optional<int64_t> NanosecondsOf(std::string_view number);

}  // namespace skep::xray
