// SPDX-License-Identifier: Apache-2.0
// The words of a status (RFC 9110). Pure.
#pragma once

#include <string>
#include <string_view>

namespace activities {

std::string_view Reason(int status);  // "Not Found"; "Unknown" for those that are not used here
std::string ReasonInCapitals(int status);  // "NOT FOUND", as Flask writes it into lines

}  // namespace activities
