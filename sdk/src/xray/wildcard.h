// SPDX-License-Identifier: Apache-2.0
// Patterns of X-Ray's rules: ? is any character, * any number of them. Pure.
#pragma once

#include <string_view>

namespace skep::sdk::xray {

// Upper and lower case of ASCII letters are the same. Takes time proportional to the product of the
// lengths at most.
bool WildcardMatch(std::string_view pattern, std::string_view text);

}  // namespace skep::sdk::xray
