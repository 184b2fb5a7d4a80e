// SPDX-License-Identifier: Apache-2.0
// The text of a `tracestate` header: checked (W3C Trace Context 3.3), and its member `ot`, where
// OpenTelemetry keeps a trace's randomness and sampling threshold (ot=rv:...;th:...).
// Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace skep::sdk {

// The header as it may be passed on: without empty members and blanks around them, and cut to whole
// members of 512 characters in all, those over 128 characters first (3.3.1.5). Empty if a member is
// not well-formed or there are more than 32.
std::string CheckedTraceState(std::string_view header);

// The value of the field `name` ("rv", "th") of the member `ot`; empty if there is none.
std::string_view OtField(std::string_view trace_state, std::string_view name);

// `trace_state` with the field `th` of the member `ot` set, or taken out if `threshold` is empty;
// other fields and members are kept, and a changed `ot` goes to the front as the standard demands.
std::string WithThreshold(std::string_view trace_state, std::string_view threshold);

}  // namespace skep::sdk
