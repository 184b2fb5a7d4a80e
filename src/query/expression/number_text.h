// SPDX-License-Identifier: Apache-2.0
// Numbers and text as the engine converts them: toString and toFloat64OrNull. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace skep {

// The shortest text that reads back as the same number: 200, 0.1, 1e21, -0, nan.
std::string FloatText(double number);
// The whole text as a number: 12, +1.5, .5, 1e5, inf, nan; no spaces, no hexadecimal digits.
std::optional<double> NumberOf(std::string_view text);

}  // namespace skep
