// SPDX-License-Identifier: Apache-2.0
// Versions of the program under watch, as clients name them: compared as integers or semantic
// versions (https://semver.org, section 11); a hash of a commit has no order. Pure.
#pragma once

#include <compare>
#include <optional>
#include <string_view>

namespace skep {

// Nothing where one of them is neither an integer nor a semantic version, unless both are the same
// text.
std::optional<std::strong_ordering> CompareVersions(std::string_view a, std::string_view b);

}  // namespace skep
