// SPDX-License-Identifier: Apache-2.0
// JSON written by hand: strings and attribute values appended to a text, always valid UTF-8. Bytes
// that are none become U+FFFD, one for each (Unicode 15, 3.9, "maximal subpart" is not needed
// here). Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "skep/sdk/attribute.h"

namespace skep::sdk {

// How many bytes the character at the front of `text` has; 0 if it is not well-formed UTF-8.
size_t CharacterBytes(std::string_view text);
std::string CleanUtf8(std::string_view text);
// The longest front of `text` with at most `bytes_max` bytes that does not end within a character.
std::string_view FrontOf(std::string_view text, size_t bytes_max);

void AppendJsonString(std::string& out, std::string_view text);
void AppendJson(std::string& out,
                const AttributeValue& value);  // numbers that JSON lacks become null
void AppendJsonNumber(std::string& out, double value);

}  // namespace skep::sdk
