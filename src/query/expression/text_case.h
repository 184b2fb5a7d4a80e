// SPDX-License-Identifier: Apache-2.0
// Lower case of letters in any script, as the engine's lowerUTF8 has it for single letters. Invalid
// UTF-8 stays as it is. Pure.
#pragma once

#include <string>
#include <string_view>

namespace skep {

std::string LowerText(std::string_view text);
// Characters of valid UTF-8; 0 for text that is not.
size_t CountCharacters(std::string_view text);

}  // namespace skep
